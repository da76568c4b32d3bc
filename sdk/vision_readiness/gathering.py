"""The stages of gathering: open what was named, scan, run a model, time it, shift its pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypedDict, TypeVar

from vision_readiness.errors import InputError, SourceError
from vision_readiness.evidence import Evidence, ModelEvidence
from vision_readiness.project import Split
from vision_readiness.stopwatch import Stopwatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vision_readiness.benchmark.facts import LatencyFacts
    from vision_readiness.evidence.model_evidence import GivenAnswers
    from vision_readiness.inspect.scan import Scan
    from vision_readiness.ports import Cache, Clock, Images, Progress
    from vision_readiness.predict.interface import Model
    from vision_readiness.project import Dataset
    from vision_readiness.requirement import Waiver
    from vision_readiness.spec import DeploymentSpec
    from vision_readiness.stress.facts import StressFacts

T = TypeVar("T")


class Openers(TypedDict, total=False):
    """What turns a name, as a rule that of a file, into a value. A model and predictions are told the version too."""

    spec: Callable[[str], DeploymentSpec]
    waivers: Callable[[str], tuple[Waiver, ...]]
    latency: Callable[[str], LatencyFacts]
    model: Callable[..., Model]
    predictions: Callable[..., GivenAnswers]


def opened(kind: str, given: T | str, opener: Callable[..., T] | None, **options: object) -> T:
    """A value as it is; a name opened. Raises ``InputError`` where nothing opens its kind."""
    if not isinstance(given, str):
        return given
    if opener is None:
        raise InputError(f"nothing that is installed opens a {kind} from a file; give the value itself")
    return opener(given, **options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is gathered with. ``memory`` tells the most bytes that this process ever held."""

    images: Images
    clock: Clock
    progress: Progress
    cache: Cache | None = None
    memory: Callable[[], int | None] | None = None
    openers: Openers = field(default_factory=Openers)

    def scan(self, dataset: Dataset) -> tuple[Scan, Dataset]:
        """What a scan finds, and the data set that knows the conditions which were measured."""
        from vision_readiness.inspect.scan import scan

        found = scan(dataset, self.images, cache=self.cache, progress=self.progress)
        return found, dataset.with_conditions(found.conditions)

    def evaluate(
        self,
        watch: Stopwatch,
        evidence: Evidence,
        dataset: Dataset,
        model: Model | GivenAnswers,
        train_images: int = 0,
    ) -> ModelEvidence:
        """What a model does on the evaluation images, and on some training images; answers are taken as they are."""
        import numpy as np

        from vision_readiness.evidence.model_evidence import GivenAnswers, evidence_of
        from vision_readiness.predict.run import predict_dataset

        learnt = _of_train(evidence, train_images)
        rows = np.concatenate([learnt, evidence.images.of(Split.VALID, Split.TEST).nonzero()[0]])
        if isinstance(model, GivenAnswers):
            predictions, failed = model.predictions, {}
        else:
            with watch.stage("predict"):
                workers = getattr(model, "workers", 1)
                run = predict_dataset(model, dataset, self.images, rows, self.progress, workers=workers)
            known = {evidence.images.key[row] for row in learnt.tolist()}
            failed = {failure.image: failure.because for failure in run.failures if failure.image not in known}
            predictions = run.predictions
        with watch.stage("evaluate"):
            return evidence_of(model.card, dataset, predictions, evidence, failed)

    def stress(self, model: Model, evidence: Evidence, dataset: Dataset, most: int) -> StressFacts:
        """What a model answers to at most so many test images that are shifted in every way."""
        from vision_readiness.benchmark.measure import spread
        from vision_readiness.stress.run import stress

        rows = evidence.judged(Split.TEST).nonzero()[0]
        return stress(model, dataset, self.images, rows[spread(most, len(rows))], progress=self.progress)

    def time(self, model: Model, dataset: Dataset, calls: int) -> LatencyFacts | None:
        """What ``calls`` of ``model`` take on pictures of ``dataset``; ``None`` when no picture can be read."""
        from vision_readiness.benchmark.measure import measure_latency

        rows = dataset.images.of(Split.TEST, Split.VALID).nonzero()[0]
        pictures = self.pictures([dataset.images.key[row] for row in rows], 32)
        if not pictures:
            return None
        return measure_latency(
            model,
            pictures,
            calls=calls,
            clock=self.clock,
            memory=self.memory,
            cold_seconds=getattr(model, "cold_seconds", None),
            seen_before=True,
        )

    def pictures(self, keys: Sequence[str], most: int) -> list[NDArray[np.uint8]]:
        """Up to ``most`` decoded pictures, spread over ``keys``; those that cannot be read are passed over."""
        from vision_readiness.benchmark.measure import spread
        from vision_readiness.predict.picture import decode

        pictures = []
        for place in spread(most, len(keys)):
            with suppress(SourceError):
                pictures.append(decode(self.images.read(keys[int(place)])))
        return pictures


def against_parent(judged: ModelEvidence, evidence: Evidence) -> ModelEvidence:
    """``judged`` with what changed from the parent artefact of ``evidence``, where there is one."""
    from vision_readiness.evaluate.average_precision import change_of_ap50

    if evidence.parent is None:
        return judged
    test = evidence.judged(Split.TEST)
    now, before = judged.matches.within(test), evidence.parent.matches.within(test)
    return replace(judged, against_parent=change_of_ap50(now, before, evidence.group))


def _of_train(evidence: Evidence, most: int) -> NDArray[np.int64]:
    """At most so many rows of training images, one of each group, spread evenly and the same every time."""
    import numpy as np

    from vision_readiness.benchmark.measure import spread

    rows = np.flatnonzero(evidence.images.of(Split.TRAIN))
    _, first = np.unique(evidence.group[rows], return_index=True)
    rows = rows[np.sort(first)]
    return rows[spread(most, len(rows))]
