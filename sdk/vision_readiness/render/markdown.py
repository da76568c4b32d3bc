"""The report as GitHub-flavoured markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from vision_readiness.numbers import percent
from vision_readiness.render.checklist import checklist_markdown
from vision_readiness.render.concerns import concerns
from vision_readiness.render.error_panels import error_costs
from vision_readiness.render.escaping import escaped
from vision_readiness.render.fit_panels import HEAD as FIT_HEAD
from vision_readiness.render.fit_panels import fit_rows, fit_words
from vision_readiness.render.phrases import (
    assumed_words,
    badge,
    capture_words,
    estimate_words,
    interval_words,
    state_words,
    subject_words,
    tally_words,
)
from vision_readiness.render.score_panels import bin_words, is_off, score_panels
from vision_readiness.render.slice_panels import CAUTION, HEAD, search_words, slice_rows
from vision_readiness.render.words import OUTCOMES, measured_words, requirement_words
from vision_readiness.requirement import Outcome

if TYPE_CHECKING:
    from vision_readiness.report import Report

MOST_ROWS = 40
MOST_TELLING = 5


def markdown_text(report: Report) -> str:
    """The card, the stages, the requirements and what to do, as GitHub-flavoured markdown; names cannot format."""
    parts = [
        f"## \\[{badge(report)}\\] {escaped(report.headline)}",
        *map(escaped, report.proof),
        f"**Next:** {escaped(report.next_action.sentence)}",
        escaped(subject_words(report)),
        *_stages(report),
        *_requirements(report),
        *_fixes(report),
        *_capture(report),
        *_concerns(report),
        *_slices(report),
        *_fits(report),
        *_kept(report),
        *_costs(report),
        *_scores(report),
        *_waived(report),
        *([checklist_markdown(report.rollout.checklist)] if report.rollout.checklist else []),
        f"<sub>Report {escaped(report.id)}, {escaped(report.provenance.created_at)}</sub>",
    ]
    return "\n\n".join(parts) + "\n"


def _stages(report: Report) -> Iterator[str]:
    rows = ((stage.stage.capitalize(), state_words(stage.state), stage.because) for stage in report.stages)
    yield table(("Stage", "State", "Because"), rows)


def _requirements(report: Report) -> Iterator[str]:
    assumed = assumed_words(report)
    yield f"### Requirements\n\n{tally_words(report)}{f'; {assumed}' if assumed else ''}."
    order = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS)
    results = sorted(report.requirements, key=lambda result: order.index(result.outcome))
    if not results:
        return
    rows = (
        (
            OUTCOMES[result.outcome],
            requirement_words(result.requirement) + ("" if result.requirement.critical else " (not critical)"),
            measured_words(result),
        )
        for result in results[:MOST_ROWS]
    )
    yield table(("Outcome", "Requirement", "Measured"), rows) + _more(len(results))


def _fixes(report: Report) -> Iterator[str]:
    if report.fixes:
        lines = (
            f"{rank}. **{escaped(fix.title)}** {escaped(fix.detail)} (effort {escaped(fix.effort)})"
            for rank, fix in enumerate(report.fixes[:MOST_ROWS], 1)
        )
        yield "### What to do, in order\n\n" + "\n".join(lines)


def _capture(report: Report) -> Iterator[str]:
    if report.plan.capture:
        lines = (f"- {escaped(capture_words(item))}" for item in report.plan.capture[:MOST_ROWS])
        together = report.plan.sample_estimate
        said = f"\n\n{escaped(estimate_words(together))}" if together else ""
        yield "### What to collect\n\n" + "\n".join(lines) + _more(len(report.plan.capture)) + said


def _concerns(report: Report) -> Iterator[str]:
    ranked = concerns(report)
    if ranked:
        rows = ((at.severity, at.code, at.sentence, at.fix, at.owner) for at in ranked[:MOST_ROWS])
        yield f"### Findings\n\n{table(('Severity', 'Code', 'Finding', 'Fix', 'Owner'), rows)}{_more(len(ranked))}"


def _slices(report: Report) -> Iterator[str]:
    scan = report.errors.weak_slices
    if scan is None or not scan.tried:
        return
    rows = [row.cells for row in slice_rows(report)]
    found = f"\n\n{table(HEAD, rows[:MOST_ROWS])}{_more(len(rows))}\n\n{CAUTION}" if rows else ""
    yield f"### Where it is weaker than elsewhere\n\n{search_words(scan)}{found}"


def _fits(report: Report) -> Iterator[str]:
    said, rows = fit_words(report), fit_rows(report)
    if said is not None:
        fits = f"{table(FIT_HEAD, rows[:MOST_ROWS])}{_more(len(rows))}"
        yield f"### Memorised training data\n\n{escaped(said)}\n\n{fits}"


def _kept(report: Report) -> Iterator[str]:
    if report.scores.kept_thresholds:
        head = ("Class", "Situation", "Keeps", "Score", "On test", "Paid with")
        rows = (
            (
                one.label,
                one.situation or "all images",
                f"{one.metric} {percent(one.at_least)}",
                one.because if one.threshold is None else f"{one.threshold:.3f}",
                interval_words(one.on_test),
                one.paid_with or "–",
            )
            for one in report.scores.kept_thresholds[:MOST_ROWS]
        )
        yield f"### Thresholds chosen to keep a rate\n\n{table(head, rows)}{_more(len(report.scores.kept_thresholds))}"


def _costs(report: Report) -> Iterator[str]:
    costs = error_costs(report)[:MOST_TELLING]
    if costs:
        rows = ((cost.label, str(cost.kind), f"{cost.delta_ap50:.3f}", cost.remedy) for cost in costs)
        head = ("Class", "What is wrong", "AP50 it costs", "What usually mends it")
        yield f"### What errors cost most\n\n{table(head, rows)}"


def _scores(report: Report) -> Iterator[str]:
    off = [panel.telling for panel in score_panels(report) if is_off(panel.telling)][:MOST_TELLING]
    if off:
        lines = (f"- {escaped(one.sentence)} {escaped(bin_words(one))}" for one in off)
        yield "### Scores that do not mean what they say\n\n" + "\n".join(lines)


def _waived(report: Report) -> Iterator[str]:
    if report.waived:
        lines = (
            f"- {escaped(item.finding.code)} {escaped(item.finding.subject)}: accepted by "
            f"{escaped(item.waiver.person)} until {item.waiver.expires.isoformat()}, because "
            f"{escaped(item.waiver.reason)}"
            for item in report.waived[:MOST_ROWS]
        )
        yield "### Accepted risks\n\n" + "\n".join(lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table whose cells cannot format."""
    lines = [head, ["---"] * len(head)]
    body = ([escaped(str(cell)) for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in (*lines, *body))


def _more(total: int) -> str:
    return f"\n\nand {total - MOST_ROWS:,} more in the whole report." if total > MOST_ROWS else ""
