"""What can go wrong in the service, as one tree; every message says what to do next.

ServiceError
  SettingsError         the service cannot start as it is configured
  DatabaseError         the database is not there, or is of another version
  ProblemError          an answer to a request: a status, the type of problem, and what to do
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vision_readiness.errors import ReadinessError


class ServiceError(ReadinessError):
    """Anything the service raises on purpose."""


class SettingsError(ServiceError):
    """The service cannot start as it is configured."""


class DatabaseError(ServiceError):
    """The database is not there, or is of another version."""


class ProblemError(ServiceError):
    """An answer to a request that says no: RFC 9457, with ``type`` the name of the problem in ``PROBLEMS``."""

    def __init__(
        self, status: int, problem: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = problem
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more
