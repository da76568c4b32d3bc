"""The whole story in one place: source, inspect, evaluate, benchmark, decide, guide, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Self

from vision_readiness.decide import decide as decision_on
from vision_readiness.errors import InputError, SourceError
from vision_readiness.evidence import Evidence, ModelEvidence
from vision_readiness.inspect.facts import ConditionFacts
from vision_readiness.policy import Policy
from vision_readiness.project import Split
from vision_readiness.report.lay_out import report_of
from vision_readiness.situations.file_names import with_names
from vision_readiness.sources import ROBOFLOW, open_source
from vision_readiness.spec import DeploymentSpec, assume_spec
from vision_readiness.stopwatch import Stopwatch

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from vision_readiness.benchmark.facts import LatencyFacts
    from vision_readiness.inspect.scan import Scan
    from vision_readiness.ports import Cache, Clock, Progress, Source
    from vision_readiness.predict.interface import Model
    from vision_readiness.project import Dataset, Predictions, ProjectVersion
    from vision_readiness.project.reported import ReportedFigures
    from vision_readiness.publish import Published
    from vision_readiness.publish.interface import Publisher
    from vision_readiness.report import Report
    from vision_readiness.requirement import Waiver
    from vision_readiness.stress.facts import StressFacts

OPENERS = "vision_readiness.openers"
"""The group of entry points that open a file which is named instead of a value."""


@dataclass(frozen=True, slots=True)
class Advisor:
    """Answers whether versions from ``source`` are ready. Compose one by hand, or let ``connect`` find the parts.

    ``openers`` turn a name (a path) into a ``spec``, ``model``, ``predictions``, ``latency`` or ``waivers``.
    """

    source: Source
    clock: Clock
    progress: Progress
    cache: Cache | None = None
    policy: Policy = field(default_factory=Policy)
    openers: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    where: str = ""

    @classmethod
    def connect(cls, where: str = ROBOFLOW, *, progress: Progress | None = None, cache: Cache | None = None) -> Self:
        """An advisor on what ``where`` names: Roboflow, a version there, an export's folder, an offline workspace.

        The key of Roboflow is the one of its own tools: ``ROBOFLOW_API_KEY``, or what ``roboflow login`` kept.
        Raises ``SourceError`` when nothing that is installed can open it.
        """
        openers = {entry.name: entry.load() for entry in entry_points(group=OPENERS)}
        quiet = openers["progress"]() if progress is None else progress
        source = open_source(where, quiet)
        return cls(source, openers["clock"](), quiet, cache or openers["cache"](), openers=openers, where=where)

    def readiness(
        self,
        project: object | None = None,
        version: int | None = None,
        *,
        spec: DeploymentSpec | str | None = None,
        waivers: tuple[Waiver, ...] | str = (),
        file_name_pattern: str | None = None,
        **given: Any,
    ) -> Report:
        """The report on a version. ``given`` is what ``gather`` takes; without ``spec`` one is assumed line by line.

        ``project`` is ``workspace/project``, or a ``Project`` or ``Version`` of the official roboflow SDK. A
        ``file_name_pattern`` takes the place of that in the spec.
        """
        judged = self.source.version(_named(project), version)
        asked: DeploymentSpec | None = self._open("spec", spec or judged.beside.get("spec"))
        evidence = self.gather(judged, **given)
        return self.decide(evidence, spec=asked, waivers=waivers, file_name_pattern=file_name_pattern)

    def gather(
        self,
        version: ProjectVersion,
        *,
        model: Model | str | None = None,
        predictions: Predictions | str | None = None,
        parent: Model | str | None = None,
        latency: LatencyFacts | str | None = None,
        calls: int = 300,
        model_options: Mapping[str, Any] | None = None,
        predictions_options: Mapping[str, Any] | None = None,
        model_id: str | None = None,
        stress_images: int = 0,
        train_images: int = 0,
    ) -> Evidence:
        """Everything a decision needs, found out once; a ``model`` beside the data is used when none is given.

        With nothing to measure, what the source reports of its model ``model_id`` is shown, and proves nothing.
        ``calls`` is how many calls are timed, 0 for none; ``latency`` brings times that were taken elsewhere. Of the
        test images ``stress_images`` are shifted in every way, step by step, and asked about again. The model is asked
        about ``train_images`` training images too, each of another source, to see what it only knows by heart.
        """
        watch = Stopwatch(self.clock)
        with watch.stage("inspect"):
            scan, dataset = self._scan(version)
        evidence = Evidence(
            version.id,
            scan.facts,
            dataset.images,
            scan.group,
            scan.leak_free,
            preprocessing=version.preprocessing,
            augmentation=version.augmentation,
            announcements=version.announcements,
            source=self.where,
        )
        version = replace(version, dataset=dataset)
        if model is None and predictions is None and "model" in version.beside:
            model = version.beside["model"]
        opened = self._model(model, version, model_options or {})
        if opened is not None or predictions is not None:
            answers = self._open("predictions", predictions, version=version, **(predictions_options or {}))
            judged = self._evaluate(watch, evidence, dataset, opened, answers, train_images)
            before = self._model(parent, version, {})
            if before is not None:
                evidence = replace(evidence, parent=self._evaluate(watch, evidence, dataset, before, None))
            evidence = replace(evidence, model=_against(judged, evidence))
            if opened is not None and stress_images:
                with watch.stage("stress"):
                    evidence = replace(evidence, stress=self._stress(opened, evidence, dataset, stress_images))
        elif version.reported is not None:
            evidence = _with_reported(evidence, version.reported(model_id))
        timed = self._open("latency", latency)
        if timed is None and opened is not None and calls:
            with watch.stage("benchmark"):
                timed = self.time(opened, dataset, calls)
        return replace(evidence, latency=timed, seconds=watch.seconds)

    def decide(
        self,
        evidence: Evidence,
        *,
        spec: DeploymentSpec | str | None = None,
        waivers: tuple[Waiver, ...] | str = (),
        file_name_pattern: str | None = None,
        history: tuple[str, ...] = (),
    ) -> Report:
        """The report on ``evidence``, without looking at anything else; an assumed ``spec`` follows from it alone.

        A ``file_name_pattern`` takes the place of that in the spec.
        """
        asked: DeploymentSpec | None = self._open("spec", spec)
        accepted: tuple[Waiver, ...] = self._open("waivers", waivers)
        return decide(
            evidence,
            spec_in_force(evidence, asked, file_name_pattern=file_name_pattern),
            as_of=self.clock.now(),
            policy=self.policy,
            history=history,
            waivers=accepted,
        )

    def publish(
        self,
        report: Report | Mapping[str, Any],
        *,
        dry_run: bool = True,
        publisher: Publisher | None = None,
        **options: Any,
    ) -> Published:
        """What of ``report`` would be written back to its project, or with ``dry_run=False`` what became of it.

        ``options`` are those of ``write_back``: which ``parts``, a ``report_url``, who labels. It is written through
        ``publisher``, else to where the source's versions come from. Raises ``InputError`` where that takes nothing.
        """
        from vision_readiness.publish import planned, write_back
        from vision_readiness.publish.interface import TakesBack

        plan = write_back(report, **options)
        if dry_run:
            return planned(plan)
        if publisher is None and isinstance(self.source, TakesBack):
            publisher = self.source.publisher()
        if publisher is None:
            raise InputError(f"{self.where or 'the source'} is read from, not written to: connect to Roboflow")
        return publisher.publish(plan)

    def _scan(self, version: ProjectVersion) -> tuple[Scan, Dataset]:
        from vision_readiness.inspect.scan import scan

        dataset = version.dataset
        found = scan(dataset, self.source.images, cache=self.cache, progress=self.progress)
        return found, dataset.with_conditions(found.conditions)

    def _model(self, model: Model | str | None, version: ProjectVersion, options: Mapping[str, Any]) -> Model | None:
        opened: Model | None = self._open("model", model, version=version, **options)
        return opened

    def _evaluate(
        self,
        watch: Stopwatch,
        evidence: Evidence,
        dataset: Dataset,
        model: Model | None,
        answers: Any,
        train_images: int = 0,
    ) -> ModelEvidence:
        import numpy as np

        from vision_readiness.evidence.model_evidence import evidence_of
        from vision_readiness.predict.run import predict_dataset

        learnt = _of_train(evidence, train_images)
        rows = np.concatenate([learnt, evidence.images.of(Split.VALID, Split.TEST).nonzero()[0]])
        if answers is None:
            assert model is not None  # noqa: S101 - gather() comes here with one of the two
            with watch.stage("predict"):
                workers = getattr(model, "workers", 1)
                run = predict_dataset(model, dataset, self.source.images, rows, self.progress, workers=workers)
            known = {evidence.images.key[row] for row in learnt.tolist()}
            failed = {failure.image: failure.because for failure in run.failures if failure.image not in known}
            card, predictions = model.card, run.predictions
        else:
            card, predictions, failed = answers.card, answers.predictions, {}
        with watch.stage("evaluate"):
            return evidence_of(card, dataset, predictions, evidence, failed)

    def _stress(self, model: Model, evidence: Evidence, dataset: Dataset, most: int) -> StressFacts:
        from vision_readiness.benchmark.measure import spread
        from vision_readiness.stress.run import stress

        rows = evidence.judged(Split.TEST).nonzero()[0]
        chosen = rows[spread(most, len(rows))]
        return stress(model, dataset, self.source.images, chosen, progress=self.progress)

    def time(self, model: Model, dataset: Dataset, calls: int) -> LatencyFacts | None:
        """What ``calls`` of ``model`` take on pictures of ``dataset``; ``None`` when no picture can be read."""
        from vision_readiness.benchmark.measure import measure_latency

        rows = dataset.images.of(Split.TEST, Split.VALID).nonzero()[0]
        pictures = self.pictures([dataset.images.key[row] for row in rows], 32)
        if not pictures:
            return None
        memory = self.openers.get("memory")
        cold = getattr(model, "cold_seconds", None)
        return measure_latency(
            model,
            pictures,
            calls=calls,
            clock=self.clock,
            memory=memory,
            cold_seconds=cold,
            seen_before=True,
        )

    def pictures(self, keys: Sequence[str], most: int) -> list[NDArray[np.uint8]]:
        """Up to ``most`` decoded pictures, spread over ``keys``; those that cannot be read are passed over."""
        from vision_readiness.benchmark.measure import spread
        from vision_readiness.predict.picture import decode

        pictures = []
        for place in spread(most, len(keys)):
            with suppress(SourceError):
                pictures.append(decode(self.source.images.read(keys[int(place)])))
        return pictures

    def _open(self, kind: str, given: Any, **options: Any) -> Any:
        """A value as it is; a name opened by the opener of its kind."""
        if not isinstance(given, str):
            return given
        if kind not in self.openers:
            raise InputError(f"nothing that is installed opens a {kind} from a file; give the value itself")
        return self.openers[kind](given, **options)


def decide(
    evidence: Evidence,
    spec: DeploymentSpec,
    *,
    as_of: datetime,
    policy: Policy | None = None,
    history: tuple[str, ...] = (),
    waivers: tuple[Waiver, ...] = (),
) -> Report:
    """The report on ``evidence`` under ``spec``; equal arguments give equal bytes, and nothing else is looked at.

    ``as_of`` is the day it is about, on which ``waivers`` are in force or not; ``history`` holds the keys of earlier
    looks at the same test images. Raises ``InputError`` for a data set of which nothing can be judged or a waiver of
    an unknown code, and ``SpecError`` without a critical class or for a file-name pattern that cannot be used.
    """
    policy = policy or Policy()
    decision = decision_on(evidence, spec, policy, waivers, as_of=as_of.date())
    return report_of(decision, evidence, spec, as_of=as_of, policy=policy, history=history, waivers=waivers)


def spec_in_force(
    evidence: Evidence, given: DeploymentSpec | None = None, *, file_name_pattern: str | None = None
) -> DeploymentSpec:
    """The specification that ``evidence`` is judged by: the one given, else one assumed from the evidence alone.

    A ``file_name_pattern`` is written into it, in place of its own.
    """
    changed = {} if file_name_pattern is None else {"file_name_pattern": file_name_pattern}
    if given is not None:
        return given.model_copy(update=changed)
    facts = evidence.dataset
    if changed:
        named = with_names(evidence, DeploymentSpec().model_copy(update=changed))
        facts = replace(facts, conditions=ConditionFacts.spread(named.images))
    return assume_spec(facts, str(replace(evidence.version, number=None))).model_copy(update=changed)


def _with_reported(evidence: Evidence, reported: ReportedFigures | None) -> Evidence:
    if reported is None:
        return evidence
    return replace(evidence, reported=reported, announcements=(*evidence.announcements, *reported.sentences()))


def _named(project: object | None) -> str | None:
    """The name of a project; raises ``InputError`` for what has none."""
    if project is None or isinstance(project, str):
        return project
    from vision_readiness.roboflow.official_sdk import version_id_of

    known = version_id_of(project)
    if known is None:
        raise InputError(
            f"{type(project).__name__} is no project: give `workspace/project`, or the roboflow SDK's Project"
        )
    return str(known)


def _of_train(evidence: Evidence, most: int) -> NDArray[np.int64]:
    """At most so many rows of training images, one of each group, spread evenly and the same every time."""
    import numpy as np

    from vision_readiness.benchmark.measure import spread

    rows = np.flatnonzero(evidence.images.of(Split.TRAIN))
    _, first = np.unique(evidence.group[rows], return_index=True)
    rows = rows[np.sort(first)]
    return rows[spread(most, len(rows))]


def _against(judged: ModelEvidence, evidence: Evidence) -> ModelEvidence:
    from vision_readiness.evaluate.average_precision import change_of_ap50

    if evidence.parent is None:
        return judged
    test = evidence.judged(Split.TEST)
    now, before = judged.matches.within(test), evidence.parent.matches.within(test)
    return replace(judged, against_parent=change_of_ap50(now, before, evidence.group))
