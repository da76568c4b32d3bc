"""The work of a run: look, decide, keep, and leave word in the outbox. Begun again after a crash, it says the same."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from vision_readiness import DeploymentSpec, Policy, Waiver
from vision_readiness.advisor import Advisor, decide, spec_in_force, written_spec
from vision_readiness.errors import InputError, ReadinessError, SourceError
from vision_readiness.evidence import Evidence
from vision_readiness.ports import Clock, Images
from vision_readiness.project import ProjectVersion
from vision_readiness.render.pictures import failure_picture, picture_id, picture_requests
from vision_readiness.report import Report
from vision_readiness_adapters.progress_bar import Quiet
from vision_readiness_adapters.spec_file import open_spec
from vision_readiness_webhook.intake import RUN
from vision_readiness_webhook.jobs import JobEngine
from vision_readiness_webhook.metrics import Metrics
from vision_readiness_webhook.outbox import Outbox
from vision_readiness_webhook.registry import Registry, Workspace, let_go
from vision_readiness_webhook.store.database import Database
from vision_readiness_webhook.store.given import pack_spec, pack_waivers, saved_spec, unpack_spec, waivers_in_force
from vision_readiness_webhook.store.pictures import keep_pictures
from vision_readiness_webhook.store.reports import keep_evidence, keep_report, load_evidence, newest_report
from vision_readiness_webhook.store.runs import REDECIDE, Run, RunState, change_run, find_run
from vision_readiness_webhook.tracing import span

T = TypeVar("T")

RETRY_SECONDS = (5.0, 30.0, 120.0, 600.0)
"""How long a run waits when its source does not answer, or when too many processes ended while they were at it."""

MOST_ATTEMPTS = len(RETRY_SECONDS) + 1
"""Attempts at a source that does not answer; and ends of a process that are taken for chance and not for the run's
doing. A run that goes on ending them has as many attempts more as there are pauses, and is then dead."""

SHOW_EVERY_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """Does runs. Everything it needs of the outside is given."""

    database: Database
    registry: Registry
    jobs: JobEngine
    outbox: Outbox
    clock: Clock
    policy: Policy
    metrics: Metrics = field(default_factory=Metrics)

    def run(self, run_id: str) -> None:
        """The run, done: its end is in the database whatever happens."""
        run = self._begin(run_id)
        if run is None:
            return
        workspace = self.registry.workspace(run.workspace)
        if workspace is None:
            self._end(run, RunState.FAILED, "not-served", "The workspace is not served any more.")
            return
        about = {"run": run_id, "workspace": run.workspace, "project": run.project, "version": run.version}
        try:
            with span("run", **about), self._evidence(run, workspace) as found:
                self._conclude(run, workspace, found)
        except ReadinessError as error:
            self._failed(run, error)
        except Exception:
            log.exception("run %s failed", run_id)
            self._end(run, RunState.FAILED, "internal-error", "The run failed; the log of the service says why.")

    def _begin(self, run_id: str) -> Run | None:
        """The run, now running; ``None`` for one that is over. One that took the process down too often is put down."""
        now = self._now()
        with self.database.write() as connection:
            run = find_run(connection, run_id)
            if run is None or run.state.is_over:
                return None
            if run.state is RunState.RUNNING and run.attempts >= MOST_ATTEMPTS:  # the process ended while it ran
                self._suspect(connection, run)
                return None
            begun: dict[str, Any] = {
                "state": RunState.RUNNING,
                "attempts": run.attempts + 1,
                "stage": "starting",
                "done": None,
                "total": None,
            }
            if run.started_at is None:
                self.metrics.began(now - run.accepted_at)
            change_run(connection, run_id, started_at=run.started_at or now, stage_at=now, **begun)
            return find_run(connection, run_id)

    def _suspect(self, connection: sa.Connection, run: Run) -> None:
        """Try the run again after a pause, in which others get done; put it down when there is none left."""
        pauses = RETRY_SECONDS[run.attempts - MOST_ATTEMPTS :]
        if not pauses:
            told = f"It was begun {run.attempts} times and never came to an end."
            self._end_in(connection, run, RunState.DEAD, "poison-run", told)
            return
        self._wait(connection, run, pauses[0], "The process ended while the run was under way.")

    def _wait(self, connection: sa.Connection, run: Run, pause: float, because: str) -> None:
        waiting = {"state": RunState.QUEUED, "stage": f"waiting {pause:.0f} s to try again", "detail": because}
        if change_run(connection, run.run_id, only=[RunState.RUNNING], **waiting):
            self.jobs.enqueue(connection, RUN, run.run_id, f"{run.run_id}-{run.attempts}", delay_seconds=pause)

    @contextmanager
    def _evidence(self, run: Run, workspace: Workspace) -> Iterator[_Found]:
        """The evidence for the run: kept from before where nothing has to be looked at, gathered else."""
        with self.database.read() as connection:
            last = newest_report(connection, run.workspace, run.project)
            key = run.evidence_key
            if key is None and run.because == REDECIDE and last is not None and run.version in (None, last.row.version):
                key = last.row.evidence_key
            kept = None if key is None else load_evidence(connection, run.workspace, key)
            saved = saved_spec(connection, run.workspace, run.project)
        if kept is not None:
            yield _Found(kept, None if saved or workspace.is_remote else self._spec_beside(workspace, kept))
            return
        advisor = self.registry.advisor(workspace, _Shown(self, run.run_id))
        with let_go(advisor.source):
            self.show(run.run_id, "reading the version")
            with span("read"):
                version = advisor.source.version(f"{run.workspace}/{run.project}", run.version)
            known = self._gathered(advisor, workspace, version, run)
            with self.database.write() as connection:
                known = keep_evidence(connection, known, run.workspace, self._now())
                change_run(connection, run.run_id, evidence_key=known.digest)
            yield _Found(known, version.beside.get("spec"), advisor.source.images)

    def _spec_beside(self, workspace: Workspace, known: Evidence) -> str | None:
        """Where the specification lies beside the data, which may be another than when the evidence was gathered."""
        source = self.registry.advisor(workspace, Quiet()).source
        with let_go(source), suppress(ReadinessError):  # a version that was taken away is judged as it was
            version = known.version
            return source.version(f"{version.workspace}/{version.project}", version.number).beside.get("spec")
        return None

    def _gathered(self, advisor: Advisor, workspace: Workspace, version: ProjectVersion, run: Run) -> Evidence:
        model = self.registry.model(workspace, version)
        with let_go(model), span("gather"):
            known = advisor.gather(version, model=model, model_id=run.model, calls=workspace.latency_calls)
        self.metrics.gathered(known)
        return known

    def _conclude(self, run: Run, workspace: Workspace, found: _Found) -> None:
        known, beside = found.evidence, found.spec
        self.show(run.run_id, "deciding")
        with self.database.read() as connection:
            last = newest_report(connection, run.workspace, run.project)
            saved = saved_spec(connection, run.workspace, run.project)
            accepted = tuple(waivers_in_force(connection, run.workspace, run.project).values())
        written = written_spec(
            saved=saved.text if saved else None,
            beside=beside,
            last=unpack_spec(last.spec_text) if last else None,
            opener=open_spec,
        )
        spec = spec_in_force(known, written)
        with span("decide"):
            report = self._decided(run, known, spec, accepted)
        with span("draw"):
            drawn = {} if found.images is None else _pictures(report, found.images)
        with span("keep"), self.database.write() as connection:
            now = self._now()
            keep_pictures(connection, run.workspace, known.digest, drawn)
            done = {"state": RunState.SUCCEEDED, "stage": "done", "finished_at": now, "report_id": report.id}
            key = known.digest
            if not change_run(connection, run.run_id, only=[RunState.RUNNING], evidence_key=key, **done):
                return  # another worker, which took this one for dead, was faster
            last = newest_report(connection, run.workspace, run.project)  # one may have come while this was decided
            is_newest = keep_report(
                connection,
                report,
                run_id=run.run_id,
                sequence=run.sequence,
                evidence_key=key,
                spec=pack_spec(spec),
                waivers=pack_waivers(accepted),
                now=run.accepted_at,
            )
            if is_newest:
                self.outbox.fill(connection, workspace, run, report, last)
        self.metrics.ended(RunState.SUCCEEDED)
        self.metrics.reported(report)

    def _decided(self, run: Run, known: Evidence, spec: DeploymentSpec, accepted: tuple[Waiver, ...]) -> Report:
        as_of = datetime.fromtimestamp(run.accepted_at, UTC)
        return decide(known, spec, as_of=as_of, policy=self.policy, waivers=accepted)

    def _failed(self, run: Run, error: ReadinessError) -> None:
        """End the run, or try again later what may then work: a source that did not answer."""
        text = " ".join(str(error).split())
        if isinstance(error, InputError) or not isinstance(error, SourceError) or run.attempts >= MOST_ATTEMPTS:
            self._end(run, RunState.FAILED, type(error).__name__, text)
            return
        delay = RETRY_SECONDS[min(run.attempts, len(RETRY_SECONDS)) - 1]
        with self.database.write() as connection:
            self._wait(connection, run, delay, text)

    def _end(self, run: Run, state: RunState, problem: str, detail: str) -> None:
        with self.database.write() as connection:
            self._end_in(connection, run, state, problem, detail)

    def _end_in(self, connection: sa.Connection, run: Run, state: RunState, problem: str, detail: str) -> None:
        ended = {"state": state, "stage": str(state), "finished_at": self._now(), "problem": problem, "detail": detail}
        if change_run(connection, run.run_id, only=[RunState.QUEUED, RunState.RUNNING], **ended):
            self.metrics.ended(state)

    def show(self, run_id: str, stage: str, done: int | None = None, total: int | None = None) -> None:
        """Let whoever looks at the run see how far it is."""
        now = self._now()
        values: dict[str, Any] = {"stage": stage[:200], "done": done, "total": total}
        if not done:
            values["stage_at"] = now
        with self.database.write() as connection:
            change_run(connection, run_id, only=[RunState.RUNNING], **values)

    def _now(self) -> float:
        return self.clock.now().timestamp()


@dataclass(frozen=True, slots=True)
class _Found:
    """Evidence; and from a source that is open, the specification beside the data, and the images."""

    evidence: Evidence
    spec: str | None = None
    images: Images | None = None


@dataclass(frozen=True, slots=True)
class _Shown:
    """The ``Progress`` port on the run's row, written at most once a second."""

    worker: Worker
    run_id: str

    def track(self, items: Sequence[T], what: str) -> Iterable[T]:
        shown = time.monotonic()
        self.worker.show(self.run_id, what, 0, len(items))
        for done, item in enumerate(items, start=1):
            yield item
            if time.monotonic() - shown >= SHOW_EVERY_SECONDS:
                shown = time.monotonic()
                self.worker.show(self.run_id, what, done, len(items))


def _pictures(report: Report, images: Images) -> dict[str, bytes]:
    """The examples that the page of the report shows, drawn; one that cannot be read or drawn is left out."""
    drawn = {}
    for example in picture_requests(report):
        with suppress(ReadinessError):
            drawn[picture_id(example)] = failure_picture(images.read(example.image), example)
    return drawn
