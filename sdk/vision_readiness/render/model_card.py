"""The model card: Markdown with the metadata of a model index, written only from a report that allows the release."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vision_readiness.numbers import count, milliseconds, number, percent, percent_range
from vision_readiness.policy import Policy
from vision_readiness.reasons.reason import Severity
from vision_readiness.render.escaping import escaped
from vision_readiness.render.phrases import badge, target_words
from vision_readiness.render.words import OUTCOMES, harmless, measured_words, requirement_words
from vision_readiness.report import NotDeployableError
from vision_readiness.requirement import Outcome

if TYPE_CHECKING:
    from vision_readiness.report import Report
    from vision_readiness.report.tables import ClassFigures, CoverageCell, Interval
    from vision_readiness.spec import DeploymentSpec

PIPELINES = {
    "object-detection": "object-detection",
    "instance-segmentation": "image-segmentation",
    "single-label-classification": "image-classification",
    "multi-label-classification": "image-classification",
}
"""The names that a model index gives to our tasks."""

MOST_ROWS = 200
"""How many conditions of classes a card lists before it only counts them."""


def model_card(report: Report, spec: DeploymentSpec | None = None) -> str:
    """The card of the judged model: what it is for, what it is not for, and its figures with their intervals.

    ``spec`` adds what its author wrote about classes, camera and data. Names cannot format, link or add metadata.
    Raises ``NotDeployableError`` for a report that does not allow a release. The metadata follow the model index of
    https://github.com/huggingface/hub-docs/blob/main/modelcard.md.
    """
    if not report.deployable:
        raise NotDeployableError(report)
    parts = [
        f"# {escaped(_name(report))}",
        f"**{escaped(badge(report))}** for {escaped(target_words(report.rollout.target))}. {escaped(report.headline)}",
        *_intended(report, spec),
        *_out_of_scope(report, spec),
        *_classes(report, spec),
        *_conditions(report),
        *_latency(report),
        *_known_failures(report),
        *_requirements(report),
        *_provenance(report, spec),
    ]
    return f"---\n{_metadata(report)}---\n\n" + "\n\n".join(parts) + "\n"


def _name(report: Report) -> str:
    return report.subject.model or str(report.subject)


def _metadata(report: Report) -> str:
    """The front matter as YAML; every text is on one line, so that none can end the block."""
    import yaml

    task = PIPELINES.get(report.data.task, report.data.task)
    dataset = {
        "type": _clean(str(report.subject)),
        "name": _clean(str(report.subject)),
        "split": "test",
        "revision": _clean(str(report.figures.evaluation.get("data_digest", ""))),
    }
    metrics = [one for figures in report.figures.classes for one in _class_metrics(figures)]
    result = {"task": {"type": task, "name": report.data.task}, "dataset": dataset, "metrics": metrics}
    front = {
        "pipeline_tag": task,
        "tags": ["vision-readiness", report.data.task],
        "model-index": [{"name": _clean(_name(report)), "results": [result]}],
    }
    text: str = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10**9)
    return text


def _class_metrics(figures: ClassFigures) -> Iterator[Mapping[str, Any]]:
    """Recall, precision and AP50 of a class, each with its one-sided 95 % lower bound and its sample.

    An average precision on too few images to decide is given without a bound.
    """
    for kind, interval, unit in (
        ("recall", figures.recall, "objects"),
        ("precision", figures.precision, "answers"),
        ("ap50", figures.ap50, "images"),
    ):
        if interval.value is not None:
            proves = kind != "ap50" or interval.n >= Policy().min_images_for_ap
            least = None if interval.lower is None or not proves else math.floor(interval.lower * 1e4) / 1e4
            proven = f", at least {least:g} with 95 % confidence" if least is not None else ""
            yield {
                "type": kind,
                "name": f"{kind} of {_clean(figures.label)} ({interval.n:,} {unit}{proven})",
                "value": round(interval.value, 4),
                "args": {"class": _clean(figures.label), "lower_bound_95": least, "n": interval.n},
            }


def _clean(text: str) -> str:
    return harmless(text)


def _intended(report: Report, spec: DeploymentSpec | None) -> Iterator[str]:
    critical = [one.label for one in report.figures.classes if one.critical]
    lines = [
        f"Task: {report.data.task}, for {report.subject}",
        f"Runs on: {target_words(report.rollout.target)}",
        f"Answers for, as critical: {', '.join(critical)}",
    ]
    if spec is not None and spec.camera is not None:
        camera = spec.camera
        size = " × ".join(map(str, camera.resolution)) if camera.resolution else None
        lines.append(f"Camera: {', '.join(one for one in (size, camera.angle, camera.lens, camera.mount) if one)}")
    if spec is not None and spec.approved_by is not None:
        lines.append(f"What is asked of it was approved by {spec.approved_by}")
    yield "## Intended use\n\n" + _list(lines)


def _out_of_scope(report: Report, spec: DeploymentSpec | None) -> Iterator[str]:
    lines = [f"{one.label}: not critical here, do not rely on it" for one in report.figures.classes if not one.critical]
    lines += [f"{place}: not proven there" for place in _uncovered(report)]
    for label, rule in spec.classes.items() if spec is not None else ():
        lines += [f"{what}: not meant by {label}" for what in rule.excludes]
    lines.append("Anything its classes and the conditions below do not name")
    if spec is not None and spec.fallback is not None and spec.fallback.on_unknown_object is not None:
        lines.append(f"What it was not trained on: {spec.fallback.on_unknown_object.replace('_', ' ')}")
    yield "## Out of scope\n\n" + _list(lines)


def _uncovered(report: Report) -> list[str]:
    cells = [one for one in report.figures.coverage if one.outcome not in (None, Outcome.PASS)]
    return list(dict.fromkeys(f"{one.condition} {one.level}" for one in cells))


def _classes(report: Report, spec: DeploymentSpec | None) -> Iterator[str]:
    rows = []
    for one in report.figures.classes:
        means = ", ".join(spec.rule(one.label).includes) if spec is not None else ""
        threshold = "—" if one.threshold is None else f"{one.threshold:.2f} ({one.threshold_origin})"
        average = "—" if one.ap50.value is None else f"{one.ap50.value:.3f}"
        rows.append((one.label, means or "—", _rate(one.recall), _rate(one.precision), average, threshold))
    head = ("Class", "Includes", "Recall", "Precision", "AP50", "Threshold")
    said = "Recall and precision at the threshold, each with its 90 % interval: either end is a one-sided 95 % bound."
    yield f"## Classes\n\n{said}\n\n{_table(head, rows)}"


def _rate(interval: Interval) -> str:
    if interval.value is None:
        return "—"
    known = interval.lower is not None and interval.upper is not None
    span = f" ({percent_range(interval.lower or 0.0, interval.upper or 0.0)})" if known else ""
    return f"{percent(interval.value)}{span} of {interval.n:,}"


def _conditions(report: Report) -> Iterator[str]:
    rows = [_cell(one) for one in report.figures.coverage if one.objects]
    bare = [one for one in report.figures.coverage if not one.objects]
    if not report.figures.coverage:
        yield "## Conditions\n\nNo condition is known of any image, so nothing is said about any."
        return
    table = _table(("Class", "Condition", "Images", "Recall", "Outcome"), rows[:MOST_ROWS]) if rows else ""
    missing = _list([f"{one.label}, {one.condition} {one.level}: never shown" for one in bare[:MOST_ROWS]])
    over = max(0, len(rows) - MOST_ROWS) + max(0, len(bare) - MOST_ROWS)
    more = f"and {over:,} more in the whole report." if over else ""
    yield "\n\n".join(part for part in ("## Conditions", table, missing, more) if part)


def _cell(one: CoverageCell) -> tuple[str, ...]:
    outcome = OUTCOMES[one.outcome] if one.outcome else "Not asked"
    return one.label, f"{one.condition} {one.level}", f"{one.images:,}", _rate(one.recall), outcome


def _latency(report: Report) -> Iterator[str]:
    runtime = report.expected_runtime
    if runtime is None:
        yield "## Latency\n\nNothing was timed."
        return
    how = "measured" if runtime.measured else "estimated"
    rows = [
        (name, milliseconds(one.value or 0.0), "—" if one.upper is None else f"at most {milliseconds(one.upper)}")
        for name, one in (("p50", runtime.p50_ms), ("p95", runtime.p95_ms), ("p99", runtime.p99_ms))
        if one.value is not None
    ]
    if runtime.memory_mb is not None:
        rows.append(("memory", f"{number(runtime.memory_mb)} MB", "—"))
    said = escaped(f"{how.capitalize()} on {runtime.device}, {count(runtime.calls, 'call')}.")
    yield f"## Latency\n\n{said}\n\n{_table(('Figure', 'Value', 'With 95 % confidence'), rows)}"


def _known_failures(report: Report) -> Iterator[str]:
    lines = [one.because for one in report.requirements if one.outcome is not Outcome.PASS]
    lines += [one.sentence for one in report.findings if one.severity is Severity.P1]
    lines += [
        f"{one.finding.sentence} {one.waiver.person} accepts this until {one.waiver.expires.isoformat()}."
        for one in report.waived
    ]
    lines += [f"{one.code}, {one.name}: not looked at, {one.because}" for one in report.skipped]
    missed = [
        f"{one.label}: {one.recall.n - one.recall.hits:,} of {one.recall.n:,} test objects were missed"
        for one in report.figures.classes
        if one.recall.hits is not None and one.recall.n > one.recall.hits
    ]
    yield "## Known failures\n\n" + (_list([*missed, *lines]) if missed or lines else "None was found.")


def _requirements(report: Report) -> Iterator[str]:
    rows = [
        (OUTCOMES[one.outcome], requirement_words(one.requirement), measured_words(one)) for one in report.requirements
    ]
    yield "## What was asked\n\n" + _table(("Outcome", "Requirement", "Measured"), rows)


def _provenance(report: Report, spec: DeploymentSpec | None) -> Iterator[str]:
    lines = [
        f"Report {report.id}, {report.provenance.created_at}",
        f"Judged: {report.subject}; trained on: {report.subject.train or 'not known'}",
        *(
            f"{split.split}: {count(split.images, 'image')} of {split.sources:,} sources"
            for split in report.data.splits
        ),
        *(
            f"{key.replace('_', ' ')}: {report.figures.evaluation[key]}"
            for key in _IDENTITY
            if report.figures.evaluation.get(key)
        ),
    ]
    if report.assumptions:
        lines.append(f"{count(len(report.assumptions), 'line')} of the spec assumed, not written")
    if spec is not None and spec.data is not None:
        data = spec.data
        said = {"Sources": ", ".join(data.sources), "Consent": data.consent, "Retention": data.retention}
        lines += [f"{key}: {value}" for key, value in said.items() if value]
    yield "## Provenance\n\n" + _list(lines)


_IDENTITY = (
    "data_digest",
    "evidence_digest",
    "provider",
    "threads",
    "leak_free_test_images",
    "matching",
    "operating_iou",
    "interval",
)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escaped(line)}" for line in lines)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = ([escaped(cell) for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *body))
