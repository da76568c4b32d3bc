"""What writes results back: the port, the steps of a write-back as values, the result of each, and what it raises.

vision_readiness.errors.ReadinessError
  PublishError      base of what a ``Publisher`` raises; what was written before stays
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Protocol, TypeAlias, runtime_checkable
from uuid import UUID

from vision_readiness.errors import ReadinessError
from vision_readiness.numbers import count


class PublishError(ReadinessError):
    """Base of what a publisher raises; what was written before stays."""


class Part(StrEnum):
    """What can be written back, in the order in which it is."""

    EVENT = "event"
    TAGS = "tags"
    UPLOAD = "upload"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class EventNote:
    """A custom Vision Event in the use case of that name; ``metadata`` is all it says."""

    event_id: UUID
    use_case: str
    at: datetime
    metadata: Mapping[str, str | float | bool]


@dataclass(frozen=True, slots=True)
class ImageMark:
    """What one image is marked with; ``image`` is its key in the export."""

    image: str
    tags: tuple[str, ...]
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ImageMarks:
    """The marks of images that are changed in one call."""

    marks: tuple[ImageMark, ...]


@dataclass(frozen=True, slots=True)
class EdgeCase:
    """A captured image to upload: its file name, the SHA-256 of its bytes in hex, its size, and its file's path."""

    name: str
    digest: str
    size: int
    path: str

    @property
    def upload_name(self) -> str:
        """The name it gets, which tells its content too, so that it is found again whatever the file was called.

        >>> EdgeCase("dock 7.jpg", "3f2a9c1b77d0e5f1", 10, "x").upload_name
        'dock 7.3f2a9c1b77d0.jpg'
        """
        name = PurePath(self.name)
        return f"{name.stem}.{self.digest[:12]}{name.suffix}"


@dataclass(frozen=True, slots=True)
class EdgeCases:
    """Captured images to upload into the batch of that name."""

    files: tuple[EdgeCase, ...]
    batch: str
    tags: tuple[str, ...]
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelJob:
    """A job of labelling up to ``images`` of a batch; the people are named by their e-mail addresses."""

    name: str
    batch: str
    images: int
    labeler: str
    reviewer: str
    instructions: str


Work: TypeAlias = EventNote | ImageMarks | EdgeCases | LabelJob


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to write. ``key`` is the same for the same report and content, and names it once it is done.

    ``count`` counts ``unit`` ("image", "job" ...); ``calls`` is the most calls that write; ``cost`` says what else it
    takes, in words, where that is known.
    """

    part: Part
    key: str
    sentence: str
    count: int
    unit: str
    calls: int
    cost: str
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBack:
    """What to write back of one report, to which project, in order; ``left_out`` says what there was no need for."""

    report_id: str
    workspace: str
    project: str
    steps: tuple[Step, ...]
    left_out: tuple[str, ...] = ()


class StepState(StrEnum):
    """How a step ended."""

    PLANNED = "planned"
    DONE = "done"
    ALREADY_THERE = "already there"
    PARTLY = "partly"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StepResult:
    """How many of ``step.count`` were written now (``done``) and were there before; ``because`` tells of the rest."""

    step: Step
    done: int = 0
    there: int = 0
    because: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def state(self) -> StepState:
        """How it ended."""
        if self.dry_run:
            return StepState.PLANNED
        if self.done + self.there < self.step.count:
            return StepState.PARTLY if self.done + self.there else StepState.FAILED
        return StepState.DONE if self.done else StepState.ALREADY_THERE

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.state in (StepState.DONE, StepState.ALREADY_THERE)


@dataclass(frozen=True, slots=True)
class Published:
    """The results of the steps of a write-back, in order."""

    report_id: str
    steps: tuple[StepResult, ...]

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(result.done for result in self.steps)

    @property
    def complete(self) -> bool:
        """Whether every step is done, now or before; a dry run is not."""
        return all(result.is_whole for result in self.steps)

    def raise_if_incomplete(self) -> Published:
        """This; raises ``PublishError`` where a step failed, wholly or partly, with what to do."""
        left = [result for result in self.steps if result.state in (StepState.PARTLY, StepState.FAILED)]
        if not left:
            return self
        reasons = " ".join(dict.fromkeys(because for result in left for because in result.because))
        raise PublishError(
            f"{count(len(left), 'step')} of {len(self.steps)} could not be written whole: {reasons}"
            " What was written stays; run it again to do the rest."
        )

    def to_dict(self) -> dict[str, object]:
        """The result of each step, as plain values."""
        rows = [
            {
                "part": str(result.step.part),
                "key": result.step.key,
                "state": str(result.state),
                "sentence": result.step.sentence,
                "count": result.step.count,
                "unit": result.step.unit,
                "calls": result.step.calls,
                "cost": result.step.cost,
                "done": result.done,
                "already_there": result.there,
                "because": list(result.because),
            }
            for result in self.steps
        ]
        return {"report": self.report_id, "complete": self.complete, "changed": self.changed, "steps": rows}


class Publisher(Protocol):
    """Where results are written back to."""

    def publish(self, plan: WriteBack) -> Published:
        """The result of each step of ``plan``; a step that was already done is left alone, whoever did it.

        A step that fails is a value, and does not keep the others from being tried. Raises ``PublishError`` when
        another process writes the same plan and does not come to its end.
        """
        ...


@runtime_checkable
class TakesBack(Protocol):
    """A ``Source`` that can be written back to."""

    def publisher(self) -> Publisher:
        """What writes to where its versions come from."""
        ...
