from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import hand_in, my_packages, package_data, packages, packages_cut, pledge

urlpatterns: list[URLPattern] = [
    path("nhap-lieu/", my_packages.home, name="home"),
    path("nhap-lieu/cam-ket/", pledge.pledge, name="pledge"),
    path("nhap-lieu/cam-ket/in/", pledge.pledge_print, name="pledge_print"),
    path("nhap-lieu/anh/<uuid:package_item_id>.jpg", package_data.picture, name="picture"),
    path("nhap-lieu/goi/", packages.packages, name="packages"),
    path("nhap-lieu/goi/lap/", packages_cut.books, name="cut_books"),
    path("nhap-lieu/goi/lap/<uuid:book_id>/", packages_cut.cut, name="cut"),
    path("nhap-lieu/goi/lap/<uuid:book_id>/theo-yeu-cau/", packages_cut.on_demand, name="on_demand"),
    path("nhap-lieu/goi/<uuid:package_id>/", packages.package, name="package"),
    path("nhap-lieu/goi/<uuid:package_id>/du-lieu.json", package_data.data, name="package_data"),
    path("nhap-lieu/goi/<uuid:package_id>/nhan/", my_packages.check_out, name="check_out"),
    path("nhap-lieu/goi/<uuid:package_id>/tra/", hand_in.release, name="release"),
    path("nhap-lieu/goi/<uuid:package_id>/giao/", packages.assign, name="assign"),
    path("nhap-lieu/goi/<uuid:package_id>/thu-hoi/", packages.take_back, name="take_back"),
    path("nhap-lieu/goi/<uuid:package_id>/rut/", packages.withdraw, name="withdraw"),
    path("nhap-lieu/goi/<uuid:package_id>/tra-lai/", packages.send_back, name="send_back"),
]
