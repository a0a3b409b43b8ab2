from __future__ import annotations

from django.urls import URLPattern, path

from hotich.reconciliation.views import link_bulks, proposal_page, proposals

LIST, ITEM = "doi-chieu/trung-lap/", "doi-chieu/trung-lap/<uuid:link_proposal_id>/"
SEARCH = f"{LIST}tim/<uuid:link_search_id>/"
BULKS, BULK = f"{LIST}ca-loat/", f"{LIST}ca-loat/<uuid:link_bulk_id>/"

urlpatterns: list[URLPattern] = [
    path(LIST, proposals.proposals, name="proposals"),
    path(f"{LIST}tim/", proposals.search, name="proposals_search"),
    path(f"{SEARCH}tien-do/", proposals.search_progress, name="link_search_progress"),
    path(f"{SEARCH}viec/", proposals.search_act, name="link_search_act"),
    path(BULKS, link_bulks.link_bulks, name="link_bulks"),
    path(BULK, link_bulks.link_bulk, name="link_bulk"),
    path(f"{BULK}tien-do/", link_bulks.link_bulk_progress, name="link_bulk_progress"),
    path(f"{BULK}viec/", link_bulks.link_bulk_act, name="link_bulk_act"),
    path(ITEM, proposal_page.proposal, name="proposal"),
    path(f"{ITEM}quyet-dinh/", proposal_page.decide, name="proposal_decide"),
    path(f"{ITEM}hoan-tac/", proposal_page.undo, name="proposal_undo"),
]
