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

from hotich.config.operation import serving, versions
from hotich.config.operation.caretaker import Caretaker
from hotich.config.operation.services import rotation
from hotich.database import launcher
from hotich.database.state import state_folder

RESTARTS = 5
# every queue has a worker (tests/contract/test_queues.py); approvals and sendings may be taken by two
LONG_JOBS, SHORT_JOBS, SCANS = "imports,exports,approvals,dispatch,audit", "approvals,dispatch", "scans"


class Child:
    """One process of the installation, started again when it dies, stopped by its pid."""

    def __init__(self, name: str, command: list[str], **environment: str) -> None:
        self.name, self.command, self.restarts = name, command, 0
        self.environment = {**os.environ, **environment}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, env=self.environment)

    def keep_alive(self) -> bool:
        """False once it has died too often."""
        if self.process.poll() is None:
            return True
        self.restarts += 1
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

    def handle(self, *args: Any, port: int, workers: int, **options: Any) -> None:
        lock = self._alone()
        self._refuse_what_cannot_be_served()
        port = self._free_port(port)
        python = sys.executable
        worker = [python, "-m", "hotich", "procrastinate", "worker"]
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # set even where a shell ignores them for us
            signal.signal(number, lambda *_: sys.exit(0))
        children = [
            Child(
                "web",
                [python, "-m", "gunicorn", "hotich.config.wsgi", "--worker-class", "gthread", "--threads", "8"]
                + ["--workers", str(workers), "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
                + ["--timeout", "120", "--graceful-timeout", "10", "--no-control-socket"]
                + ["--config", "python:hotich.config.gunicorn_settings"],
                PROMETHEUS_MULTIPROC_DIR=str(self._empty_folder("metrics")),
            ),
        ]
        caretaker = Caretaker()
        try:
            self._announce(port, children[0])
            # only now: on a small machine they would hold up the first page
            children += [
                Child("worker", [*worker, "--concurrency", "1", "--queues", LONG_JOBS]),
                # approvals and sendings do not wait behind an import or a verification of the whole trail
                Child("worker for short jobs", [*worker, "--concurrency", "1", "--queues", SHORT_JOBS]),
                # pictures keep the processors busy for hours, in processes of their own
                Child("worker for scans", [*worker, "--concurrency", "1", "--queues", SCANS]),
            ]
            while all(child.keep_alive() for child in children):
                caretaker.tick()
                time.sleep(0.5)
            raise CommandError("a part of the installation keeps dying; see its messages above")
        finally:
            caretaker.stop()
            for child in reversed(children):
                child.stop()
            if not launcher.uses_server():
                launcher.down()
            lock.close()

    def _alone(self) -> TextIO:
        """One server a state folder: two would stop each other's database."""
        lock = serving.take_lock()
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

    def _announce(self, port: int, web: Child) -> None:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if web.process.poll() is not None:
                raise CommandError("the web server does not start; see its messages above")
            time.sleep(0.1)
        self.stdout.write(f"\nHộ tịch điện tử: http://localhost:{port}/\n")
        if settings.DEMO:
            self._print_sign_ins()
        self.stdout.write("Ctrl+C stops everything.")
        self.stdout.flush()

    def _print_sign_ins(self) -> None:
        from hotich.accounts.queries import demo_sign_ins

        for line in demo_sign_ins():
            self.stdout.write(line)
