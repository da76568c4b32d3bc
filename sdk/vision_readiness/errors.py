"""What can go wrong, as one tree; every message says what to do next.

ReadinessError
  InputError            the input cannot be judged at all: exit code 2
    SpecError           the specification has a wrong key or value
    TaskError           a task this product does not judge, or two parts that disagree on the task
    ModelError          the artefact cannot be run, or does not fit the data set
    EvidenceError       a saved evidence file is damaged or of another format
  NotDeployableError    raised on request by ``Report.raise_if_not_deployable``; carries the report
  SourceError           base of what a ``Source`` or ``Images`` adapter raises
  RuntimeFailure        base of what a ``Runtime`` or ``Model`` adapter raises while predicting
  PublishError          base of what a ``Publisher`` raises; what was written before stays
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_readiness.report import Report


class ReadinessError(Exception):
    """Anything this package raises on purpose."""


class InputError(ReadinessError):
    """The input cannot be judged at all."""


class SpecError(InputError):
    """The specification has a wrong key or value."""


class TaskError(InputError):
    """A task that is not judged here, or two parts that disagree on the task."""


class ModelError(InputError):
    """The artefact cannot be run, or does not fit the data set."""


class EvidenceError(InputError):
    """A saved evidence file is damaged, or was written in another format."""


class SourceError(ReadinessError):
    """Base of what a source of projects and images raises."""


class RuntimeFailure(ReadinessError):  # noqa: N818 - a call that failed is counted and goes on; it is not the end of a run
    """Base of what a runtime raises when one call fails."""


class PublishError(ReadinessError):
    """Base of what a publisher raises; what was written before stays."""


class NotDeployableError(ReadinessError):
    """The report says no; it is carried along."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.headline} Next: {report.next_action.sentence}")
        self.report = report
