"""Every secret can be exchanged with data in place: what is read under the former one is read under the new one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from operation_parts import Installation, path_in, prepared

pytestmark = pytest.mark.timeout(400)

READ = """
import json, django
django.setup()
from records_support import acting, offices
from hotich.records.models import Participant
from hotich.records.rules.keys import personal_id_key
from hotich.records.services.access import lookup_secret
(office,) = offices(1)
with acting(office):
    found = Participant.objects.filter(personal_id_key=personal_id_key(lookup_secret(), "066301001234"))
    print(json.dumps({"found": found.count()}))
"""
# a rotation that was killed between two blocks
HALF = """
import django
django.setup()
from hotich.accounts.queries import command_actor
from hotich.config.operation.services import rekeying, rotation
from hotich.kernel import clock
class Killed(BaseException): ...
def die(*rest): raise Killed
rekeying.BATCH = 2
rekeying._make_indexes = die
blocks, fill = [], rekeying._block
def block(keyed, last):
    blocks.append(keyed)
    return fill(keyed, last) if len(blocks) < 2 else die()
rekeying._block = block
try:
    rotation.rotate(name="lookup", actor=command_actor(), at=clock.now(), say=print)
except Killed:
    pass
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


SHAPE = """
select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
where table_name in ('participant', 'population_number', 'population_check')
union all select tablename, indexname, regexp_replace(indexdef, 'ON public', ''), '', '' from pg_indexes
where tablename in ('participant', 'population_number', 'population_check')
union all select relname, 'grants', attname, attacl::text, '' from pg_attribute a join pg_class c on c.oid = a.attrelid
where attacl is not null and not attisdropped and relname in ('participant', 'population_number', 'population_check')
order by 1, 2, 3
"""
# works while the secret is exchanged: enters a case, asks for everybody with the number, again and again
BESIDE = """
import json, sys, time, django
django.setup()
from pathlib import Path
from records_support import acting, enter, offices
from hotich.records.models import Participant, Record
from hotich.records.services.access import lookup_secret
from hotich.records.rules.keys import personal_id_key
(office,) = offices(1)
stop, found, wrong = Path(sys.argv[1]), [], []
keys = set()
while not stop.exists() or len(keys) < 2:
    with acting(office) as actor:
        number = Record.objects.count() + 1
        enter(actor, office, "KS", number=number, year=2001, child_full_name=f"Cùng lúc {number}",
              child_personal_id="066301001234")
    with acting(office):
        key = personal_id_key(lookup_secret(), "066301001234")
        keys.add(key)
        there = Participant.objects.filter(personal_id="066301001234").count()
        found.append(Participant.objects.filter(personal_id_key=key).count())
        if found[-1] != there:
            wrong.append((found[-1], there))
    if len(found) == 1:
        stop.with_suffix(".begun").touch()
    if stop.exists() and len(found) > 2000:
        break
print(json.dumps({"times": len(found), "wrong": wrong, "keys": len(keys)}))
"""


def test_the_key_of_identity_numbers_is_exchanged_while_others_enter_cases_and_ask(
    place: Installation, tmp_path: Path
) -> None:
    assert json.loads(place.run(READ))["found"] == 3
    shape = place.sql(SHAPE)
    stop = tmp_path / "stop"
    beside = subprocess.Popen(
        [sys.executable, "-c", BESIDE, str(stop)], env=place.environment, stdout=subprocess.PIPE, text=True
    )
    try:
        while not stop.with_suffix(".begun").exists():
            assert beside.poll() is None
            time.sleep(0.05)
        said = place.works("secrets", "rotate", "lookup")
    finally:
        stop.touch()
        told = json.loads(beside.communicate(timeout=120)[0])
    assert "under the present secret" in said
    assert (told["wrong"], told["keys"]) == ([], 2)
    assert told["times"] > 2
    rows = place.sql("select count(*), count(distinct personal_id_key) from participant where personal_id <> ''")
    assert rows == [(3 + told["times"], 1)]
    assert place.sql("select count(*) from person where merged_into_id is null") == [(1,)]
    assert place.sql(SHAPE) == shape
    place.works("secrets", "forget", "lookup")
    assert json.loads(place.run(READ))["found"] == 3 + told["times"]


def test_an_exchange_that_was_killed_goes_on_and_others_work_with_the_former_key_meanwhile(place: Installation) -> None:
    before = place.sql("select distinct personal_id_key from participant where personal_id <> ''")
    place.run(HALF)
    total = place.sql("select count(*) from participant")[0][0]
    assert f"{total} of {total}" not in place.works("secrets", "rotate", "lookup", "--status")
    assert "still in use" in place.refuses("secrets", "forget", "lookup")
    count = json.loads(place.run(READ))["found"]
    place.write("Giữa chừng", 1)  # joins the same person, under the former key
    assert json.loads(place.run(READ))["found"] == count + 1
    assert place.sql("select distinct personal_id_key from participant where personal_id <> ''") == before
    present = _secret(place, "lookup")
    assert "going on" in place.works("secrets", "rotate", "lookup")
    assert _secret(place, "lookup") == present
    assert json.loads(place.run(READ))["found"] == count + 1
    assert place.sql("select distinct personal_id_key from participant where personal_id <> ''") != before
    place.works("secrets", "forget", "lookup")
    assert place.sql("select count(*) from person where merged_into_id is null") == [(1,)]


def test_serving_waits_until_all_is_under_one_secret_where_nobody_may_work_meanwhile(place: Installation) -> None:
    note = place.state / "operation" / "rotate-django.json"
    note.write_text(json.dumps({"started_at": "2026-11-26T00:00:00+00:00", "finished_at": ""}))
    assert "secrets rotate django" in place.refuses("serve", "--port", "0")
    note.unlink()


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
