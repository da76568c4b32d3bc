from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.small_workspace import NUMBER, PROJECT, WORKSPACE, small_workspace
from tests.webhook.crashing.service import ManyProjects
from tests.webhook.workbench import Workbench
from vision_readiness.deliveries.watch import ModelSeen, ProjectSeen, Snapshot, VersionSeen
from vision_readiness.deliveries.watcher import Watched
from vision_readiness.errors import InputError, SourceError
from vision_readiness.testing import StillClock
from vision_readiness_adapters.watched import WatchedFolder
from vision_readiness_webhook.freshness import newer_than
from vision_readiness_webhook.outbox import MessageState
from vision_readiness_webhook.registry import Workspace
from vision_readiness_webhook.store.reports import ReportRow, newest_report
from vision_readiness_webhook.store.schema import outbox

JUDGED = StillClock().now()
BEFORE, AFTER = JUDGED - timedelta(seconds=1), JUDGED + timedelta(seconds=1)
A_VERSION, A_MODEL = "Version 4 is there by now.", "A model was trained since."
sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True, slots=True)
class Looked:
    """``Watched``: what it was given, or the error; ``closed`` grows by one each time that it is let go of."""

    seen: tuple[ProjectSeen, ...] | Exception
    closed: list[bool] = field(default_factory=list)

    def snapshot(self, taken: datetime) -> Snapshot:
        if isinstance(self.seen, Exception):
            raise self.seen
        return Snapshot(taken=taken, projects=self.seen)

    def close(self) -> None:
        self.closed.append(True)


@dataclass(frozen=True, slots=True)
class Looking(ManyProjects):
    """A registry that looks at projects through ``look``, which is given the name of the project."""

    look: Callable[[str | None], Watched] = lambda _: Looked(())

    def watched(self, workspace: Workspace, project: str | None = None) -> Watched:
        return self.look(project)


def project(*versions: int, name: str = "line", workspace: str = WORKSPACE, **more: object) -> ProjectSeen:
    seen = {"workspace": workspace, "project": name, "versions": [VersionSeen(number=one) for one in versions], **more}
    return ProjectSeen.model_validate(seen)


def model(version: int | None, at: datetime | None) -> ModelSeen:
    return ModelSeen(model="line-model", version=version, at=at)


def row(version: int | None = 3) -> ReportRow:
    """A report on version 3 of ``line``, made at the moment ``JUDGED``."""
    known: dict[str, Any] = dict.fromkeys(ReportRow.__dataclass_fields__, "")
    place = {"workspace": WORKSPACE, "project": "line", "version": version}
    return ReportRow(**{**known, **place, "created_at": JUDGED.timestamp()})


def newer(seen: tuple[ProjectSeen, ...] | Exception, version: int | None = 3) -> str | None:
    registry = Looking(Path("unread"), look=lambda _: Looked(seen))
    return newer_than(registry, registry.only, row(version), AFTER)


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        ((), None),
        ((project(),), None),
        ((project(1, 2, 3),), None),
        ((project(1, 2),), None),
        ((project(4),), A_VERSION),
        ((project(3, 4, 1),), A_VERSION),
        ((project(4, name="other"),), None),
        ((project(4, workspace="globex"),), None),
        ((project(9, name="other"), project(4)), A_VERSION),
        ((project(3, models=[model(3, AFTER)]),), A_MODEL),
        ((project(3, models=[model(3, BEFORE)]),), None),
        ((project(3, models=[model(3, JUDGED)]),), None),
        ((project(3, models=[model(3, None)]),), None),
        ((project(2, 3, models=[model(2, AFTER)]),), None),
        ((project(3, models=[model(None, AFTER)]),), A_MODEL),
        ((project(3, models=[model(3, BEFORE), model(3, AFTER)]),), A_MODEL),
        ((project(3, other_models=[model(None, AFTER)]),), A_MODEL),
        ((project(3, other_models=[model(None, BEFORE)]),), None),
        ((project(3, other_models=None),), None),
        ((project(3, name="other", models=[model(3, AFTER)]),), None),
    ],
)
def test_what_is_newer_than_a_report(seen: tuple[ProjectSeen, ...], sentence: str | None) -> None:
    assert newer(seen) == sentence


def test_a_report_on_no_version_is_made_stale_by_a_model_alone() -> None:
    assert newer((project(9),), version=None) is None
    assert newer((project(9, models=[model(None, AFTER)]),), version=None) == A_MODEL


@pytest.mark.parametrize("seen", [SourceError("Roboflow does not answer"), (project(read=False),)])
def test_who_cannot_look_does_not_know(seen: tuple[ProjectSeen, ...] | Exception) -> None:
    with pytest.raises(SourceError):
        newer(seen)


@pytest.mark.parametrize("seen", [(project(4),), SourceError("Roboflow does not answer")])
def test_one_project_is_looked_at_and_let_go_of(seen: tuple[ProjectSeen, ...] | Exception) -> None:
    looked, asked = Looked(seen), []

    def look(name: str | None) -> Watched:
        asked.append(name)
        return looked

    registry = Looking(Path("unread"), look=look)
    with contextlib.suppress(SourceError):
        newer_than(registry, registry.only, row(), AFTER)
    assert (asked, looked.closed) == (["line"], [True])


def judged(bench: Workbench, look: Callable[[str | None], Watched], name: str = "line", number: int = 3) -> Workbench:
    """The workbench with a report that waits to be sent, and whose source is then looked at through ``look``."""
    bench.worker.run(bench.ask(name, number))
    out = replace(bench.worker.outbox, registry=Looking(bench.registry.folder, look=look))
    return replace(bench, worker=replace(bench.worker, outbox=out))


def ended(bench: Workbench) -> tuple[str, int]:
    """The state of the one message, and how many were told."""
    with bench.database.read() as connection:
        state = connection.execute(sa.select(outbox.c.state)).scalar_one()
    return state, len(bench.told.sent)


@sqlite_alone
@pytest.mark.parametrize(
    ("seen", "end"),
    [
        (project(3), (MessageState.DELIVERED, 1)),
        (project(3, 4), (MessageState.STALE, 0)),
        (project(3, models=[model(3, AFTER)]), (MessageState.STALE, 0)),
    ],
)
def test_nobody_is_told_of_what_something_newer_made_stale(
    bench: Workbench, seen: ProjectSeen, end: tuple[str, int]
) -> None:
    bench = judged(bench, lambda _: Looked((seen,)))
    bench.send_all()
    bench.send_all()
    assert ended(bench) == end
    with bench.database.read() as connection:
        detail = connection.execute(sa.select(outbox.c.detail)).scalar_one()
    assert (detail in {A_VERSION, A_MODEL}) is (end[0] is MessageState.STALE)


@sqlite_alone
@pytest.mark.parametrize(
    ("later", "end"), [(project(3), (MessageState.DELIVERED, 1)), (project(4), (MessageState.STALE, 0))]
)
def test_while_the_source_does_not_answer_nobody_is_told_and_it_is_asked_again(
    bench: Workbench, later: ProjectSeen, end: tuple[str, int]
) -> None:
    answers = iter([Looked(SourceError("Roboflow does not answer")), Looked((later,))])
    bench = judged(bench, lambda _: next(answers))
    before = len(bench.jobs.jobs)
    bench.send_all()
    assert ended(bench) == (MessageState.PENDING, 0)
    assert len(bench.jobs.jobs) == before + 1
    assert bench.jobs.pauses[-1] > 0
    bench.worker.outbox.send(bench.jobs.jobs[-1][1])
    assert ended(bench) == end


@sqlite_alone
def test_a_source_that_never_can_be_looked_at_ends_the_message(bench: Workbench) -> None:
    bench = judged(bench, lambda _: Looked(InputError("there is no key")))
    bench.send_all()
    assert ended(bench) == (MessageState.REFUSED, 0)


def add_version(folder: Path) -> None:
    shutil.copytree(folder, folder.with_name(str(NUMBER + 1)))


def train_again(folder: Path) -> None:
    os.utime(folder / "model.onnx", (AFTER.timestamp(), AFTER.timestamp()))


@sqlite_alone
@pytest.mark.parametrize("change", [add_version, train_again])
def test_a_report_goes_stale_between_judging_and_sending(
    bench: Workbench, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    root = small_workspace(tmp_path / "source", 1)
    folder = root / WORKSPACE / PROJECT / str(NUMBER)
    os.utime(folder / "model.onnx", (BEFORE.timestamp(), BEFORE.timestamp()))
    look = WatchedFolder(root, WORKSPACE, PROJECT)
    assert (
        newer_than(
            Looking(root, look=lambda _: look), bench.registry.only, replace(row(NUMBER), project=PROJECT), JUDGED
        )
        is None
    )
    bench = judged(bench, lambda _: look, PROJECT, NUMBER)
    change(folder)
    bench.send_all()
    assert ended(bench) == (MessageState.STALE, 0)
    with bench.database.read() as connection:
        standing = newest_report(connection, WORKSPACE, PROJECT)
    assert standing is not None
    assert datetime.fromtimestamp(standing.row.created_at, UTC) == JUDGED
