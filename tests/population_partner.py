"""The stand-in of the population database as tests use it: the real process on a free port, a few known citizens.

    @pytest.fixture(scope="module")
    def partner(tmp_path_factory):
        with running_partner(tmp_path_factory.mktemp("partner")) as partner:
            yield partner

`partner.url`, `partner.client`, `partner.secret` are what the adapter needs; `partner.citizens` are in it (more by
`people=`); `partner.fault("timeout_after_commit", "2", times=1)`, `partner.no_faults()`; `partner.requests()` and
`partner.calls()` are what really arrived.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # `partners` is no installed package

from partners.population import access, faults  # noqa: E402
from partners.population.generator import generate  # noqa: E402
from partners.population.store import FACTS, open_folder  # noqa: E402

CLIENT, SECRET = "hotich-test", "a-secret-of-tests-only"


def citizen(personal_id: str, full_name: str, birth: str, sex: str, **more: str) -> dict[str, str]:
    """A person to hand over: columns of the stand-in's table."""
    made = {
        "personal_id": personal_id, "full_name": full_name, "birth": birth, "sex": sex, "ethnicity": "Kinh",
        "nationality": "Việt Nam", "province_code": "66", "commune_code": "24529", "life": "song",
        "native_place": "Xã Vụ Bổn, Tỉnh Đắk Lắk", "residence": "Thôn 1, Xã Vụ Bổn, Tỉnh Đắk Lắk",
    }  # fmt: skip
    assert not set(more) - set(FACTS), more
    return made | more


# Two brothers, their parents, and a namesake of the elder from another commune.
CITIZENS = (
    citizen("066088000001", "Nguyễn Văn Hòa", "1988-03-12", "1", father_name="Nguyễn Văn Thuận", father_id="066060000001",
            mother_name="Trần Thị Lài", mother_id="066162000001", old_id="240000001"),
    citizen("066090000002", "Nguyễn Văn Hải", "1990-07-01", "1", father_name="Nguyễn Văn Thuận", father_id="066060000001",
            mother_name="Trần Thị Lài", mother_id="066162000001"),
    citizen("066060000001", "Nguyễn Văn Thuận", "1960", "1", spouse_name="Trần Thị Lài"),
    citizen("066162000001", "Trần Thị Lài", "1962-11-05", "2", spouse_name="Nguyễn Văn Thuận"),
    citizen("068088000009", "Nguyễn Văn Hòa", "1988-09-30", "1", father_name="Nguyễn Văn Bảy", mother_name="Lê Thị Cúc",
            province_code="68", commune_code="24985"),
)  # fmt: skip


@dataclass
class RunningPartner:
    """A stand-in that serves; `folder` holds its database."""

    folder: Path
    url: str
    process: subprocess.Popen[bytes]
    client: str = CLIENT
    secret: str = SECRET
    citizens: Sequence[dict[str, str]] = CITIZENS

    def fault(self, name: str, value: str = "", *, calls: tuple[str, ...] = (), times: int | None = None) -> None:
        """Switch one on (partners/population/faults.py); calls as in the addresses: "cap-moi"."""
        with closing(open_folder(self.folder)) as db:
            faults.switch_on(db, name, value, calls=calls, times=times)

    def no_faults(self) -> None:
        """Switch all off."""
        with closing(open_folder(self.folder)) as db:
            faults.switch_off(db)

    def requests(self) -> list[dict[str, Any]]:
        """Creations and adjustments it decided on, oldest first: request_id, kind, state, receipt, answer …"""
        return self._rows("request")

    def calls(self) -> list[dict[str, Any]]:
        """Every call that was answered: call, request_id, procedure, office, officer, error_code."""
        return self._rows("call")

    def citizens_named(self, full_name: str) -> list[dict[str, Any]]:
        """Everybody of exactly this name."""
        with closing(open_folder(self.folder)) as db:
            return [dict(row) for row in db.execute("select * from citizen where full_name = ?", (full_name,))]

    def stop(self) -> None:
        """As if the machine were switched off: the port answers nothing any more."""
        os.killpg(self.process.pid, signal.SIGKILL)  # the one that listens and the one that answers
        self.process.wait()

    def start(self) -> None:
        """Serve again on the same port, after `stop`."""
        self.process = _started(self.folder, int(self.url.rsplit(":", 1)[1]))

    def _rows(self, table: str) -> list[dict[str, Any]]:
        with closing(open_folder(self.folder)) as db:
            return [dict(row) for row in db.execute(f"select * from {table} order by number")]


@contextmanager
def running_partner(folder: Path, *, people: Sequence[dict[str, Any]] = (), size: int = 0) -> Iterator[RunningPartner]:
    """Start it with `CITIZENS`, `people`, and invented families up to `size`; stopped at the end. Nothing is planted."""
    data = folder / "population"
    _fill(data, [*CITIZENS, *people], size)
    port = free_port()
    partner = RunningPartner(data, f"http://127.0.0.1:{port}", _started(data, port))
    try:
        yield partner
    finally:
        partner.process.terminate()
        try:
            partner.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            partner.stop()


def _fill(data: Path, people: list[dict[str, Any]], size: int) -> None:
    data.mkdir(parents=True)
    handed = data / "people.jsonl"
    handed.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in people), encoding="utf-8")
    generate(data, size=max(size, len(people)), people=handed, faults_planted=False)
    with closing(open_folder(data)) as db:
        access.register_client(db, CLIENT, SECRET)


def _started(data: Path, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "partners.population", "serve", "--data", str(data), "--port", str(port)],
        cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    awaited(process, port)
    return process


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def awaited(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when it listens."""
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the stand-in does not start"
        time.sleep(0.05)
    process.kill()
    raise AssertionError("the stand-in does not answer")
