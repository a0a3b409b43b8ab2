"""Every secret can be exchanged with data in place: what is read under the former one is read under the new one."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from operation_parts import Installation, path_in, prepared

pytestmark = pytest.mark.timeout(400)

READ = """
import json, django
django.setup()
from records_support import acting, offices
from hotich.database.state import secret
from hotich.records.models import Participant
from hotich.records.rules.keys import personal_id_key
(office,) = offices(1)
with acting(office):
    found = Participant.objects.filter(personal_id_key=personal_id_key(secret("lookup"), "066301001234"))
    print(json.dumps({"found": found.count()}))
"""
OFFICER = """
import django
django.setup()
from accounts_parts import SECRET, make_officer, open_offices
make_officer("ky.thuat", office=open_offices(1)[0], role="technical_administrator")
"""
SEED = """
import django
django.setup()
from allauth.mfa.models import Authenticator
from allauth.mfa.adapter import get_adapter
print(get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]))
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Installation]:
    made = prepared("secrets")
    try:
        made.write("Khóa", 3)
        made.run(OFFICER)
        yield made
    finally:
        made.close()


def _secret(place: Installation, name: str) -> str:
    return (place.state / "secrets" / name).read_text()


def test_the_key_of_files_is_exchanged_resumed_and_the_former_one_destroyed(place: Installation) -> None:
    before = _secret(place, "files")
    old_backup = path_in(place.works("db", "backup"))
    said = place.works("secrets", "rotate", "files")
    assert "3 of 3 under the present secret" in said
    assert _secret(place, "files") != before
    assert place.contents_open() == 3
    # one content of the former key comes back, as if the command had been killed before it
    (sealed,) = [path for path in (old_backup / "files").rglob("*") if path.is_file()][-1:]
    (place.state / "files" / sealed.relative_to(old_backup / "files")).write_bytes(sealed.read_bytes())
    note = place.state / "operation" / "rotate-files.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"finished_at": ""}))
    assert "2 of 3 under the present secret, under way" in place.works("secrets", "rotate", "files", "--status")
    assert "still in use" in place.refuses("secrets", "forget", "files")
    present = _secret(place, "files")
    assert "going on" in place.works("secrets", "rotate", "files")
    assert _secret(place, "files") == present  # gone on with, not begun anew
    place.works("secrets", "forget", "files")
    assert not (place.state / "secrets" / "files.former").exists()
    assert place.contents_open() == 3


def test_the_key_of_identity_numbers_is_exchanged_and_people_are_still_found(place: Installation) -> None:
    assert json.loads(place.run(READ))["found"] == 3
    before = {row[0] for row in place.sql("select personal_id_key from participant where personal_id <> ''")}
    said = place.works("secrets", "rotate", "lookup")
    assert "under the present secret" in said
    after = {row[0] for row in place.sql("select personal_id_key from participant where personal_id <> ''")}
    assert len(before) == len(after) == 1
    assert before != after
    assert json.loads(place.run(READ))["found"] == 3
    place.works("secrets", "forget", "lookup")
    persons = place.sql("select count(*) from person where merged_into_id is null")
    place.write("Sau khi thay", 1)  # the same number: still the same person
    assert place.sql("select count(*) from person where merged_into_id is null") == persons


def test_serving_waits_until_numbers_are_all_under_one_key(place: Installation) -> None:
    note = place.state / "operation" / "rotate-lookup.json"
    told = json.loads(note.read_text())
    note.write_text(json.dumps(told | {"finished_at": ""}))
    assert "secrets rotate lookup" in place.refuses("serve", "--port", "0")
    note.write_text(json.dumps(told))


def test_seeds_of_second_factors_move_to_the_new_secret_key(place: Installation) -> None:
    assert place.run(SEED).strip() == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    before = place.sql("select data from mfa_authenticator")
    place.works("secrets", "rotate", "django")
    assert place.sql("select data from mfa_authenticator") != before
    place.works("secrets", "forget", "django")
    assert place.run(SEED).strip() == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_passwords_of_the_database_are_exchanged(place: Installation) -> None:
    before = _secret(place, "hotich_app")
    place.works("secrets", "rotate", "database")
    assert _secret(place, "hotich_app") != before
    assert place.hotich("db", "check-roles").returncode == 0
    assert place.sql("select 1") == [(1,)]
    (place.state / "postgresql" / "ready").unlink()  # as a killed rotation would leave it
    place.works("db", "down")
    assert place.hotich("db", "check-roles").returncode == 0


def test_the_list_tells_ages_and_no_secret(place: Installation) -> None:
    said = place.works("secrets", "list")
    for name in ("files: 0 days old", "lookup: 0 days old", "django: 0 days old", "recovery-key: none yet"):
        assert name in said
    for path in (place.state / "secrets").iterdir():
        assert path.read_text() not in said
    assert "which secret" in place.refuses("secrets", "rotate", "everything")
