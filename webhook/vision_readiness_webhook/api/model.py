"""What a model does, at its scores or at others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from vision_readiness.evaluate.examples import FailureExample
from vision_readiness.readiness import ReadinessState
from vision_readiness.report import Report, deployable_on
from vision_readiness.report.tables import ClassFigures, Confusion, Identity
from vision_readiness.requirement import RequirementResult
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.api.deciding import (
    basis_of,
    report_at,
    thresholds_of,
)
from vision_readiness_webhook.api.names import VersionId, version_id
from vision_readiness_webhook.api.operation import Answer, Call, Given, Nothing, Operation, Shown, log
from vision_readiness_webhook.api.shown import Blocker, blockers
from vision_readiness_webhook.store.reports import Kept, newest_report


class ModelAsked(Given):
    """Which training to explain, and at which scores."""

    train: VersionId
    eval_set: Literal["test"] = Field(
        "test", description="thresholds are chosen on valid, so that only test can say how good they are"
    )
    threshold: tuple[str, ...] = Field((), max_length=200, description="`CLASS:SCORE`, or `SCORE` for every class")


class WeakClass(Shown):
    """A class of which a requirement is not met."""

    figures: ClassFigures
    unmet: tuple[RequirementResult, ...]


class ModelAnswer(Shown):
    """What a model does, in the test images that count. ``risk_score`` is the risk that *ready* would be wrong.

    ``redecided`` says that the scores asked for are not those of the report: it was decided again with them.
    """

    subject: Identity
    report_id: str
    report_url: str
    is_newest: bool
    redecided: bool
    state: ReadinessState
    deployable: bool
    headline: str
    risk_score: float
    thresholds: Mapping[str, float]
    weak_classes: tuple[WeakClass, ...]
    examples: tuple[FailureExample, ...]
    confusion: Confusion | None
    blockers: tuple[Blocker, ...]


def explain_model(call: Call[ModelAsked, Nothing]) -> Answer:
    """What the model does, at its own scores or at those asked for."""
    project, version = version_id(call.query.train)
    thresholds = thresholds_of(call.query.threshold)
    with call.service.database.read() as connection:
        kept = report_at(connection, call.workspace, project, version)
        standing = newest_report(connection, call.workspace, project)
        basis = basis_of(connection, kept) if thresholds else None
    report = kept.report()
    log(call, "model.viewed", project, {"report": kept.row.report_id, "thresholds": thresholds})
    if basis is not None:
        report = basis.report(call, basis.changed(thresholds=thresholds), call.now)
    is_newest = standing is not None and standing.row.run_id == kept.row.run_id
    return Answer(_explained(call, report, kept, is_newest=is_newest))


def _explained(call: Call[Any, Any], report: Report, kept: Kept, *, is_newest: bool) -> ModelAnswer:
    weak = []
    for figures in report.figures.classes:
        asked = [one for one in report.requirements if one.requirement.label == figures.label]
        not_met = tuple(one for one in asked if one.outcome != "pass")
        if not_met:
            weak.append(WeakClass(figures=figures, unmet=not_met))
    return ModelAnswer(
        subject=report.subject,
        report_id=kept.row.report_id,
        report_url=call.url(f"/reports/{kept.row.report_id}"),
        is_newest=is_newest,
        redecided=report.id != kept.row.report_id,
        state=report.readiness_state,
        deployable=deployable_on(report, call.now.date()),
        headline=report.headline,
        risk_score=report.failure_probability,
        thresholds=report.scores.thresholds,
        weak_classes=tuple(weak),
        examples=report.errors.examples,
        confusion=report.errors.confusion,
        blockers=blockers(call, report),
    )


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "GET",
        "/vision-readiness/model",
        "explain_model",
        "What a model does: weak classes, examples and risk, at its scores or at others.",
        Role.SUPPORT,
        {200: ModelAnswer},
        explain_model,
        ModelAsked,
        Nothing,
        ("not-found", "no-evidence"),
        decides=True,
    ),
)
