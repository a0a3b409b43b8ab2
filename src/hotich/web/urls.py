"""Addresses of the frame itself: include at the root of the site under the namespace `web`."""

from django.urls import path
from django.views.i18n import set_language

from hotich.web import views

app_name = "web"

urlpatterns = [
    path("ngon-ngu/", set_language, name="set_language"),
    path("giao-dien/", views.style_guide, name="style_guide"),
    path("giao-dien/<slug:page>/", views.style_guide_page, name="style_guide_page"),
]
