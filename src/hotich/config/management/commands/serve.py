import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hotich.database import launcher
from hotich.database.state import state_folder

RESTARTS = 5


class Child:
    """One process of the installation, started again when it dies, stopped by its pid."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self.command, self.restarts = name, command, 0
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)

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
        port = self._free_port(port)
        python = sys.executable
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # set even where a shell ignores them for us
            signal.signal(number, lambda *_: sys.exit(0))
        children = [
            Child(
                "web",
                [python, "-m", "gunicorn", "hotich.config.wsgi", "--worker-class", "gthread", "--threads", "8"]
                + ["--workers", str(workers), "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
                + ["--timeout", "120", "--graceful-timeout", "10", "--no-control-socket"],
            ),
            Child("worker", [python, "-m", "hotich", "procrastinate", "worker", "--concurrency", "1"]),
        ]
        try:
            self._announce(port, children[0])
            while all(child.keep_alive() for child in children):
                time.sleep(0.5)
            raise CommandError("a part of the installation keeps dying; see its messages above")
        finally:
            for child in reversed(children):
                child.stop()
            if not launcher.uses_server():
                launcher.down()
            lock.close()

    def _alone(self) -> TextIO:
        """One server a state folder: two would stop each other's database."""
        lock = (state_folder() / "serve.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CommandError(f"this installation is being served already (state folder {state_folder()})") from error
        return lock

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
