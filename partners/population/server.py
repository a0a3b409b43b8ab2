"""One process that serves the contract until it is told to stop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from partners.population.web import application

THREADS = 16


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with one worker of threads: limits are counted in its memory."""

    def __init__(self, folder: Path, port: int, rate: float) -> None:
        self._folder, self._port, self._rate = folder, port, rate
        super().__init__()

    def load_config(self) -> None:
        """Settings: this machine only."""
        for name, value in {
            "bind": f"127.0.0.1:{self._port}", "workers": 1, "worker_class": "gthread", "threads": THREADS,
            "loglevel": "warning", "timeout": 120, "graceful_timeout": 2, "control_socket_disable": True,
            "proc_name": "population",
        }.items():  # fmt: skip
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in the worker."""
        return application(self._folder, rate=self._rate)


def serve(folder: Path, port: int, rate: float) -> None:
    """Serve until SIGTERM or SIGINT."""
    Server(folder, port, rate).run()
