"""The whole story in one place: what is known of a version is gathered, and decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack

from vision_readiness.decide import decision_on
from vision_readiness.errors import InputError
from vision_readiness.evidence import Evidence
from vision_readiness.gathering import Openers, Parts, against_parent, opened
from vision_readiness.inspect.facts import ConditionFacts
from vision_readiness.policy import Policy
from vision_readiness.report.lay_out import report_of
from vision_readiness.situations.file_names import with_names
from vision_readiness.sources import CONNECT, ROBOFLOW, installed
from vision_readiness.spec import DeploymentSpec, assume_spec, read_spec
from vision_readiness.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from vision_readiness.benchmark.facts import LatencyFacts
    from vision_readiness.evidence.model_evidence import GivenAnswers
    from vision_readiness.ports import Cache, Clock, Progress, Source
    from vision_readiness.predict.interface import Model
    from vision_readiness.project import ProjectVersion
    from vision_readiness.publish import EdgeCase, Part, Published
    from vision_readiness.publish.interface import Publisher
    from vision_readiness.report import Report
    from vision_readiness.requirement import Waiver


Last = TypeVar("Last", bound=DeploymentSpec | None)


class Given(TypedDict, total=False):
    """What can be given to ``gather``; a text names what an opener opens, as a rule a file.

    ``calls`` is how many calls of the model are timed, 300 unless said and 0 for none; ``latency`` brings times that
    were taken elsewhere. ``parent`` is the artefact that the model was made from. With nothing to measure, what the
    source reports of its model ``model_id`` is shown, and proves nothing. Of the test images ``stress_images`` are
    shifted in every way, step by step, and predicted again. The model predicts ``train_images`` training
    images too, each of another source, to see what it memorised.
    """

    model: Model | str | None
    model_options: Mapping[str, object]
    predictions: GivenAnswers | str | None
    predictions_options: Mapping[str, object]
    parent: Model | str | None
    latency: LatencyFacts | str | None
    calls: int
    model_id: str | None
    stress_images: int
    train_images: int


def gather(version: ProjectVersion, given: Given, parts: Parts, *, source: str = "") -> Evidence:
    """Everything a decision needs, found out once; a model beside the data is used when none is given.

    ``source`` says where the version came from. Raises what the source and the model raise, and ``InputError`` for a
    name that nothing opens.
    """
    model = _model(version, given, parts)
    answers = given.get("predictions")
    if answers is not None:
        options = given.get("predictions_options", {})
        answers = opened("predictions", answers, parts.openers.get("predictions"), version=version, **options)
    watch = Stopwatch(parts.clock)
    with watch.stage("inspect"):
        scan, dataset = parts.scan(version.dataset)
    evidence = Evidence(
        version.id,
        scan.facts,
        dataset.images,
        scan.group,
        scan.leak_free,
        preprocessing=version.preprocessing,
        augmentation=version.augmentation,
        announcements=version.announcements,
        source=source,
    )
    judged = answers if answers is not None else model
    if judged is not None:
        found = parts.evaluate(watch, evidence, dataset, judged, given.get("train_images", 0))
        parent = given.get("parent")
        if parent is not None:
            before = opened("model", parent, parts.openers.get("model"), version=version)
            evidence = replace(evidence, parent=parts.evaluate(watch, evidence, dataset, before))
        evidence = replace(evidence, model=against_parent(found, evidence))
        shifted = given.get("stress_images", 0)
        if model is not None and shifted:
            with watch.stage("stress"):
                evidence = replace(evidence, stress=parts.stress(model, evidence, dataset, shifted))
    elif version.reported is not None:
        evidence = _with_reported(evidence, version, given.get("model_id"))
    timed = given.get("latency")
    if timed is not None:
        timed = opened("latency", timed, parts.openers.get("latency"))
    elif model is not None and given.get("calls", 300):
        with watch.stage("benchmark"):
            timed = parts.time(model, dataset, given.get("calls", 300))
    return replace(evidence, latency=timed, seconds=watch.seconds)


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


def written_spec(
    given: DeploymentSpec | str | None = None,
    *,
    saved: str | None = None,
    beside: str | None = None,
    last: Last,
    opener: Callable[[str], DeploymentSpec] | None = None,
) -> DeploymentSpec | Last:
    """The specification that somebody wrote, the first there is of these; ``None`` where one has to be assumed.

    That is the one ``given``, the YAML ``saved`` for the project, the file ``beside`` the data, and that of the
    ``last`` report. ``opener`` opens one that is named. Raises ``SpecError``.
    """
    if given is None and saved is not None:
        return read_spec(saved)
    named = beside if given is None else given
    return last if named is None else opened("spec", named, opener)


def spec_in_force(
    evidence: Evidence, written: DeploymentSpec | None = None, *, file_name_pattern: str | None = None
) -> DeploymentSpec:
    """The specification that ``evidence`` is judged by: the one written, else one assumed from the evidence alone.

    A ``file_name_pattern`` is put into it, in place of its own.
    """
    changed = {} if file_name_pattern is None else {"file_name_pattern": file_name_pattern}
    if written is not None:
        return written.model_copy(update=changed)
    facts = evidence.dataset
    if changed:
        named = with_names(evidence, DeploymentSpec().model_copy(update=changed))
        facts = replace(facts, conditions=ConditionFacts.spread(named.images))
    return assume_spec(facts, str(replace(evidence.version, number=None))).model_copy(update=changed)


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
    openers: Openers = field(default_factory=Openers)
    where: str = ""
    memory: Callable[[], int | None] | None = None

    @staticmethod
    def connect(where: str = ROBOFLOW, *, progress: Progress | None = None, cache: Cache | None = None) -> Advisor:
        """An advisor on what ``where`` names: Roboflow, a version there, an export's folder, an offline workspace.

        The key of Roboflow is the one of its own tools: ``ROBOFLOW_API_KEY``, or what ``roboflow login`` kept.
        Raises ``SourceError`` when nothing that is installed can open it.
        """
        found = installed(CONNECT)
        if "advisor" not in found:
            raise InputError("no adapters are installed: install vision-readiness again, or compose an Advisor by hand")
        connect: Callable[..., Advisor] = found["advisor"].load()
        return connect(where, progress=progress, cache=cache)

    @property
    def parts(self) -> Parts:
        """What it gathers with."""
        return Parts(
            images=self.source.images,
            clock=self.clock,
            progress=self.progress,
            cache=self.cache,
            memory=self.memory,
            openers=self.openers,
        )

    def readiness(
        self,
        project: object | None = None,
        version: int | None = None,
        *,
        spec: DeploymentSpec | str | None = None,
        waivers: tuple[Waiver, ...] | str = (),
        file_name_pattern: str | None = None,
        history: tuple[str, ...] = (),
        **given: Unpack[Given],
    ) -> Report:
        """The report on a version. Without ``spec``, here or beside the data, one is assumed line by line.

        ``project`` is ``workspace/project``, or a ``Project`` or ``Version`` of the official roboflow SDK. The others
        are those of ``decide`` and ``gather``.
        """
        judged = self.source.version(_named(project), version)
        written = written_spec(spec, beside=judged.beside.get("spec"), last=None, opener=self.openers.get("spec"))
        evidence = self.gather(judged, **given)
        return self.decide(
            evidence, spec=written, waivers=waivers, file_name_pattern=file_name_pattern, history=history
        )

    def gather(self, version: ProjectVersion, **given: Unpack[Given]) -> Evidence:
        """Everything a decision needs, found out once; a ``model`` beside the data is used when none is given.

        Raises what the source and the model raise, and ``InputError`` for a name that nothing opens.
        """
        return gather(version, given, self.parts, source=self.where)

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

        A ``file_name_pattern`` takes the place of that in the spec. Raises what ``decide`` of this module raises.
        """
        written = written_spec(spec, last=None, opener=self.openers.get("spec"))
        return decide(
            evidence,
            spec_in_force(evidence, written, file_name_pattern=file_name_pattern),
            as_of=self.clock.now(),
            policy=self.policy,
            history=history,
            waivers=opened("waivers", waivers, self.openers.get("waivers")),
        )

    def publish(
        self,
        report: Report | Mapping[str, object],
        *,
        dry_run: bool = True,
        publisher: Publisher | None = None,
        **options: Unpack[WriteBackOptions],
    ) -> Published:
        """What of ``report`` would be written back to its project, or with ``dry_run=False`` the result of writing it.

        ``options`` are those of ``write_back``. It is written through ``publisher``, else to where the source's
        versions come from. Raises ``InputError`` where that takes nothing.
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


class WriteBackOptions(TypedDict, total=False):
    """What ``Advisor.publish`` passes on to ``write_back``."""

    parts: Iterable[Part | str]
    report_url: str | None
    labeler: str | None
    reviewer: str | None
    edge_cases: Sequence[EdgeCase]
    batch: str | None


def _model(version: ProjectVersion, given: Given, parts: Parts) -> Model | None:
    """The model that was given; the one beside the data where there is nothing else to judge."""
    model = given.get("model")
    if model is None and given.get("predictions") is None:
        model = version.beside.get("model")
    if model is None:
        return None
    return opened("model", model, parts.openers.get("model"), version=version, **given.get("model_options", {}))


def _with_reported(evidence: Evidence, version: ProjectVersion, model_id: str | None) -> Evidence:
    reported = version.reported(model_id) if version.reported is not None else None
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
