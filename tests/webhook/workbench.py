"""A worker and its outbox on a database, with nobody beside them and a source that fails when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from tests.small_workspace import WORKSPACE
from tests.webhook.crashing.service import ManyProjects
from tests.webhook.jobs_on_paper import JobsOnPaper
from vision_readiness.advisor import Advisor
from vision_readiness.ports import Progress
from vision_readiness.predict.interface import Model
from vision_readiness.project import ProjectVersion
from vision_readiness.report import Report
from vision_readiness.testing import StillClock
from vision_readiness_webhook.intake import Arrival, Intake
from vision_readiness_webhook.outbox import Message, MessageState, Sent
from vision_readiness_webhook.registry import Workspace
from vision_readiness_webhook.store import Database
from vision_readiness_webhook.store.reports import Kept
from vision_readiness_webhook.store.runs import Asked, Run, find_run
from vision_readiness_webhook.store.schema import outbox
from vision_readiness_webhook.work import Worker


class Told:
    """A ``Channel`` that keeps what it was to send."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def addresses(self, workspace: Workspace, report: Report, last: Kept | None) -> list[str]:
        return ["everybody"]

    def send(self, workspace: Workspace, message: Message, kept: Kept) -> Sent:
        self.sent.append(message)
        return Sent(MessageState.DELIVERED)


class PowerCutError(BaseException):
    """Ends the work where it is, as a process that dies would."""


@dataclass(frozen=True, slots=True)
class Troubled(ManyProjects):
    """Projects whose source fails as often as it is told to."""

    troubles: list[BaseException] = field(default_factory=list)
    meet: threading.Barrier | None = None

    def advisor(self, workspace: Workspace, progress: Progress) -> Advisor:
        if self.troubles:
            raise self.troubles.pop(0)
        return ManyProjects.advisor(self, workspace, progress)

    def model(self, workspace: Workspace, version: ProjectVersion) -> Model | None:
        if self.meet is not None:
            self.meet.wait(30)
        return None


@dataclass(frozen=True, slots=True)
class Workbench:
    """A worker on a database, with nobody beside it."""

    database: Database
    registry: Troubled
    jobs: JobsOnPaper
    told: Told
    clock: StillClock
    worker: Worker

    def ask(self, project: str, version: int | None, because: str = "version.created", **more: Any) -> str:
        """The run for a version, as the intake makes it."""
        intake = Intake(self.database, self.jobs, self.clock)
        intake.start()
        receipt = intake.accept(Arrival(Asked(WORKSPACE, project, version, None, because, **more)))
        intake.stop()
        return receipt.run_id

    def found(self, run_id: str) -> Run:
        with self.database.read() as connection:
            run = find_run(connection, run_id)
        assert run is not None
        return run

    def send_all(self) -> None:
        for kind, subject, _ in list(self.jobs.jobs):
            if kind == "send":
                self.worker.outbox.send(subject)

    def messages(self) -> Mapping[str, str]:
        with self.database.read() as connection:
            return {row.run_id: row.state for row in connection.execute(sa.select(outbox))}
