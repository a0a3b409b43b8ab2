import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from hotich.config.operation import serving, stand_in, versions
from hotich.config.operation.caretaker import Caretaker
from hotich.config.operation.services import rotation
from hotich.database import launcher
from hotich.database.state import state_folder

RESTARTS = 5
THREADS = "8"  # of each web process
CONNECTION_AGE = "600"  # seconds a thread keeps its connection to the database
# every queue has a worker (tests/contract/test_queues.py); approvals and sendings may be taken by two
LONG_JOBS, SHORT_JOBS, SCANS = (
    "imports,exports,approvals,dispatch,population,audit",
    "approvals,dispatch,population",
    "scans",
)
MATCHING = "matching"


class Child:
    """One process of the installation, started again when it dies, stopped by its pid."""

    def __init__(self, name: str, command: list[str], *, is_needed: bool = True, **environment: str) -> None:
        self.name, self.command, self.is_needed, self.restarts = name, command, is_needed, 0
        self.environment = {**os.environ, **environment}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, env=self.environment)

    def keep_alive(self) -> bool:
        """False once it has died too often; one that is not needed is then left dead."""
        if self.process.poll() is None or self.restarts > RESTARTS:
            return True
        self.restarts += 1
        if self.restarts > RESTARTS and not self.is_needed:
            print(f"{self.name} keeps dying; the installation goes on without it", file=sys.stderr)
            return True
        print(f"{self.name} ended with {self.process.returncode}; starting it again", file=sys.stderr)
        time.sleep(1)
        self.start()
        return self.restarts <= RESTARTS

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Command(BaseCommand):
    help = "Serve: database, web and worker as children of this process, until Ctrl+C"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("HOTICH_PORT", "8000")))
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument(
            "--citizens",
            type=int,
            default=stand_in.CITIZENS,
            help="of the demo's own population database, when it is made",
        )

    def handle(self, *args: Any, port: int, workers: int, citizens: int, **options: Any) -> None:
        lock = self._alone()
        self._refuse_what_cannot_be_served()
        port = self._free_port(port)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # set even where a shell ignores them for us
            signal.signal(number, lambda *_: sys.exit(0))
        beside = self._population_port(port, citizens)
        children = [self._web(port, workers)]
        caretaker = Caretaker()
        try:
            self._announce(port, children[0], beside)
            # only now: on a small machine they would hold up the first page
            self._start_workers(children)
            if beside:
                children.append(Child("population stand-in", stand_in.command(beside, citizens), is_needed=False))
            while all(child.keep_alive() for child in children):
                caretaker.tick()
                time.sleep(0.5)
            raise CommandError("a part of the installation keeps dying; see its messages above")
        finally:
            serving.say_stopping(lock)
            caretaker.stop()
            for child in reversed(children):
                child.stop()
            if not launcher.uses_server():
                launcher.down()
            lock.close()

    def _web(self, port: int, workers: int) -> Child:
        return Child(
            "web",
            [sys.executable, "-m", "gunicorn", "hotich.config.wsgi", "--worker-class", "gthread", "--threads", THREADS]
            + ["--workers", str(workers), "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
            + ["--timeout", "120", "--graceful-timeout", "10", "--no-control-socket"]
            + ["--config", "python:hotich.config.gunicorn_settings"],
            PROMETHEUS_MULTIPROC_DIR=str(self._empty_folder("metrics")),
            HOTICH_CONNECTION_AGE=os.environ.get("HOTICH_CONNECTION_AGE", CONNECTION_AGE),
        )

    def _start_workers(self, children: list[Child]) -> None:
        """Each is among the children as soon as it runs, so that it is stopped whatever happens to the next."""
        worker = [sys.executable, "-m", "hotich", "procrastinate", "worker", "--concurrency", "1", "--queues"]
        children.append(Child("worker", [*worker, LONG_JOBS]))
        # approvals and sendings do not wait behind an import or a verification of the whole trail
        children.append(Child("worker for short jobs", [*worker, SHORT_JOBS]))
        # pictures keep the processors busy for hours, in processes of their own
        children.append(Child("worker for scans", [*worker, SCANS]))
        # a province takes hours too: neither a scan nor a question to the population database waits for it
        children.append(Child("worker for matching", [*worker, MATCHING]))

    def _alone(self) -> TextIO:
        """One server a state folder: two would stop each other's database."""
        lock = serving.take_lock()
        if lock is None and serving.is_stopping():
            if not serving.wait_for_the_old_one():
                raise CommandError(serving.STILL_STOPPING)
            lock = serving.take_lock()
            if not launcher.uses_server():  # it went with the old one
                launcher.up()
                connection.close()
                connection.settings_dict.update(launcher.connection_parameters())
        if lock is None:
            raise CommandError(f"this installation is being served already (state folder {state_folder()})")
        return lock

    def _refuse_what_cannot_be_served(self) -> None:
        if refused := versions.refusal(versions.applied_migrations()):
            raise CommandError(refused)
        for name, step in rotation.STEPS.items():
            if step.still and rotation.is_under_way(name):
                raise CommandError(f"the rotation of {name} is not finished: run `hotich secrets rotate {name}` again")

    def _empty_folder(self, name: str) -> Path:
        folder = state_folder() / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return folder

    def _free_port(self, wanted: int) -> int:
        for port in range(wanted, wanted + 20):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return port
        raise CommandError(f"ports {wanted} to {wanted + 19} are all in use; name another with --port")

    def _population_port(self, port: int, citizens: int) -> int:
        """The port of the stand-in, 0 where none is wanted; the children learn its address and size from the environment."""
        if not stand_in.is_wanted():
            return 0
        beside = self._free_port(port + 1)
        os.environ["HOTICH_POPULATION_URL"] = f"http://127.0.0.1:{beside}"
        os.environ["HOTICH_POPULATION_PERSONS"] = str(citizens)
        return beside

    def _announce(self, port: int, web: Child, beside: int) -> None:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if web.process.poll() is not None:
                raise CommandError("the web server does not start; see its messages above")
            time.sleep(0.1)
        self.stdout.write(f"\nHộ tịch điện tử: http://localhost:{port}/\n")
        if beside:
            self.stdout.write(f"CSDL dân cư giả lập (dữ liệu hư cấu): http://127.0.0.1:{beside}/")
        if settings.DEMO:
            self._print_sign_ins()
        self.stdout.write("Ctrl+C stops everything.")
        self.stdout.flush()

    def _print_sign_ins(self) -> None:
        from hotich.accounts.queries import demo_sign_ins

        for line in demo_sign_ins():
            self.stdout.write(line)
