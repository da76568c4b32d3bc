"""A report as the steps that write it back: pure, and the same for the same report and options."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from pydantic import ValidationError

from vision_readiness.errors import InputError
from vision_readiness.guide.fixes import IMAGES_AN_HOUR
from vision_readiness.numbers import count
from vision_readiness.project.source_names import OWN_MARK, source_name
from vision_readiness.publish.fix_queue import LONGEST_TEXT, QueuedImage, fix_queue
from vision_readiness.publish.interface import (
    EdgeCase,
    EdgeCases,
    EventNote,
    ImageMark,
    ImageMarks,
    LabelJob,
    Part,
    Published,
    Step,
    StepResult,
    WriteBack,
)
from vision_readiness.render.words import short
from vision_readiness.report import Report, digest_of, report_from_dict
from vision_readiness.requirement import Outcome
from vision_readiness.roboflow.images import MOST_UPDATES
from vision_readiness.roboflow.redact import SECRET_NAMES
from vision_readiness.roboflow.uploads import LARGEST_BYTES

USE_CASE = "Vision Readiness"
LONGEST_INSTRUCTIONS = 1000
REPORT_FIELD, WHY_FIELD = "vision_readiness_report", "vision_readiness_why"


def write_back(
    report: Report | Mapping[str, Any],
    *,
    parts: Iterable[Part | str] = (Part.EVENT,),
    report_url: str | None = None,
    labeler: str | None = None,
    reviewer: str | None = None,
    edge_cases: Sequence[EdgeCase] = (),
    batch: str | None = None,
) -> WriteBack:
    """The plan that writes a report, or what its ``to_dict`` gave, back to the project it is about.

    ``report_url`` is where people can read it. A job goes to ``labeler`` (``reviewer`` where none is named) and comes
    back to ``reviewer``. ``batch`` takes the ``edge_cases``, and is what the job is made of; it is named after the
    report unless said. Raises ``InputError`` for a report on no workspace, and for a part that lacks what it needs.
    """
    asked = _Asked(
        report=_read(report),
        url=_public(report_url),
        labeler=labeler or reviewer,
        reviewer=reviewer,
        edge_cases=_distinct(edge_cases),
        named_batch=batch,
    )
    wanted = {_part(part) for part in parts}
    makers = {Part.EVENT: _event, Part.TAGS: _marks, Part.UPLOAD: _uploads, Part.JOB: _job}
    made = {part: tuple(makers[part](asked)) for part in Part if part in wanted}
    left_out = tuple(f"{part}: {_NOTHING[part]}" for part, steps in made.items() if not steps)
    subject = asked.report.subject
    steps = tuple(step for steps in made.values() for step in steps)
    return WriteBack(
        report_id=asked.report.id,
        workspace=subject.workspace or "",
        project=subject.project,
        steps=steps,
        left_out=left_out,
    )


def planned(plan: WriteBack) -> Published:
    """What a dry run of ``plan`` gives: every step, and nothing done."""
    return Published(plan.report_id, tuple(StepResult(step, dry_run=True) for step in plan.steps))


_NOTHING = {Part.TAGS: "the report names no image.", Part.JOB: "there is no image to label."}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A report and how it is to be written back, checked as far as all parts need it."""

    report: Report
    url: str | None
    labeler: str | None
    reviewer: str | None
    edge_cases: tuple[EdgeCase, ...]
    named_batch: str | None

    @property
    def queue(self) -> tuple[QueuedImage, ...]:
        return fix_queue(self.report)

    @property
    def batch(self) -> str:
        """The batch of the edge cases; the job's too."""
        if self.named_batch is None and not self.edge_cases:
            raise InputError("a job is made of the images of one batch: name it with --batch, or give --edge-cases")
        return self.named_batch or f"{OWN_MARK} {self.report.id}"

    def step(self, part: Part, sentence: str, counted: tuple[int, str], calls: int, cost: str, work: Any) -> Step:
        """A step whose key tells the report, the project and what is written; an event is one a report."""
        subject = self.report.subject
        content = work.event_id if isinstance(work, EventNote) else _content(work)
        key = digest_of(self.report.id, subject.workspace, subject.project, part, content)
        return Step(part, key, sentence, *counted, calls, cost, work)


def _content(work: Any) -> Any:
    """What is written; where on this machine a file lies does not belong to it."""
    if isinstance(work, EdgeCases):
        return [[(file.upload_name, file.digest) for file in work.files], work.batch, work.tags, work.metadata]
    return work


def _event(asked: _Asked) -> Iterator[Step]:
    """One custom event. All of it is metadata: what ``eventData`` of a custom event holds is documented nowhere.

    Its id is a UUID of version 4, as Roboflow asks for, and made from the report's id and project, so that it can be
    found again: https://docs.roboflow.com/developer/python-sdk/vision-events/create-a-vision-event (read 2026-11).
    """
    report = asked.report
    where = f"{report.subject.workspace}/{report.subject.project}"
    event_id = UUID(bytes=hashlib.sha256(f"{where} {report.id}".encode()).digest()[:16], version=4)
    work = EventNote(event_id, USE_CASE, _moment(report.provenance.created_at), _summary(report, asked.url))
    sentence = f"Write a Vision Event to the use case `{USE_CASE}`: {report.readiness_state}. {report.headline}"
    yield asked.step(Part.EVENT, sentence, (1, "event"), 2, "", work)


def _summary(report: Report, url: str | None) -> dict[str, str | float | bool]:
    """A report in fewer than twenty fields, without those that are not known."""
    passed = sum(result.outcome is Outcome.PASS for result in report.requirements)
    fields: dict[str, str | float | bool | None] = {
        "report": report.id,
        "digest": _digest(report),
        "url": url,
        "project": f"{report.subject.workspace}/{report.subject.project}",
        "version": report.subject.version,
        "model": report.subject.model,
        "readiness_state": report.readiness_state.value,
        "deployable": report.deployable,
        "blocked_by": report.blocked_by and report.blocked_by.value,
        "headline": report.headline,
        "next_action": report.next_action.action.value,
        "next": report.next_action.sentence,
        "score": report.score,
        "score_needs": report.score_needs,
        "confidence": report.confidence,
        "requirements": len(report.requirements),
        "requirements_passed": passed,
        "findings": len(report.findings),
    }
    return {
        name: short(value, LONGEST_TEXT) if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None
    }


def _digest(report: Report) -> str:
    """The SHA-256 of the report's JSON without its provenance, which alone may differ between two of one id."""
    plain = {name: value for name, value in report.to_dict().items() if name != "provenance"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, allow_nan=False).encode()).hexdigest()


def _marks(asked: _Asked) -> Iterator[Step]:
    """The images of the fix queue, up to 1,000 a call."""
    for begin in range(0, len(asked.queue), MOST_UPDATES):
        rows = asked.queue[begin : begin + MOST_UPDATES]
        marks = tuple(
            ImageMark(row.image, row.tags, {REPORT_FIELD: asked.report.id, WHY_FIELD: row.why}) for row in rows
        )
        sentence = f"Tag {count(len(rows), 'image')} of the fix queue `{OWN_MARK}`, with why in their metadata."
        cost = "reads the project's images first, 250 a call"
        yield asked.step(Part.TAGS, sentence, (len(rows), "image"), 1, cost, ImageMarks(marks))


def _uploads(asked: _Asked) -> Iterator[Step]:
    """The edge cases, each in a call of its own."""
    files = asked.edge_cases
    if not files:
        raise InputError("there is nothing to upload: give the folder of captured images with --edge-cases")
    for file in files:
        if file.size > LARGEST_BYTES:
            raise InputError(f"{file.name} has {file.size:,} bytes: Roboflow takes up to {LARGEST_BYTES:,}")
    work = EdgeCases(files, asked.batch, (f"{OWN_MARK}-edge-case",), {REPORT_FIELD: asked.report.id})
    images = count(len(files), "captured image")
    size = f"{sum(file.size for file in files) / 1e6:,.2f} MB"
    sentence = f"Upload {images} into the batch `{asked.batch}`."
    cost = f"{size}; they count as images of the workspace's plan"
    yield asked.step(Part.UPLOAD, sentence, (len(files), "image"), len(files), cost, work)


def _job(asked: _Asked) -> Iterator[Step]:
    """One annotation job. Which images of the batch it takes is Roboflow's choice, so its instructions name them."""
    if asked.labeler is None or asked.reviewer is None:
        raise InputError("an annotation job needs people: give --reviewer, and --labeler if another person labels")
    for person in (asked.labeler, asked.reviewer):
        if not all(person.partition("@")):
            raise InputError(f"{person!r:.80} is not an e-mail address: give that of a member of the workspace")
    queue, report = asked.queue, asked.report
    images = len(asked.edge_cases) or len(queue)
    if not images:
        return
    about = f"{report.subject}, report {report.id}"
    captured = f"Label these images, captured because of what Vision Readiness says of {about}: {report.headline}"
    text = captured if asked.edge_cases else f"Correct the labels where Vision Readiness found errors in {about}."
    text = "\n".join([short(text, LONGEST_TEXT), *(f"{_source(row.image)}: {row.why}" for row in queue)])
    work = LabelJob(
        name=f"Vision Readiness {about}",
        batch=asked.batch,
        images=images,
        labeler=asked.labeler,
        reviewer=asked.reviewer,
        instructions=text if len(text) <= LONGEST_INSTRUCTIONS else text[: LONGEST_INSTRUCTIONS - 1] + "…",
    )
    hours = max(0.5, round(2 * images / IMAGES_AN_HOUR) / 2)
    who = f"Ask {asked.labeler} to label {count(images, 'image')} of the batch `{asked.batch}`"
    sentence = f"{who}, reviewed by {asked.reviewer}."
    yield asked.step(Part.JOB, sentence, (1, "job"), 1, f"{hours:g} h of labelling assumed", work)


def _source(key: str) -> str:
    """What an image is called in its project, as an export writes it."""
    return source_name(key).rpartition("/")[2]


def _read(report: Report | Mapping[str, Any]) -> Report:
    """The report; raises ``InputError`` for what is none, or is about no project on Roboflow."""
    if not isinstance(report, Report):
        try:
            report = report_from_dict(report)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise InputError(f"not a report: {where or 'the whole'} {first['type'].replace('_', ' ')}") from None
    if not report.subject.workspace or not report.subject.project:
        raise InputError(
            f"the report is on {report.subject}, which names no workspace to write to: check the version as"
            " workspace/project/3"
        )
    return report


def _part(name: Part | str) -> Part:
    try:
        return Part(name)
    except ValueError:
        raise InputError(f"{str(name)!r:.40} cannot be written back: give {', '.join(Part)}") from None


def _public(url: str | None) -> str | None:
    """An address that may be shown to everybody in the workspace; raises ``InputError`` for any other."""
    if url is None:
        return None
    try:
        address = urlsplit(url)
        secret = address.username or any(name.lower() in SECRET_NAMES for name, _ in parse_qsl(address.query))
        usable = address.scheme in ("http", "https") and address.hostname and len(url) <= LONGEST_TEXT
    except ValueError:
        secret, usable = None, None
    if not usable:
        raise InputError(f"the report's address must be a web address of at most {LONGEST_TEXT} characters")
    if secret:
        raise InputError(
            "the report's address holds a secret, and everybody in the workspace would see it: leave it out"
        )
    return url


def _distinct(files: Sequence[EdgeCase]) -> tuple[EdgeCase, ...]:
    """The files by name, one for each content."""
    by_content: dict[str, EdgeCase] = {}
    for file in sorted(files, key=lambda one: (one.name, one.digest)):
        by_content.setdefault(file.digest, file)
    return tuple(by_content.values())


def _moment(written: str) -> datetime:
    """When the report was made; Roboflow wants the time zone."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise InputError(f"the report says that it was made at {written!r:.40}, which is not a time") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
