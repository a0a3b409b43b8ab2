"""Application logs: JSON lines, who asked for what by id, never a citizen's name or number.

The message of an exception may quote a value (a failing row, an unreadable date): only its type and the places it
went through are written. Values that are no codes, ids or counts are left out, whoever logs them. What cannot be told
from English: a name in small letters without tones, put into the very text of a message by a library.
"""

from __future__ import annotations

import logging
import re
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


MASK = "***"
# written as they are: made by this program, never typed by anybody
OWN_KEYS = frozenset(
    {"timestamp", "level", "logger", "exception", "path", "request", "request_id", "correlation_id", "ip"}
)
_CODE = re.compile(r"[a-z0-9_.:/@-]{1,120}")
_NUMBER = re.compile(r"(?<![\w-])\d(?:[ .-]?\d){8,}(?![\w-])")  # 9 digits and more, however they are spaced
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|“[^”\n]*”|‘[^’\n]*’|«[^»\n]*»")
_IN_BRACKETS = re.compile(r"\([^()\n]*\)=\([^\n]*\)|contains \([^\n]*")  # how PostgreSQL quotes a failing row
_FOREIGN_WORD = re.compile(r"\w*[^\W\d_a-zA-Z]\w*")
_NAME_LIKE = re.compile(r"\b[A-Z][a-z']+(?: [A-Z][a-z']+)+\b")


def masked(text: str) -> str:
    """A message with everything taken out that may be a name, a number of a document or a quoted value."""
    for pattern in (_IN_BRACKETS, _QUOTED, _NUMBER, _FOREIGN_WORD, _NAME_LIKE):
        text = pattern.sub(MASK, text)
    return text


def _value(value: Any) -> Any:
    """A value that was logged beside a message: counts, codes and ids stay."""
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, int) or abs(value) < 10**8 else MASK
    if isinstance(value, dict):
        return {str(key): _value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(item) for item in value]
    text = str(value)
    return text if _CODE.fullmatch(text) and not _NUMBER.search(text) else MASK


def without_personal_data(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Mask the message and every value that is not this module's own."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and not event.get("_from_structlog"):
        event["event"] = _foreign_message(record)
    elif isinstance(event.get("event"), str):
        event["event"] = masked(event["event"])
    for key in event.keys() - OWN_KEYS - {"event"}:
        if not key.startswith("_"):
            event[key] = _value(event[key])
    return event


def _foreign_message(record: logging.LogRecord) -> str:
    """The text of a library: written by its authors, so only what is filled in is masked, when that can be told apart."""
    if record.args:
        args = record.args
        try:
            filled = {k: _value(v) for k, v in args.items()} if isinstance(args, dict) else tuple(map(_value, args))
            return str(record.msg) % filled
        except (TypeError, ValueError):
            return masked(str(record.msg))
    return masked(str(record.msg))


SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_query,
    without_message,
    without_personal_data,
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
