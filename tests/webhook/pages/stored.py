"""A workspace as it stands after some weeks: the offline projects in all five states, kept as runs keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import REPOSITORY
from vision_readiness import Advisor, DeploymentSpec
from vision_readiness.advisor import decide
from vision_readiness.evidence import Evidence
from vision_readiness.report import Report
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.spec_file import open_spec
from vision_readiness_webhook.store.database import Database
from vision_readiness_webhook.store.given import pack_spec, pack_waivers
from vision_readiness_webhook.store.reports import keep_evidence, keep_report
from vision_readiness_webhook.store.runs import Asked, RunState, add_run, change_run, find_run

CALLS = 200
PLACES: Mapping[str, Path] = {
    "ready": bundled_workspace() / "acme/dock-packages/3",
    "warning": REPOSITORY / "fixtures/acme/crate-grading/2",
    "monitor_required": REPOSITORY / "fixtures/acme/parcel-masks/2",
    "blocked": bundled_workspace() / "acme/yard-safety/5",
    "retrain_required": REPOSITORY / "fixtures/acme/yard-safety/6",
    "leak": REPOSITORY / "fixtures/acme/shelf-stock/2",
    "not_proven": REPOSITORY / "fixtures/acme/night-gate/1",
}
"""Versions by the state they are judged to be in, each with its specification beside it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was found out about a version, and what is asked of it."""

    evidence: Evidence
    spec: DeploymentSpec


def gathered(name: str) -> Known:
    """The evidence of one of ``PLACES``."""
    folder = PLACES[name]
    advisor = Advisor.connect(str(folder.parents[2]))
    version = advisor.source.version(f"acme/{folder.parent.name}", int(folder.name))
    return Known(advisor.gather(version, calls=CALLS), open_spec(str(folder / "spec.yaml")))


def keep(database: Database, known: Known, at: float) -> str:
    """The id of the report on ``known``, kept as a run keeps it that was asked for ``at`` that moment."""
    report = decide(known.evidence, known.spec, as_of=datetime.fromtimestamp(at, UTC))
    with database.write() as connection:
        keep_evidence(connection, known.evidence, "acme", at)
    return keep_made(database, report, at, known=known)


def keep_made(
    database: Database, report: Report, at: float, *, project: str | None = None, known: Known | None = None
) -> str:
    """The id of ``report``, kept under ``acme`` and ``project`` with a run that ended in it."""
    subject = replace(report.subject, workspace="acme", project=project or report.subject.project)
    report = replace(report, subject=subject)
    key = known.evidence.digest if known else "none"
    with database.write() as connection:
        asked = Asked("acme", subject.project, subject.version, None, "version.created", (str(at),))
        run_id, _ = add_run(connection, asked, at)
        done = {"state": RunState.SUCCEEDED, "stage": "done", "report_id": report.id, "evidence_key": key}
        change_run(connection, run_id, started_at=at, stage_at=at, finished_at=at + 40, attempts=1, **done)
        run = find_run(connection, run_id)
        assert run is not None
        keep_report(
            connection,
            report,
            run_id=run_id,
            sequence=run.sequence,
            evidence_key=key,
            spec=pack_spec(known.spec if known else DeploymentSpec(project=f"acme/{subject.project}")),
            waivers=pack_waivers(()),
            now=at,
        )
    return report.id
