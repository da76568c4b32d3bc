"""A ``JobEngine`` that runs nothing, and remembers what it was to run."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from vision_readiness_webhook.jobs import Work


class JobsOnPaper:
    """``jobs`` are kind, subject and id of what was enqueued, and ``pauses`` how long each was to wait."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, str, str]] = []
        self.pauses: list[float] = []

    def start(self, work: Work) -> None:
        pass

    def stop(self, grace_seconds: float) -> None:
        pass

    def cancel(self, jobs: Sequence[str]) -> None:
        pass

    def is_alive(self) -> bool:
        return True

    def enqueue(
        self, connection: sa.Connection, kind: str, subject: str, job: str, *, delay_seconds: float = 0
    ) -> None:
        self.jobs.append((kind, subject, job))
        self.pauses.append(delay_seconds)
