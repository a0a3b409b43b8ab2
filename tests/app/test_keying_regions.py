"""Maps of regions: who draws them, which one counts for a package, what the editor is given and keeps."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hotich.database.scope import office_scope
from hotich.digitisation.models import PageLayout, ScanBatch, ScannedCase, ScanPage
from hotich.kernel.problems import RuleBroken
from hotich.keying.models import KeyingPackage, RegionMap
from hotich.keying.queries.package_data import package_data
from hotich.keying.queries.regions import Scope, cases_to_show, maps_of_book, maps_of_offices, regions_for
from hotich.keying.services.regions import drop_region_map, save_region_map
from hotich.registers.models import Book
from tests.app.keying_parts import AT, Team, a_listed_book, a_package, a_scanned_package, a_team, scanned_cases
from tests.app.test_keying_package_data import with_flats

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAME = {"child_full_name": [0.1, 0.2, 0.9, 0.3]}


def save(
    team: Team, book: Book, *, scope: str = "era", regions: Any = None, version: int = 0, by: str = "leader"
) -> RegionMap:
    return save_region_map(
        actor=getattr(team, by), at=AT, book_id=book.id, scope=scope, regions=regions or NAME, version=version
    )


def laid_out(team: Team, book: Book) -> PageLayout:
    """Give the pages of a book a layout."""
    with office_scope([team.office.id]):
        layout = PageLayout.objects.create(
            origin_office=team.office, name="Mẫu A3", register_type=book.register_type, era=book.era, drawing={"x": 1},
            cases_on_page=2, created_by=1, created_at=AT,
        )  # fmt: skip
        ScanBatch.objects.filter(book=book).update(layout=layout)
    return layout


def test_a_package_without_a_map_has_no_regions() -> None:
    team = a_team()
    package = a_package(team)
    with office_scope([team.office.id]):
        assert regions_for(package).boxes == {}


def test_the_nearest_map_counts_for_a_package() -> None:
    team = a_team()
    book = a_listed_book(team)
    package = a_scanned_package(team, book)
    laid_out(team, book)
    for place, scope in enumerate(("era", "layout", "book")):
        box = [0.1, 0.1 * place, 0.9, 0.1 * place + 0.05]
        save(team, book, scope=scope, regions={"child_full_name": box})
        with office_scope([team.office.id]):
            assert regions_for(package).boxes == {"child_full_name": pytest.approx(box)}, scope


def test_the_map_of_a_layout_says_nothing_of_pages_without_it() -> None:
    team = a_team()
    book = a_listed_book(team)
    scanned_cases(team, book)
    laid_out(team, book)
    save(team, book, scope="layout")
    other = a_package(team, a_listed_book(team, number="02"))
    with office_scope([team.office.id]):
        assert regions_for(other).boxes == {}


def test_a_map_is_kept_in_the_order_of_the_book_and_saving_it_again_replaces_it() -> None:
    team = a_team()
    book = a_listed_book(team)
    both = {"mother_full_name": [0, 0.5, 1, 0.6], "child_full_name": [0, 0.1, 1, 0.2]}
    first = save(team, book, regions=both)
    assert list(first.regions) == ["child_full_name", "mother_full_name"]
    second = save(team, book, version=1)
    assert (second.id, second.version, list(second.regions)) == (first.id, 2, ["child_full_name"])
    with office_scope([team.office.id]):
        assert maps_of_book(book) == {Scope.ERA: second}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scope": "all"}, "region_scope_unknown"),
        ({"scope": "layout"}, "region_layout_missing"),
        ({"version": 3}, "region_map_changed_meanwhile"),
        ({"regions": {"no_such_field": [0, 0, 1, 1]}}, "region_map_malformed"),
        ({"regions": {"child_full_name": [0, 0, 1, 1.2]}}, "region_map_malformed"),
        ({"regions": {"child_full_name": [0.5, 0, 0.4, 1]}}, "region_map_malformed"),
        ({"regions": {"child_full_name": "all"}}, "region_map_malformed"),
        ({"by": "keyer2", "scope": "book"}, ""),
        ({"by": "helper"}, "not_allowed"),
        ({"by": "checker"}, "not_allowed"),
    ],
)
def test_what_is_no_map_is_refused(change: dict[str, Any], code: str) -> None:
    team = a_team()
    book = a_listed_book(team)
    if not code:  # a keyer prepares scans, so he may draw
        assert save(team, book, **change).version == 1
        return
    with pytest.raises(RuleBroken) as refusal:
        save(team, book, **change)
    assert refusal.value.code == code


def test_an_empty_map_is_refused_and_a_foreign_book_unknown() -> None:
    team = a_team()
    book = a_listed_book(team)
    with pytest.raises(RuleBroken, match="region_map_empty"):
        save_region_map(actor=team.leader, at=AT, book_id=book.id, scope="era", regions={}, version=0)
    with pytest.raises(RuleBroken, match="book_unknown"):
        save_region_map(actor=team.leader, at=AT, book_id=uuid4(), scope="era", regions=NAME, version=0)


def test_a_map_can_be_dropped_by_whoever_saw_its_last_version() -> None:
    team = a_team()
    book = a_listed_book(team)
    kept = save(team, book)
    save(team, book, version=1)
    with pytest.raises(RuleBroken, match="region_map_changed_meanwhile"):
        drop_region_map(actor=team.leader, at=AT, map_id=kept.id, version=1)
    drop_region_map(actor=team.leader, at=AT, map_id=kept.id, version=2)
    with office_scope([team.office.id]):
        assert maps_of_offices(team.leader) == []
    with pytest.raises(RuleBroken, match="region_map_unknown"):
        drop_region_map(actor=team.leader, at=AT, map_id=kept.id, version=2)


def client_of(team: Team, name: str) -> Client:
    client = Client()
    client.force_login(team.accounts[name], backend=BACKEND)
    return client


def test_the_editor_shows_the_fields_a_proposal_and_keeps_what_was_drawn() -> None:
    team = a_team()
    book = a_listed_book(team)
    scanned_cases(team, book)
    client = client_of(team, "leader")
    listed = client.get("/nhap-lieu/vung/", {"so": str(book.id)})
    assert listed["Location"] == f"/nhap-lieu/vung/{book.id}/"
    page = client.get(listed["Location"])
    assert "child_full_name" in page.content.decode()
    data = page.context["editor"]
    with office_scope([team.office.id]):
        assert len(data["pictures"]) == len(cases_to_show(book)) == 3
    assert {"child_full_name", "mother_full_name"} <= set(data["proposal"]) <= {each["code"] for each in data["fields"]}
    answer = client.post(
        f"/nhap-lieu/vung/{book.id}/luu/",
        json.dumps({"scope": "era", "regions": data["proposal"], "version": data["versions"]["era"]}),
        content_type="application/json",
    )
    assert answer.json()["version"] == 1
    again = client.get(f"/nhap-lieu/vung/{book.id}/").context["editor"]
    assert again["regions"] == {code: list(box) for code, box in data["proposal"].items()}
    assert "Mọi quyển cùng loại" in client.get("/nhap-lieu/vung/").content.decode()


@pytest.mark.parametrize("name", ["helper", "checker", "approver"])
def test_who_prepares_no_scans_and_leads_nobody_draws_no_maps(name: str) -> None:
    team = a_team()
    assert client_of(team, name).get("/nhap-lieu/vung/").status_code == 403


# ---- pages that lie otherwise


def rules_at(down: float) -> dict[str, Any]:
    """The printed rules of a page that lies so many pixels down under the scanner: those of a case of `rows`."""
    heights = [each + down for each in (205, 228, 265, 300, 341, 352)]
    edges = [heights[0], heights[-1]]
    return {"across": [[each, 120, 1080] for each in heights], "down": [[120, *edges], [1080, *edges]]}


def pages_measured(team: Team, book: Book, downs: tuple[float | None, ...]) -> KeyingPackage:
    """A package of one case a page; None: a page that came before pages were measured."""
    with office_scope([team.office.id]):
        package = a_scanned_package(team, book, counts=(1,) * len(downs))
        with_flats(team, package)
        for case, down in zip(ScannedCase.objects.filter(book=book).order_by("position"), downs, strict=True):
            page = ScanPage.objects.get(id=case.parts[0]["page"])
            page.ruling = rules_at(down) if down is not None else None
            page.save()
    return package


def heights_on_pages(team: Team, package: KeyingPackage) -> list[float]:
    """Where the name of the child stands on the picture of each place, as the browser lays it."""
    with office_scope([team.office.id]):
        data = package_data(team.keyer, package)
    top = data["regions"]["child_full_name"][1]
    moves = [item["picture"]["move"] or [1, 0, 1, 0] for item in data["items"]]
    return [round(top * high + lower, 3) for _, _, high, lower in moves]


def test_the_map_follows_pages_that_lie_otherwise_and_stays_where_none_was_measured() -> None:
    team = a_team()
    book = a_listed_book(team)
    package = pages_measured(team, book, (0.0, 20.0, None))
    save(team, book)
    first, second, third = heights_on_pages(team, package)
    assert first == third == NAME["child_full_name"][1]
    assert 0.08 < second - first < 0.1  # twenty pixels of a row with its titles


def test_a_map_from_before_pages_were_measured_is_never_moved() -> None:
    team = a_team()
    book = a_listed_book(team)
    package = pages_measured(team, book, (0.0, 20.0))
    kept = save(team, book)
    with office_scope([team.office.id]):
        RegionMap.objects.filter(id=kept.id).update(ruling=None)
    assert heights_on_pages(team, package) == [0.2, 0.2]


def test_the_editor_shows_the_map_moved_and_keeps_the_page_it_was_drawn_on() -> None:
    team = a_team()
    book = a_listed_book(team)
    pages_measured(team, book, (0.0, 20.0))
    client = client_of(team, "leader")
    address = f"/nhap-lieu/vung/{book.id}/"

    def stored(**sent: Any) -> Any:
        body = {"scope": "era", "regions": NAME, **sent}
        answer = client.post(f"{address}luu/", json.dumps(body), content_type="application/json")
        return answer.json() if answer.status_code == 200 else answer.status_code

    fresh = client.get(address).context["editor"]
    assert (fresh["drawn_on"], fresh["moves"][0]) == (0, [1.0, 0.0, 1.0, 0.0])
    assert fresh["moves"][1][3] > 0.04
    assert stored(version=0, drawn_on=0)["version"] == 1
    with office_scope([team.office.id]):
        [kept] = RegionMap.objects.all()
    again = client.get(address).context["editor"]
    assert again["drawn_on"] == str(kept.id)
    assert stored(version=1, drawn_on=again["drawn_on"])["version"] == 2
    with office_scope([team.office.id]):
        assert RegionMap.objects.get().ruling == kept.ruling != {}
    assert stored(version=2, drawn_on="no map") == 422


def test_a_map_of_pages_that_look_otherwise_is_no_ground_for_a_book() -> None:
    team = a_team()
    book = a_listed_book(team)
    pages_measured(team, book, (0.0, 20.0))
    kept = save(team, book)
    with office_scope([team.office.id]):
        other = {"size_mm": [170.0, 34.0], "across": [[0.5, 0.2, 0.4], [0.9, 0.5, 0.7]], "down": []}
        RegionMap.objects.filter(id=kept.id).update(ruling=other)
    data = client_of(team, "leader").get(f"/nhap-lieu/vung/{book.id}/").context["editor"]
    assert data["drawn_on"] == 0  # what is drawn now is drawn on the first case
    assert data["moves"][1][3] > 0.04


def test_the_map_of_an_era_is_not_laid_on_pages_printed_otherwise_but_that_of_the_book_is() -> None:
    team = a_team()
    book = a_listed_book(team)
    package = pages_measured(team, book, (0.0, 20.0, None))
    other = {"size_mm": [170.0, 34.0], "across": [[0.5, 0.2, 0.4], [0.9, 0.5, 0.7]], "down": []}

    def mapped(scope: str) -> list[bool]:
        kept = save(team, book, scope=scope)
        with office_scope([team.office.id]):
            RegionMap.objects.filter(id=kept.id).update(ruling=other)
            return [item["picture"]["mapped"] for item in package_data(team.keyer, package)["items"]]

    assert mapped("era") == [False, False, True]  # of the last one nobody has measured the rules
    assert mapped("book") == [True, True, True]
