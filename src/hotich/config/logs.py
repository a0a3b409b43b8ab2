"""Application logs: JSON lines, who asked for what by id, never a citizen's name or number.

The message of an exception may quote a value (a failing row, an unreadable date): only its type and the places it
went through are written.
"""

from __future__ import annotations

import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def without_message(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace an exception by its type and its path through the code."""
    info: Any = event.pop("exc_info", None)
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0] is not None:
        event["exception"] = info[0].__name__
        event["path"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(info[2])][
            -12:
        ]
    return event


def without_query(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A search stands in the query of an address: the logs keep the path only."""
    if isinstance(event.get("request"), str):
        event["request"] = event["request"].partition("?")[0]
    return event


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_query,
    without_message,
]


def configure() -> None:
    """Send structlog's events through Python's logging."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": SHARED,
        }
    },
    "handlers": {"file": {"class": "logging.handlers.WatchedFileHandler", "formatter": "json", "delay": True}},
    "root": {"handlers": ["file"], "level": "WARNING"},
    "loggers": {
        # Django's own handler would write the message of an exception
        "django": {"handlers": ["file"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["file"], "level": "ERROR", "propagate": False},
        "django_structlog": {"level": "INFO"},
        "hotich": {"level": "INFO"},
    },
}
