"""Fixes: what a report proposes, and what people did about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starlette.responses import Response

from vision_readiness.guide.fix import Fix
from vision_readiness.readiness import Action
from vision_readiness.reasons import REASONS
from vision_readiness.report import Report
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.newest import newest, report_of, values_of
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.store.people import FixStep, Step, fix_key, steps_of

MOST_EXAMPLES = 12
BEGUN: Mapping[Action, tuple[FixStep, ...]] = {
    **dict.fromkeys((Action.RETRAIN, Action.TRAIN), (FixStep.RETRAIN_STARTED,)),
    **dict.fromkeys(
        (Action.FIX_DATASET, Action.COLLECT_DATA, Action.LABEL_MORE), (FixStep.RELABEL_STARTED, FixStep.RETRAIN_STARTED)
    ),
}
"""What can be begun for a fix, by what it asks for; every other is only opened and done."""


def steps_by_fix(steps: Iterable[Step], fixes: Iterable[Fix]) -> Mapping[str, list[Step]]:
    """What was done about each of ``fixes`` by its title, in the order of ``steps``."""
    titles = {key: fix.title for fix in fixes for key in (fix_key(fix), fix.title[:300])}
    by_fix: dict[str, list[Step]] = {}
    for step in steps:
        by_fix.setdefault(titles.get(step.fix, ""), []).append(step)
    return by_fix


def show(visit: Visit) -> Response:
    """One fix of the newest report in full."""
    kept = newest(visit)
    report = report_of(kept)
    number = _number(visit, report)
    fix = report.fixes[number - 1]
    asked = (one.requirement for one in report.requirements)
    about = {*fix.subjects, *(one.label for one in asked if one.id in fix.answers)}
    with visit.service.database.read() as connection:
        steps = steps_by_fix(steps_of(connection, visit.actor.workspace, visit.project), [fix])
    return visit.page(
        "fix.html.j2",
        **values_of(visit, kept, report),
        fix=fix,
        number=number,
        begun=BEGUN.get(fix.action, ()),
        reason=REASONS.get(fix.code or ""),
        steps=steps.get(fix.title, []),
        examples=[one for one in report.errors.examples if one.label in about][:MOST_EXAMPLES],
        findings=[one for one in report.findings if one.code == fix.code],
    )


def change(visit: Visit) -> Response:
    """Somebody opened the fix, began it or is done with it: put on record."""
    kept = newest(visit)
    report = report_of(kept)
    number = _number(visit, report)
    try:
        step = FixStep(visit.form.get("step", ""))
    except ValueError:
        raise ProblemError(422, "no-such-step", "Choose one of the steps on the page.") from None
    visit.actions.fix_step(kept.row.report_id, report.fixes[number - 1].title, step)
    return visit.go("app", visit.project, "fixes", number)


def _number(visit: Visit, report: Report) -> int:
    named = visit.named("number")
    number = int(named) if named.isascii() and named.isdecimal() and len(named) < 5 else 0
    if not 1 <= number <= len(report.fixes):
        raise ProblemError(404, "not-found", "Fix not found: a newer report has others.")
    return number
