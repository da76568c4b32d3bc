"""Decisions from kept evidence: nothing is fetched, no image is read, nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from vision_readiness import DeploymentSpec, Waiver
from vision_readiness.advisor import decide, written_spec
from vision_readiness.compare.what_if import changed_spec
from vision_readiness.errors import InputError, SpecError
from vision_readiness.evidence import Evidence
from vision_readiness.report import Report
from vision_readiness_webhook.api.operation import Call, not_found
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.store.given import saved_spec, unpack_spec, unpack_waivers, waivers_in_force
from vision_readiness_webhook.store.reports import Kept, load_evidence, newest_report, report_of_version

EVERY_CLASS = ""
"""Stands for the threshold of every class."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a decision is taken from."""

    kept: Kept
    evidence: Evidence
    spec: DeploymentSpec
    waivers: tuple[Waiver, ...]

    def changed(
        self, *, thresholds: Mapping[str, float], target: str | None = None, p95_ms: float | None = None
    ) -> DeploymentSpec:
        """The specification with these changes; raises ``ProblemError`` for one that makes no sense."""
        labels = self.evidence.dataset.classes
        every = thresholds.get(EVERY_CLASS)
        wanted = {} if every is None else dict.fromkeys(labels, every)
        wanted |= {label: score for label, score in thresholds.items() if label != EVERY_CLASS}
        try:
            return changed_spec(self.spec, labels, thresholds=wanted, target=target, p95_ms=p95_ms)
        except InputError as error:
            raise ProblemError(422, "not-valid", " ".join(str(error).split())) from None

    def report(self, call: Call[Any, Any], spec: DeploymentSpec, as_of: datetime) -> Report:
        """The decision under ``spec``, as of a day."""
        try:
            return decide(self.evidence, spec, as_of=as_of, policy=call.service.policy, waivers=self.waivers)
        except (InputError, SpecError) as error:
            raise ProblemError(422, "not-valid", " ".join(str(error).split())) from None


def report_at(connection: sa.Connection, workspace: str, project: str, version: int | None) -> Kept:
    """The last report on the version, or the one that stands; raises ``ProblemError`` where there is none."""
    if version is None:
        kept = newest_report(connection, workspace, project)
    else:
        kept = report_of_version(connection, workspace, project, version)
    if kept is None:
        said = "No report on this version, or you have no access: POST /vision-readiness/scan."
        raise ProblemError(404, "not-found", said)
    return kept


def basis_of(connection: sa.Connection, kept: Kept) -> Basis:
    """What the report was decided from, as it was; raises ``ProblemError`` where the evidence is gone."""
    return Basis(kept, _evidence(connection, kept), unpack_spec(kept.spec_text), unpack_waivers(kept.waivers))


def basis_in_force(connection: sa.Connection, kept: Kept) -> Basis:
    """The evidence of the report, with the specification and the waivers that are in force now."""
    place = kept.row.workspace, kept.row.project
    saved = saved_spec(connection, *place)
    spec = written_spec(saved=saved.text if saved else None, last=unpack_spec(kept.spec_text))
    return Basis(kept, _evidence(connection, kept), spec, tuple(waivers_in_force(connection, *place).values()))


def _evidence(connection: sa.Connection, kept: Kept) -> Evidence:
    known = load_evidence(connection, kept.row.workspace, kept.row.evidence_key)
    if known is None:
        raise ProblemError(409, "no-evidence", "The evidence of this report is not kept any more: have it scanned.")
    return known


def thresholds_of(texts: tuple[str, ...]) -> Mapping[str, float]:
    """Scores by class from ``CLASS:SCORE``, or one for every class from a bare ``SCORE``; raises ``ProblemError``.

    >>> thresholds_of(("0.5", "fork: lift:0.3"))
    {'': 0.5, 'fork: lift': 0.3}
    """
    found: dict[str, float] = {}
    for text in texts:
        label, _, score = text.rpartition(":")
        try:
            found[label] = float(score)
        except ValueError:
            raise ProblemError(422, "not-valid", "A threshold is written CLASS:SCORE, or SCORE for all.") from None
        if not 0 <= found[label] <= 1:
            raise ProblemError(422, "not-valid", "A threshold is a score from 0 to 1.")
    return found


def project_known(connection: sa.Connection, workspace: str, project: str) -> Kept:
    """The report that stands for the project; raises ``ProblemError`` for one that is not there."""
    kept = newest_report(connection, workspace, project)
    if kept is None:
        raise not_found("project")
    return kept
