from __future__ import annotations

from django.urls import URLPattern, path

from hotich.reconciliation.views import proposals

LIST, ITEM = "doi-chieu/trung-lap/", "doi-chieu/trung-lap/<uuid:link_proposal_id>/"

urlpatterns: list[URLPattern] = [
    path(LIST, proposals.proposals, name="proposals"),
    path(f"{LIST}tim/", proposals.search, name="proposals_search"),
    path(ITEM, proposals.proposal, name="proposal"),
    path(f"{ITEM}quyet-dinh/", proposals.decide, name="proposal_decide"),
    path(f"{ITEM}hoan-tac/", proposals.undo, name="proposal_undo"),
]
