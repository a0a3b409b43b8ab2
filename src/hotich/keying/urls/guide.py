"""Help for those who key: maps of regions, the practice book, the guide.

`keying:practice` is the page that opens the practice book; its package (JSON) is `keying:practice_data`, its pictures
`keying:practice_picture`.
"""

from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import guide, practice, regions

urlpatterns: list[URLPattern] = [
    path("nhap-lieu/vung/", regions.region_maps, name="region_maps"),
    path("nhap-lieu/vung/<uuid:book_id>/", regions.region_map, name="region_map"),
    path(
        "nhap-lieu/vung/<uuid:book_id>/anh/<int:case_place>.jpg", regions.region_map_picture, name="region_map_picture"
    ),
    path("nhap-lieu/vung/<uuid:book_id>/luu/", regions.region_map_save, name="region_map_save"),
    path("nhap-lieu/vung/bo/<uuid:region_map_id>/", regions.region_map_drop, name="region_map_drop"),
    path("nhap-lieu/luyen-tap/", practice.practice, name="practice"),
    path("nhap-lieu/luyen-tap/<str:practice_register>.json", practice.practice_data, name="practice_data"),
    path("nhap-lieu/luyen-tap/anh/<uuid:practice_item_id>.jpg", practice.practice_picture, name="practice_picture"),
    path("nhap-lieu/huong-dan/", guide.guide, name="guide"),
    path("nhap-lieu/huong-dan.pdf", guide.guide_pdf, name="guide_pdf"),
]
