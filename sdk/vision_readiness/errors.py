"""What can go wrong, as one tree; every message says what to do next. An error of one room is defined there.

ReadinessError
  InputError            the input cannot be judged at all: exit code 2
    SpecError           the specification has a wrong key or value
    TaskError           a task this product does not judge, or two parts that disagree on the task
    ModelError          the artefact cannot be run, or does not fit the data set
    EvidenceError       a saved evidence file is damaged or of another format
  SourceError           base of what a ``Source`` or ``Images`` adapter raises
  RuntimeFailure        predict.interface: base of what a ``Runtime`` or ``Model`` adapter raises while predicting
  NotDeployableError    report: raised on request by ``Report.raise_if_not_deployable``; carries the report
  PublishError          publish.interface: base of what a ``Publisher`` raises; what was written before stays
"""


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
