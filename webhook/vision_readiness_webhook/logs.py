"""Logs as lines of JSON, with no secret in them."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import IO

from opentelemetry import trace

from vision_readiness.roboflow.redact import redact

SECRET_WORDS = ("SECRET", "TOKEN", "PASSWORD", "API_KEY", "SLACK")
"""Parts of the names of environment variables that hold what must not be shown."""


class JsonLines(logging.Formatter):
    """One line a record: time in UTC, level, logger, message, and the trace where there is one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secret for secret in secrets if len(secret) > 7)

    def format(self, record: logging.LogRecord) -> str:
        plain: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redact(record.getMessage(), self._secrets),
        }
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            plain |= {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}
        if record.exc_info:
            plain["error"] = redact(self.formatException(record.exc_info), self._secrets)
        return json.dumps(plain, ensure_ascii=False)


def secrets_of(environment: Mapping[str, str], more: Iterable[str] = ()) -> list[str]:
    """The values that no log may hold: of variables whose name says so, word by word, and ``more``."""
    told = [text for name, text in environment.items() if any(word in name.upper() for word in SECRET_WORDS)]
    return [word for text in (*told, *more) for word in text.split()]


def log_as_json(level: str, secrets: Iterable[str], stream: IO[str] | None = None) -> None:
    """Have everything that is logged in this process, by the server and the libraries too, leave as lines of JSON."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in list(logging.root.manager.loggerDict):  # a library's own handler would write beside
        known = logging.getLogger(name)
        known.handlers.clear()
        known.propagate = True
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    for name in ("sqlalchemy", "alembic"):  # statements are told with their values, which may be anything
        logging.getLogger(name).setLevel(logging.WARNING)
