"""Writes of digitisation: from the pages of a book to one PDF a case, linked to its entry."""

from __future__ import annotations

from hotich.digitisation.services.batches import (
    Received,
    finish_scan_batch,
    open_scan_batch,
    receive_page_files,
    reopen_scan_batch,
    withdraw_scan_batch,
)
from hotich.digitisation.services.cases import MadeCases, make_cases, merge_cases, split_case
from hotich.digitisation.services.encoding import encode_again, encode_next_cases
from hotich.digitisation.services.layouts import choose_layout, retire_layout, save_layout, save_layout_from_page
from hotich.digitisation.services.linking import link_arrivals, link_batch
from hotich.digitisation.services.machine_reading import accept_read_number, order_by_printed_pages, read_next_pages
from hotich.digitisation.services.numbers import set_case_number, set_registration, set_start_number
from hotich.digitisation.services.on_demand import start_case_from_scan
from hotich.digitisation.services.pages import (
    confirm_all_boxes,
    confirm_boxes,
    move_page,
    order_by_name,
    replace_page,
    set_boxes,
    set_corners,
    set_page_aside,
    set_printed_page,
    take_page_back,
    turn_page,
)
from hotich.digitisation.services.processing import note_failure, prepare_next_pages
from hotich.digitisation.services.reading import case_before, open_case_pdf, open_page
from hotich.digitisation.services.review import (
    accept_case,
    ask_for_rescan,
    recrop_case,
    set_case_aside,
    take_case_back,
)

__all__ = [
    "MadeCases",
    "Received",
    "accept_case",
    "accept_read_number",
    "ask_for_rescan",
    "case_before",
    "choose_layout",
    "confirm_all_boxes",
    "confirm_boxes",
    "encode_again",
    "encode_next_cases",
    "finish_scan_batch",
    "link_arrivals",
    "link_batch",
    "make_cases",
    "merge_cases",
    "move_page",
    "note_failure",
    "open_case_pdf",
    "open_page",
    "open_scan_batch",
    "order_by_name",
    "order_by_printed_pages",
    "prepare_next_pages",
    "read_next_pages",
    "receive_page_files",
    "recrop_case",
    "reopen_scan_batch",
    "replace_page",
    "retire_layout",
    "save_layout",
    "save_layout_from_page",
    "set_boxes",
    "set_case_aside",
    "set_case_number",
    "set_corners",
    "set_page_aside",
    "set_printed_page",
    "set_registration",
    "set_start_number",
    "split_case",
    "start_case_from_scan",
    "take_case_back",
    "take_page_back",
    "turn_page",
    "withdraw_scan_batch",
]
