"""Every page of the product: it answers, breaks no rule of WCAG 2.2 AA, and is usable narrow and enlarged.

PAGES says for every address which officer opens it; an address that is neither there nor in NO_PAGE fails a test, so
that no later page stays unlooked at.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from journey_parts import VIEWPORT, Desk, Installation, violations
from playwright.sync_api import Error, Page

from tests.app.hostile_parts import routes

CLERK, LEADER, APPROVER, DEPARTMENT = "can.bo.2", "lanh.dao.2", "duyet.2", "so.tu.phap"
POLICE, AUDITOR, TECHNICIAN, NOBODY = "cong.an", "kiem.toan", "quan.tri", ""
NARROW, ENLARGED = {"width": 320, "height": 640}, {"width": 683, "height": 384}  # 200 % of 1366 × 768
# how far the page itself runs out of the window; a wide table scrolls in its own frame
WIDE = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - window.innerWidth"

# officer → names of addresses; an address with several faces stands with its query or with other parameters
PAGES: dict[str, tuple[str, ...]] = {
    CLERK: (
        "reconciliation:start", "reconciliation:look_up_list", "reconciliation:checks_of_record",
        "reconciliation:look_up_record", "intake:case_population", "intake:case_look_up",
        "reconciliation:tracking", "reconciliation:tracking_item", "reconciliation:tracking_export",
        "reconciliation:tracking_print", "reconciliation:tracking_part_only",
        "reconciliation:match_runs", "reconciliation:match_run_new", "reconciliation:match_run",
        "reconciliation:model", "reconciliation:run_model",
        "reconciliation:population_requests", "reconciliation:population_request", "reconciliation:population_files",
        "reconciliation:population_file_answer", "reconciliation:population_days",
        "reconciliation:population_creation_new",
        "intake:home", "intake:batches", "intake:upload", "intake:batch", "intake:batch_withdraw", "intake:held",
        "intake:case", "intake:case_replace_scan", "intake:dispatch", "intake:dispatch_row",
        "intake:dispatch_response", "intake:exports", "intake:export_new", "intake:export", "intake:acceptance",
        "intake:recipients", "records:search", "records:books", "records:book", "records:close_book",
        "records:coverage", "records:record", "records:propose_repair", "records:repairs",
        "records:notices", "records:choose_entry", "records:print_record", "records:print_books",
        "records:print_hand_over", "records:print_closing", "persons:annotate", "persons:seal", "persons:supersede",
        "persons:of_record", "persons:person", "persons:print_person", "persons:reading_reason",
        "reconciliation:proposals", "reconciliation:proposal", "reconciliation:link_bulks", "reconciliation:link_bulk",
        "digitisation:batches", "digitisation:batch_new", "digitisation:batch", "digitisation:page",
        "digitisation:page_replace", "digitisation:cases", "digitisation:case_registration", "digitisation:review",
        "digitisation:case", "digitisation:case_recrop", "digitisation:book",
        "keying:inventory", "keying:inventory_unlisted", "keying:inventory_new", "keying:inventory_book",
        "keying:keying_handovers", "keying:keying_handover_new", "keying:keying_handover", "keying:keying_handover_print",
        "keying:copies",
        "keying:copies_of_book", "keying:region_maps", "keying:region_map", "keying:practice", "keying:guide",
        "keying:home", "keying:entry", "keying:pledge", "keying:pledge_print", "keying:packages", "keying:package",
        "keying:teams", "keying:team_new", "keying:team", "keying:team_edit", "keying:release",
        "keying:cut_books", "keying:cut", "keying:checking", "keying:check_package", "keying:check_entry",
        "keying:originals", "keying:original",
    ),
    LEADER: (
        "intake:approvals", "intake:approval_batch", "persons:annul", "persons:restore", "persons:decide_repair",
        "persons:record_readings", "persons:person_readings", "persons:oversight", "persons:glasses",
        "persons:judge_glass", "persons:budgets", "persons:reading_questions", "account_delegations",
        "account_delegate", "intake:export_corrections",
        "keying:acceptances", "keying:acceptance_book", "keying:acceptance", "keying:acceptance_item",
        "keying:acceptance_print", "keying:volume_print", "keying:board", "keying:person_figures",
    ),
    APPROVER: ("persons:break_glass", "persons:behind_glass"),
    POLICE: ("persons:foreign_look_up", "persons:foreign_record"),
    DEPARTMENT: (
        "registers:units", "registers:unit", "registers:unit_tree", "registers:unit_operations",
        "registers:unit_operation", "registers:unit_operation_new", "registers:unit_operation_edit",
        "registers:offices", "registers:office", "registers:closed_books", "registers:handovers",
        "registers:handover", "registers:office_reviews", "registers:configuration", "registers:configuration_kind",
        "registers:configuration_key", "registers:configuration_propose", "registers:configuration_proposals",
        "registers:configuration_proposal", "registers:configuration_import",
        "registers:dictionary", "registers:version", "registers:code_list", "registers:parameters",
        "account_officers", "account_officer", "account_new_officer", "account_lock_many", "account_openings",
        "account_opening", "account_devices", "account_device", "account_new_device", "account_device_rule",
        "persons:overview",
    ),
    AUDITOR: (
        "persons:audit_entries", "persons:audit_entry", "persons:audit_integrity", "persons:audit_verification",
    ),
    TECHNICIAN: (
        "operation:home", "operation:state",
        "web:style_guide", "web:style_guide_page", "account_profile", "account_change_password",
    ),
    NOBODY: ("account_login", "account_enrol_device", "account_inactive"),
}  # fmt: skip

# answers of other kinds, each with what it is instead of a page
NO_PAGE: dict[str, tuple[str, ...]] = {
    "a file": (
        "account_opening_template", "keying:volume_workbook", "account_opening_passwords", "intake:batch_export",
        "intake:batch_report",
        "intake:case_scan", "intake:dispatch_file", "intake:export_download", "mfa_download_recovery_codes",
        "persons:audit_export", "persons:glass_scan", "records:scan", "registers:configuration_export",
        "digitisation:page_picture", "digitisation:page_delivered", "digitisation:page_thumb",
        "digitisation:case_before", "digitisation:case_pdf", "keying:inventory_file",
        "keying:picture", "keying:package_data", "keying:region_map_picture", "keying:practice_picture",
        "keying:practice_data", "keying:guide_pdf", "reconciliation:population_file",
        "reconciliation:tracking_evidence",
    ),
    "a part of a page, asked for by htmx": (
        "account_opening_progress", "intake:batch_progress", "intake:configuration_preview", "intake:run_progress",
        "reconciliation:match_run_progress", "reconciliation:link_search_progress", "reconciliation:link_bulk_progress",
        "digitisation:batch_live", "digitisation:cases_live", "digitisation:page_live", "keying:board_live",
        "keying:my_figures", "keying:check_data", "keying:original_of_record",
    ),
    "a form that needs a flag or a question first; see tests/app/test_persons_overview.py": (
        "persons:answer_question", "persons:ask_leader",
    ),
    "an act, by POST alone": (
        "account_act", "account_act_on_behalf", "account_choose_post", "account_decide_delegation",
        "account_device_code", "account_end_delegation", "account_end_post", "account_end_sessions",
        "account_give_post", "account_logout", "account_opening_discard", "account_opening_start",
        "account_reset_officer_password", "account_revoke_device", "intake:approve_all", "intake:approve_chosen",
        "intake:approve_one", "intake:case_resubmit", "intake:case_undo", "intake:dispatch_make", "intake:dispatch_retry",
        "intake:export_cancel", "intake:export_decide", "intake:export_retry", "intake:return_one", "intake:run_stop",
        "reconciliation:proposals_search", "reconciliation:proposal_decide", "reconciliation:proposal_undo",
        "reconciliation:link_search_act", "reconciliation:link_bulk_act",
        "persons:taken_over", "reconciliation:look_up", "reconciliation:undo_check", "reconciliation:confirm_check",
        "reconciliation:match_run_stop", "reconciliation:match_run_resume", "reconciliation:match_run_retry",
        "reconciliation:tracking_assign", "reconciliation:tracking_take_back", "reconciliation:tracking_take",
        "reconciliation:tracking_give_back", "reconciliation:tracking_send_back", "reconciliation:tracking_contact",
        "reconciliation:tracking_add_evidence", "reconciliation:tracking_task", "reconciliation:tracking_close",
        "reconciliation:tracking_reopen", "reconciliation:tracking_part_only_judge",
        "reconciliation:tracking_part_only_act", "reconciliation:tracking_export_decide",
        "reconciliation:tracking_export_fetch",
        "reconciliation:population_file_make", "reconciliation:population_request_confirm",
        "reconciliation:population_request_cancel", "reconciliation:population_request_deny",
        "reconciliation:population_verify_number",
        "operation:job_retry", "operation:job_set_aside", "persons:audit_verify", "persons:confirm_notice",
        "persons:decide_link", "persons:split_off", "persons:withdraw_annotation", "persons:withdraw_decision",
        "records:address_notice", "records:declare_number", "records:note_told", "records:refuse_notice",
        "records:withdraw_repair",
        "registers:configuration_decide", "registers:configuration_submit", "registers:configuration_take_back",
        "registers:configuration_withdraw", "registers:handover_step", "registers:office_custody",
        "registers:unit_operation_plan", "registers:unit_operation_step", "web:set_language",
        "digitisation:batch_confirm", "digitisation:batch_finish", "digitisation:batch_known",
        "digitisation:batch_layout", "digitisation:batch_order", "digitisation:batch_order_printed",
        "digitisation:batch_receive", "digitisation:case_read_number", "digitisation:case_read_again",
        "digitisation:batch_reopen", "digitisation:batch_withdraw", "digitisation:case_accept",
        "digitisation:case_aside", "digitisation:case_back", "digitisation:case_merge", "digitisation:case_number",
        "digitisation:case_rescan", "digitisation:case_split", "digitisation:case_start",
        "digitisation:cases_encode", "digitisation:cases_link", "digitisation:cases_make",
        "digitisation:cases_start", "digitisation:page_aside", "digitisation:page_back", "digitisation:page_boxes",
        "digitisation:page_corners", "digitisation:page_grid", "digitisation:page_lay", "digitisation:page_layout",
        "digitisation:page_turn",
        "keying:region_map_save", "keying:region_map_drop",
        "keying:team_close", "keying:team_leave",
        "keying:check_out", "keying:assign", "keying:take_back", "keying:withdraw",
        "keying:send_back", "keying:on_demand",
        "keying:acceptance_freeze", "keying:acceptance_draw", "keying:acceptance_decide", "keying:acceptance_cancel",
        "keying:check_start", "keying:check_give_up", "keying:check_finish", "keying:check_decide",
        "keying:check_return", "keying:check_undo", "keying:difference_undo",
        "keying:originals_equal", "keying:original_alone", "keying:original_undo", "keying:original_note",
        "keying:inventory_place", "keying:keying_handover_give", "keying:keying_handover_back",
        "keying:keying_handover_cancel", "keying:copies_compare", "keying:copies_settle",
    ),
    "for the scripts that key without a line; see tests/app/test_keying_beat.py": (
        "keying:beat", "keying:manifest", "keying:worker", "keying:sync",
    ),
    "a step of signing in or a way to another page; see the journeys of signing in and of security keys": (
        "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn", "mfa_authenticate",
        "mfa_deactivate_totp", "mfa_edit_webauthn", "mfa_generate_recovery_codes", "mfa_index", "mfa_list_webauthn",
        "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    ),
}  # fmt: skip

# another object than the first one of its kind: page → parameter → key of pages.json, or the text itself
OBJECTS: dict[str, dict[str, str]] = {
    "persons:restore": {"record_id": "annulled"},
    "persons:supersede": {"record_id": "again"},
    "persons:person": {"person_id": "family_person"},
    "persons:person_readings": {"person_id": "family_person"},
    "persons:record_readings": {"record_id": "death"},
    "persons:break_glass": {"record_id": "death"},
    "persons:foreign_record": {"record_id": "looked_up"},
    "web:style_guide_page": {"page": "bieu-mau"},
    "digitisation:book": {"book_id": "scan_book"},
    "keying:inventory_book": {"book_id": "copied_book"},
    "keying:region_map": {"book_id": "scan_book"},
    "keying:copies_of_book": {"book_id": "copied_book"},
    "keying:originals": {"book_id": "copied_book"},
    "keying:original": {"keyed_entry_id": "second_original"},
    "keying:cut": {"book_id": "copied_book"},
    "keying:release": {"package_id": "own_package"},
    "keying:acceptance_book": {"book_id": "keyed_book"},
    "keying:volume_print": {"book_id": "keyed_book"},
    "registers:configuration_kind": {"slug": "danh-muc"},
    "registers:configuration_key": {"slug": "tham-so", "key": "adult_age"},
    "registers:configuration_propose": {"slug": "tham-so", "key": "adult_age"},
}
# the face of a page that its bare address does not show
QUERIES = {
    "registers:unit_operation_new": "?loai=merger",
    "reconciliation:start": "?so=KS",
}
IN_ENGLISH = {
    "intake:home", "intake:batches", "intake:held", "intake:case", "intake:exports", "intake:dispatch",
    "records:search", "records:books", "records:record", "records:coverage", "persons:person", "intake:approvals",
    "persons:oversight", "persons:overview", "operation:home", "reconciliation:match_run", "reconciliation:model",
    "reconciliation:tracking", "reconciliation:tracking_item", "reconciliation:tracking_export",
    "reconciliation:start", "reconciliation:look_up_list", "reconciliation:look_up_record", "intake:case_population",
    "persons:audit_entries", "persons:audit_integrity", "registers:units",
    "registers:configuration", "registers:unit_operation", "account_officers", "account_officer", "account_devices",
    "account_delegate", "operation:state", "account_change_password", "account_login", "persons:break_glass",
    "digitisation:batches", "digitisation:batch_new", "digitisation:batch", "digitisation:page", "digitisation:cases",
    "digitisation:review", "digitisation:case", "digitisation:book", "keying:inventory", "keying:inventory_book",
    "keying:keying_handovers", "keying:keying_handover", "keying:copies_of_book",
    "keying:region_maps", "keying:region_map", "keying:practice", "keying:guide", "keying:acceptance_book",
    "keying:acceptance", "keying:acceptance_item", "keying:board", "keying:checking", "keying:check_package",
    "keying:check_entry", "keying:home", "keying:packages", "keying:package", "keying:cut", "keying:pledge",
    "keying:teams", "keying:team", "keying:team_new", "keying:team_edit", "keying:release",
    "keying:originals", "keying:original",
}  # fmt: skip

AT_ONCE = 12  # pages of one test, so that it ends in time on a slow machine
PARTS = [(login, first) for login, names in PAGES.items() for first in range(0, len(names), AT_ONCE)]


@pytest.fixture(scope="module")
def objects(installation: Installation) -> dict[str, str]:
    """What to put for the parameters of an address."""
    installation.run(str(installation.scripts / "make_pages.py"), str(installation.folder))
    made: dict[str, str] = json.loads((installation.folder / "pages.json").read_text(encoding="utf-8"))
    return made


def address_of(name: str, objects: dict[str, str]) -> str:
    route = next(route for route in routes() if route.name == name)
    own = {part: objects.get(key, key) for part, key in OBJECTS.get(name, {}).items()}
    return route.filled(objects | own) + QUERIES.get(name, "")


def test_every_address_is_a_page_somebody_opens_here_or_says_what_else_it_is() -> None:
    opened = [name for names in PAGES.values() for name in names]
    others = [name for names in NO_PAGE.values() for name in names]
    assert sorted({route.name for route in routes()}) == sorted(opened + others)
    assert IN_ENGLISH | OBJECTS.keys() | QUERIES.keys() <= set(opened)


@pytest.mark.parametrize(("login", "first"), PARTS, ids=[f"{login or 'nobody'}-{first}" for login, first in PARTS])
def test_every_page_answers_is_accessible_and_fits_narrow_and_enlarged(
    desk: Desk, objects: dict[str, str], login: str, first: int
) -> None:
    page = desk.page(login)
    faults: dict[str, list[str]] = {}
    for name in PAGES[login][first : first + AT_ONCE]:
        found = faults_of(page, address_of(name, objects))
        found += [f"console: {line}" for line in desk.complaints]
        desk.complaints.clear()
        if found:
            faults[name] = found
    assert not faults, json.dumps(faults, ensure_ascii=False, indent=1)


def faults_of(page: Page, address: str) -> list[str]:
    page.set_viewport_size(VIEWPORT)  # type: ignore[arg-type]
    try:
        answer = page.goto(address)
    except Error as error:  # an answer without a page
        return [f"{address}: {error.message}"]
    if answer is None or answer.status != 200:
        return [f"status {answer and answer.status} at {address}"]
    found = violations(page)
    for size in (NARROW, ENLARGED):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        over = page.evaluate(WIDE)
        if over > 1:
            found.append(f"{over} pixels too wide at {size['width']}: {widest(page)}")
    covered = page.evaluate(COVERED)
    if covered:
        found.append(f"enlarged, the fixed parts leave only {covered} of the height")
    return found


# enlarged, what sticks to the window must leave most of it to the page
COVERED = """() => {
  const stuck = [...document.querySelectorAll('body *')].filter(each => {
    const style = getComputedStyle(each);
    const box = each.getBoundingClientRect();
    return ['fixed', 'sticky'].includes(style.position) && style.visibility !== 'hidden' && box.height > 0
      && box.width > window.innerWidth / 2 && box.top < window.innerHeight && box.bottom > 0
      && (box.top <= 1 || box.bottom >= window.innerHeight - 1);
  });
  const left = 1 - stuck.reduce((sum, each) => sum + each.getBoundingClientRect().height, 0) / window.innerHeight;
  return left < 0.5 ? left : 0;
}"""


def widest(page: Page) -> Any:
    """The elements that run out of the window at the right, the outermost of each."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
          .filter(each => each.getBoundingClientRect().right > window.innerWidth + 1
                          && !each.closest('.table-wrap *, .tabs *'))
          .slice(0, 4).map(each => each.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize("login", list(PAGES), ids=lambda login: login or "nobody")
def test_the_main_pages_answer_in_english_with_nothing_left_in_vietnamese(
    desk: Desk, objects: dict[str, str], login: str
) -> None:
    page = desk.page(login)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": desk.installation.address}])
    faults: dict[str, list[str]] = {}
    for name in PAGES[login]:
        if name not in IN_ENGLISH:
            continue
        answer = page.goto(address_of(name, objects))
        assert answer is not None
        found = page.evaluate(UNTRANSLATED)
        if answer.status != 200 or page.locator("html").get_attribute("lang") != "en":
            found.append(f"status {answer.status}, or not in English")
        if found:
            faults[name] = found
    assert not faults, json.dumps(faults, ensure_ascii=False, indent=1)


# words of the screen itself: buttons, labels, column heads, tabs, navigation; never values, which are Vietnamese
UNTRANSLATED = """() => [...document.querySelectorAll(
    'main .btn, main label, main thead th, main legend, nav.site-nav a, main .empty-title, main .form-label, main .tabs a')]
  .filter(each => !each.closest('td, [data-own-words]') && !each.closest('[lang=vi]'))
  .map(each => {
    const own = each.cloneNode(true);
    own.querySelectorAll('.visually-hidden, .count').forEach(part => part.remove());
    return own.textContent.trim();
  })
  .filter(text => /[ăâđêôơưĂÂĐÊÔƠƯ]|[\\u1ea0-\\u1ef9]/.test(text))
  .slice(0, 8)"""
