from __future__ import annotations

from django.urls import URLPattern, path

from hotich.keying.views import copies, handovers, inventory, inventory_book, inventory_new

HANDOVER = "kiem-ke/ban-giao/<uuid:keying_handover_id>/"

urlpatterns: list[URLPattern] = [
    path("kiem-ke/", inventory.inventory, name="inventory"),
    path("kiem-ke/noi-nhap/", inventory.inventory_place, name="inventory_place"),
    path("kiem-ke/chua-kiem-ke/", inventory.inventory_unlisted, name="inventory_unlisted"),
    path("kiem-ke/quyen-moi/", inventory_new.inventory_new, name="inventory_new"),
    path("kiem-ke/bang.xlsx", inventory.inventory_file, name="inventory_file"),
    path("kiem-ke/quyen/<uuid:book_id>/", inventory_book.inventory_book, name="inventory_book"),
    path("kiem-ke/ban-giao/", handovers.keying_handovers, name="keying_handovers"),
    path("kiem-ke/ban-giao/moi/", handovers.keying_handover_new, name="keying_handover_new"),
    path(HANDOVER, handovers.keying_handover, name="keying_handover"),
    path(f"{HANDOVER}in/", handovers.keying_handover_print, name="keying_handover_print"),
    path(f"{HANDOVER}giao/", handovers.keying_handover_step, {"act": "giao"}, name="keying_handover_give"),
    path(f"{HANDOVER}nhan-lai/", handovers.keying_handover_step, {"act": "nhan-lai"}, name="keying_handover_back"),
    path(f"{HANDOVER}huy/", handovers.keying_handover_step, {"act": "huy"}, name="keying_handover_cancel"),
    path("kiem-ke/hai-ban/", copies.copies, name="copies"),
    path("kiem-ke/hai-ban/<uuid:book_id>/", copies.copies_of_book, name="copies_of_book"),
    path("kiem-ke/hai-ban/<uuid:book_id>/so-sanh/", copies.copies_compare, name="copies_compare"),
    path("kiem-ke/hai-ban/khac/<uuid:finding_id>/", copies.copies_settle, name="copies_settle"),
]
