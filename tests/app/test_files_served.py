"""A stored file is had by no address without a right, every look is written down, and the copy tells nothing besides."""

from __future__ import annotations

import inspect
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.urls import get_resolver, reverse
from hostile_parts import browser
from intake_parts import AT, approver, bring_in, good_cells, workbook

from hotich.audit.models import Entry
from hotich.database.scope import office_scope
from hotich.files.models import StoredFile
from hotich.files.queries import read_file
from hotich.intake.models import Batch, Case
from hotich.intake.services import approve_batch
from hotich.records.models import Attachment
from hotich.units.models import Office
from tests.app.accounts_parts import make_officer
from tests.app.intake_parts import an_office

pytestmark = pytest.mark.django_db
SECRET = b"11,56N"

# every address that hands out stored content, and what it writes into the trail; who adds one adds it here
SERVES = {
    "records:scan": "note_reading",
    "intake:case_scan": "note_reading",
    "intake:dispatch_file": "dispatch",  # a workbook for the Ministry: written down when it is made
    "intake:export_download": "download_export",  # writes book.exported
    "persons:glass_scan": "read_behind_glass",
    "reconciliation:population_file": "note_download",
    "reconciliation:tracking_evidence": "note_look",
    "digitisation:page_picture": "open_page",
    "digitisation:page_delivered": "open_page",
    "digitisation:page_thumb": "stamp",  # 18 dots per inch: no word can be read
    "digitisation:case_before": "case_before",
    "digitisation:case_pdf": "open_case_pdf",
    "keying:region_map_picture": "open_picture",
    "keying:picture": "draw_picture",  # the package was noted when it was loaded, else every look is
}
CONTENT = re.compile(
    r"\b(file_response|read_file|read_copy|pictures\.narrowed|stamp|download_export|case_before|open_page|open_case_pdf"
    r"|open_picture|draw_picture)\("
)


def views() -> dict[str, str]:
    """Name of every address, and the source of the function that answers it."""
    found: dict[str, str] = {}

    def walk(node: Any, space: str) -> None:
        for each in node.url_patterns:
            if hasattr(each, "url_patterns"):
                walk(each, f"{each.namespace}:" if each.namespace else space)
            else:
                function = inspect.unwrap(getattr(each.callback, "view_class", each.callback))
                if function.__module__.startswith("hotich."):
                    found[space + (each.name or "")] = inspect.getsource(function)

    walk(get_resolver(), "")
    return found


def test_every_address_that_hands_out_stored_content_is_known_and_writes_it_down() -> None:
    sources = views()
    serving = {name for name, source in sources.items() if CONTENT.search(source)}
    assert serving == set(SERVES)
    assert [name for name, word in SERVES.items() if word not in sources[name]] == []


def test_content_leaves_the_files_app_by_its_two_functions_only() -> None:
    source = Path(inspect.getfile(StoredFile)).parents[1]
    strange = [
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if path.relative_to(source).parts[0] not in {"files", "config"}
        and re.search(r"files\.adapters|files import adapters|default_storage", path.read_text())
    ]
    assert strange == []


def telling_pdf() -> bytes:
    """A PDF that tells where it was taken and by whom."""
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Author"] = "Nguyen Van Chup"
        with document.open_metadata() as told:
            told["{http://ns.adobe.com/exif/1.0/}GPSLatitude"] = SECRET.decode()
        document.save(target, compress_streams=False)
    return target.getvalue()


@pytest.fixture
def office() -> Office:
    made, package = an_office(), io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("KS.2016.01.001.pdf", telling_pdf())
    bring_in(made, workbook([good_cells("KS", 1)]), scans=package.getvalue())
    with office_scope([made.id]):
        approve_batch(actor=approver(made), at=AT, batch_id=Batch.objects.get().id)
    return made


def test_who_has_no_right_gets_nothing_and_who_has_one_gets_a_copy_that_tells_nothing(office: Office) -> None:
    with office_scope([office.id]):
        attachment, case = Attachment.objects.get(), Case.objects.get()
        assert SECRET in read_file(attachment.file)  # the master is kept byte for byte
    scans = [reverse("records:scan", args=[attachment.id]), reverse("intake:case_scan", args=[case.id])]
    other = Office.objects.filter(kind="commune", valid_to__isnull=True).exclude(id=office.id).order_by("-id").first()
    assert other is not None
    far = browser(make_officer("nguoi.xa", office=other, role="civil_status_officer"))
    technician = browser(make_officer("ky.thuat", office=office, role="technical_administrator"))
    officer = browser(make_officer("ho.tich", office=office, role="civil_status_officer"))
    for address in scans:
        assert browser().get(address).status_code == 302
        assert far.get(address).status_code == 404
        assert technician.get(address).status_code in (403, 404)
        assert not Entry.objects.filter(verb="scan.read").exists()
    for address in scans:
        before = Entry.objects.filter(verb="scan.read").count()
        answer = officer.get(address)
        assert answer.status_code == 200
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
        assert SECRET not in answer.content
        assert b"Nguyen Van Chup" not in answer.content
        picture = officer.get(f"{address}?trang=1")
        assert picture["Content-Type"] == "image/jpeg"
        assert officer.get(f"{address}?trang=9").status_code == 404
        assert Entry.objects.filter(verb="scan.read").count() == before + 2  # what showed nothing was no look
