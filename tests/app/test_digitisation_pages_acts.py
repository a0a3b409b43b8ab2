"""What officers do with pages: turned, boxed, confirmed, set aside, scanned anew; two officers on one page."""

from __future__ import annotations

from typing import Any

import pytest

from hotich.audit.models import Entry
from hotich.digitisation import services
from hotich.digitisation.models import ScanBatch, ScannedCase, ScanPage
from hotich.digitisation.queries import cases_of, neighbour_pages, pages_of
from hotich.files.services import NewFile
from hotich.kernel.problems import RuleBroken
from hotich.units.models import Office
from tests.app.digitisation_parts import a_batch, a_picture, cut, pages_with, pictures, prepared, preparer, rows
from tests.app.intake_parts import AT, an_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(in_scope: Any) -> Office:
    found = an_office()
    in_scope(found)
    return found


@pytest.fixture
def batch(office: Office) -> ScanBatch:
    return a_batch(office)


@pytest.fixture
def page(office: Office, batch: ScanBatch) -> ScanPage:
    services.receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=pictures("1.png"))
    return prepared(ScanPage.objects.get(), rows(3))


def on(office: Office, page: ScanPage, **more: Any) -> dict[str, Any]:
    return {"actor": preparer(office), "at": AT, "page_id": page.id, "version": page.version, **more}


def test_a_page_is_turned_from_how_it_is_shown_and_processed_again(office: Office, page: ScanPage) -> None:
    page.turn_found = 180
    page.save()
    turned = services.turn_page(**on(office, page, by=270))
    assert (turned.turned, turned.state, turned.flat, turned.boxes) == (90, "received", None, [])
    assert services.turn_page(**on(office, turned, by=90)).turned == 180
    with pytest.raises(RuleBroken, match="turn_malformed"):
        services.turn_page(**on(office, turned, by=45))


def test_corners_are_set_on_the_page_as_delivered(office: Office, page: ScanPage) -> None:
    corners = [[10, 10], [1200, 10], [1200, 1700], [10, 1700]]
    found = services.set_corners(**on(office, page, corners=corners))
    assert (found.corners, found.state) == ([[float(x), float(y)] for x, y in corners], "received")
    with pytest.raises(RuleBroken, match="corners_malformed"):
        services.set_corners(**on(office, found, corners=corners[::-1]))
    assert services.set_corners(**on(office, found, corners=None)).corners is None


def test_of_two_officers_on_one_page_the_second_is_told(office: Office, page: ScanPage) -> None:
    first = services.set_boxes(**on(office, page, boxes=rows(2)))
    with pytest.raises(RuleBroken, match="page_changed_meanwhile"):
        services.set_boxes(**on(office, page, boxes=rows(4)))
    assert (len(ScanPage.objects.get().boxes), first.boxes_by) == (2, "officer")
    for act, more in [(services.turn_page, {"by": 90}), (services.confirm_boxes, {}), (services.set_page_aside, {})]:
        with pytest.raises(RuleBroken, match="page_changed_meanwhile"):
            act(**on(office, page, **more))


def test_boxes_keep_their_header_and_can_be_confirmed_with_the_same_act(office: Office, page: ScanPage) -> None:
    boxes = [{"box": [100.0, 310.0, 1100.0, 410.0]}]
    found = services.set_boxes(**on(office, page, boxes=boxes, confirm=True))
    assert found.boxes == [{"box": [100.0, 310.0, 1100.0, 410.0], "header": [100.0, 200.0, 1100.0, 300.0]}]
    assert found.state == "confirmed"
    assert services.set_boxes(**on(office, found, boxes=rows(2))).state == "confirmed"
    assert Entry.objects.filter(verb="scan_page.boxes_set").count() == 2


def test_a_page_without_boxes_is_not_confirmed(office: Office, page: ScanPage) -> None:
    bare = services.set_boxes(**on(office, page, boxes=[]))
    with pytest.raises(RuleBroken, match="page_has_no_boxes"):
        services.confirm_boxes(**on(office, bare))
    with pytest.raises(RuleBroken, match="page_has_no_boxes"):
        services.set_boxes(**on(office, bare, boxes=[], confirm=True))


def test_all_pages_that_fit_are_confirmed_at_once_and_no_other(office: Office, batch: ScanBatch) -> None:
    names = ("fits.png", "fits-badly.png", "grid.png", "doubtful.png", "bare.png")
    services.receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=pictures(*names))
    found = {page.master.name: page for page in pages_of(batch)}
    doubt = [{"code": "page_twice", "severity": "review", "params": {}}]
    prepared(found["fits.png"], rows(2), boxes_by="layout", layout_fit=0.9)
    prepared(found["fits-badly.png"], rows(2), boxes_by="layout", layout_fit=0.6)
    prepared(found["grid.png"], rows(2))
    prepared(found["doubtful.png"], rows(2), boxes_by="layout", layout_fit=1.0, findings=doubt)
    prepared(found["bare.png"], [], boxes_by="layout", layout_fit=1.0)
    assert services.confirm_all_boxes(actor=preparer(office), at=AT, batch_id=batch.id) == 1
    assert services.confirm_all_boxes(actor=preparer(office), at=AT, batch_id=batch.id) == 0
    assert [page.master.name for page in pages_of(batch) if page.state == "confirmed"] == ["fits.png"]


def test_a_refused_page_is_used_nevertheless_only_with_a_reason(office: Office, page: ScanPage) -> None:
    ScanPage.objects.update(state="refused")
    with pytest.raises(RuleBroken, match="reason_missing"):
        services.take_page_back(**on(office, page))
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        services.confirm_boxes(**on(office, page))
    kept = services.take_page_back(**on(office, page, reason="Sổ mờ sẵn, không quét được rõ hơn"))
    assert (kept.state, bool(kept.kept_reason)) == ("received", True)
    entry = Entry.objects.get(verb="scan_page.taken_back")
    assert "Sổ mờ" not in str(entry.facts)


def test_a_page_set_aside_comes_back(office: Office, page: ScanPage) -> None:
    aside = services.set_page_aside(**on(office, page))
    with pytest.raises(RuleBroken, match="act_not_allowed_in_state"):
        services.set_page_aside(**on(office, aside))
    assert services.take_page_back(**on(office, aside)).state == "received"


def test_a_new_scan_takes_the_place_of_a_page_and_its_cases_wait(office: Office, batch: ScanBatch) -> None:
    page = pages_with(office, batch, 2, 1)[0]
    cut(office, batch)
    old = page.master_id
    new = services.replace_page(**on(office, page, file=NewFile("zz.png", a_picture(77), "")))
    assert (new.state, new.position, new.master_id == old) == ("received", 1, False)
    assert [case.state for case in cases_of(batch)] == ["rescan", "rescan", "pending"]
    entry = Entry.objects.get(verb="scan_page.replaced")
    assert entry.facts["before"] == str(old)
    # boxed and confirmed again, the cases go on with the new picture and their identity
    ids = [case.id for case in cases_of(batch)]
    prepared(new, [{**box, "box": [edge + 30 for edge in box["box"]]} for box in rows(2)])
    services.confirm_boxes(**on(office, ScanPage.objects.get(id=new.id)))
    cut(office, batch)
    assert [(case.id, case.state) for case in cases_of(batch)] == [(identity, "pending") for identity in ids]


def test_a_page_turned_after_its_cases_were_made_makes_them_wait_and_be_made_anew(
    office: Office, batch: ScanBatch
) -> None:
    page = pages_with(office, batch, 1)[0]
    cut(office, batch)
    ScannedCase.objects.update(state="accepted", decided_at=AT, decided_by=11)
    turned = services.turn_page(**on(office, page, by=180))
    case = ScannedCase.objects.get()
    assert (case.state, case.reason) == ("rescan", "page_changed")
    assert services.encode_next_cases(actor=preparer(office), at=AT, batch_id=batch.id) is False
    prepared(turned, rows(1))  # the very same box on the other picture
    services.confirm_boxes(**on(office, ScanPage.objects.get()))
    cut(office, batch)
    case.refresh_from_db()
    assert (case.state, case.reason, case.decided_at) == ("pending", "", None)


def test_a_file_of_the_batch_or_no_picture_replaces_nothing(office: Office, batch: ScanBatch, page: ScanPage) -> None:
    same = NewFile("other-name.png", pictures("1.png")[0].content, "")
    for file, code in [(same, "page_known_already"), (NewFile("x.txt", b"text", ""), "not_an_image"),
                       (NewFile("x.jpg", b"", ""), "file_empty")]:  # fmt: skip
        with pytest.raises(RuleBroken, match=code):
            services.replace_page(**on(office, page, file=file))
    assert ScanPage.objects.get().version == page.version


def test_neighbours_pass_over_pages_set_aside(office: Office, batch: ScanBatch) -> None:
    first, second, third = pages_with(office, batch, 1, 1, 1)
    services.set_page_aside(**on(office, second))
    assert neighbour_pages(third) == (first, None)
    assert neighbour_pages(first) == (None, third)


def test_looking_at_a_page_is_in_the_trail_and_needs_a_right(office: Office, page: ScanPage) -> None:
    reader = preparer(office, rights=frozenset({"scan.prepare"}))
    stored = services.open_page(actor=reader, at=AT, page_id=page.id)
    entry = Entry.objects.get(verb="scan.read")
    assert (entry.subject_id, entry.facts) == (str(stored.id), {"scan_page": str(page.id)})
    with pytest.raises(RuleBroken, match="not_allowed"):
        services.open_page(actor=preparer(office, rights=frozenset({"record.read"})), at=AT, page_id=page.id)
    with pytest.raises(RuleBroken, match="page_not_prepared"):
        services.open_page(actor=reader, at=AT, page_id=page.id, kind="delivered")
    assert Entry.objects.filter(verb="scan.read").count() == 1
    assert ScannedCase.objects.count() == 0


def test_the_one_that_is_left_of_two_same_pages_is_not_doubtful_any_more(office: Office, batch: ScanBatch) -> None:
    services.receive_page_files(actor=preparer(office), at=AT, batch_id=batch.id, files=pictures("1.png", "2.png"))
    first, second = pages_of(batch)
    same = {"page": 1, "batch": str(batch.id), "twin": str(first.id)}
    other = {"code": "page_soft", "severity": "review", "params": {}}
    twice = {"code": "page_twice", "severity": "review", "params": same}
    prepared(first, rows(2))
    prepared(second, rows(2), findings=[twice, other])
    services.set_page_aside(**on(office, first))
    second.refresh_from_db()
    assert second.findings == [other]
