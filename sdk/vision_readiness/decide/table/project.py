"""A project that can be deployed, and the ways in which it can differ: the parts of the table's examples.

Every image holds one object of each class, every second one at night. Answers are made to measure: so many objects
missed, so many false alarms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.evaluate.average_precision import change_of_ap50
from vision_readiness.evidence import Evidence, ModelEvidence
from vision_readiness.evidence.model_evidence import evidence_of
from vision_readiness.inspect.leakage import leak_free, leaks
from vision_readiness.inspect.splits import count_splits
from vision_readiness.project import Condition, Dataset, ModelCard, Predictions, Split, Task, VersionId
from vision_readiness.project.example import Box, a_dataset
from vision_readiness.reasons.examples import dataset_facts
from vision_readiness.reasons.reason import Named
from vision_readiness.requirement import Waiver
from vision_readiness.spec import ClassRule, ConditionRule, DeploymentSpec, DeploymentTarget, Monitoring

CLASSES = ("person", "forklift", "pallet")
BOXES: Mapping[str, Box] = {"person": (2, 2, 22, 30), "forklift": (32, 4, 60, 40), "pallet": (2, 34, 30, 46)}
NOWHERE: Box = (40, 42, 52, 47)
EVALUATED = (Split.VALID, Split.TEST)
DAY = date(2026, 6, 1)
VERSION = VersionId("acme", "dock", 3)
ARTEFACT = "0" * 64


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What a decision is asked about; the day of all is ``DAY``."""

    evidence: Evidence
    spec: DeploymentSpec
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How a model does on test: by class, how many objects it misses and on how many images it raises a false alarm.

    ``missed_at`` is the lighting that misses keep to. On ``unsure`` images an answer is right but scored 0.6, not 0.9.
    With ``about_train`` every training image was asked about too, and answered well.
    """

    missed: Mapping[str, int] = field(default_factory=dict)
    false_alarms: Mapping[str, int] = field(default_factory=dict)
    missed_at: str | None = None
    unsure: Mapping[str, int] = field(default_factory=dict)
    known: tuple[str, ...] = CLASSES
    about_train: bool = False
    trained_on: VersionId | None = VERSION


def a_case(*waivers: Waiver, evidence: Evidence | None = None, **spec: Any) -> Case:
    """The sound project but for its evidence, and for ``spec``: parts of the specification, by key."""
    return Case(evidence or gathered(), a_spec(**spec), waivers)


def a_spec(**changes: Any) -> DeploymentSpec:
    """A specification that somebody signed: people and forklifts are critical, pallets are not."""
    rule = ClassRule(min_recall=0.9, min_precision=0.8, threshold=0.5)
    spec = DeploymentSpec(
        project="acme/dock",
        approved_by="Neha Kapoor",
        classes={label: rule.model_copy(update={"critical": label != "pallet"}) for label in CLASSES},
        conditions={"lighting": ConditionRule(levels={"day": 0.5, "night": 0.5})},
        deployment_target=DeploymentTarget(device="dock-pc", p95_ms=100),
        monitoring=Monitoring(required=True, in_place="dashboard"),
    )
    return spec.model_copy(update=changes)


def gathered(
    answers: Answers | None = None,
    *,
    parent: Answers | None = None,
    model: Mapping[str, Any] = MappingProxyType({}),
    **shape: int,
) -> Evidence:
    """Evidence of a model that answers so, timed on the target, but for ``model``; ``shape`` is as of ``pictures``."""
    dataset = pictures(**shape)
    images = dataset.images
    group = images.source
    found = leaks(images, group)
    facts = replace(dataset_facts(), classes=CLASSES, splits=count_splits(dataset), leaks=found)
    evidence = Evidence(VERSION, facts, images, group, leak_free(images, group), latency=timed())
    now = replace(_model(dataset, evidence, answers or Answers()), **model)
    if parent is None:
        return replace(evidence, model=now)
    before, tested = _model(dataset, evidence, parent), evidence.judged(Split.TEST)
    change = change_of_ap50(now.matches.within(tested), before.matches.within(tested), group)
    return replace(evidence, model=replace(now, against_parent=change), parent=before)


def in_other_words(label: str, called: str) -> Evidence:
    """Evidence of a model that calls a class otherwise."""
    answers = Answers(known=tuple(one for one in CLASSES if one != label))
    card = gathered(answers).model.card  # type: ignore[union-attr]  # it was gathered with one
    names = tuple(called if one == label else one for one in CLASSES)
    return gathered(answers, model={"card": replace(card, classes=names)})


def without_model(**changes: Any) -> Evidence:
    """Evidence of the data alone, but for ``changes``."""
    return replace(gathered(), model=None, latency=None, **changes)


def timed(seconds: float = 0.01, calls: int = 300, **changes: Any) -> LatencyFacts:
    """Calls of the judged artefact on the target, ``seconds`` each, but for ``changes``."""
    return replace(LatencyFacts("dock-pc", ARTEFACT, np.full(calls, seconds), {}, 10, 0), **changes)


def a_waiver(reason: Named, subject: str, expires: date = date(2026, 12, 31)) -> Waiver:
    """A risk that somebody accepted."""
    return Waiver(reason.code, subject, "Neha Kapoor", "known and watched", expires)


@cache
def pictures(*, train: int = 120, valid: int = 60, test: int = 200, leaked: int = 0, empty: int = 0) -> Dataset:
    """The labelled images; ``leaked`` test images are copies of train images, and ``empty`` more hold nothing."""
    names = [f"train/a{n}.rf.{n}.jpg" for n in range(train)] + [f"valid/b{n}.jpg" for n in range(valid)]
    names += [f"test/{'a' if n < leaked else 'c'}{n}.rf.t{n}.jpg" for n in range(test)]
    labels = {name: [(label, BOXES[label]) for label in CLASSES] for name in names}
    labels |= {f"test/e{n}.jpg": [] for n in range(empty)}
    night = np.array([n % 2 == 1 for size in (train, valid, test + empty) for n in range(size)])
    return a_dataset(
        labels, classes=CLASSES, conditions={"lighting": Condition("tag", {"day": ~night, "night": night})}
    )


def _model(dataset: Dataset, evidence: Evidence, answers: Answers) -> ModelEvidence:
    card = ModelCard("model.onnx", ARTEFACT, Task.DETECTION, answers.known, trained_on=answers.trained_on)
    return evidence_of(card, dataset, _predictions(dataset, answers), evidence, {})


def _predictions(dataset: Dataset, answers: Answers) -> Predictions:
    """A good answer to every object of valid and test, but for what is missed, unsure or made up."""
    images, rows = dataset.images, []
    tested, asked = images.of(Split.TEST), images.of(*Split) if answers.about_train else images.of(*EVALUATED)
    holding = np.isin(np.arange(len(images)), dataset.objects.image)
    lit = images.conditions["lighting"].members.get(answers.missed_at or "", np.ones(len(images), bool))
    for label in (one for one in CLASSES if one in answers.known):
        place = CLASSES.index(label)
        missed = _first(tested & holding & lit, answers.missed, label)
        unsure = _first(tested & holding, answers.unsure, label)
        found = np.flatnonzero(asked & holding & ~missed).tolist()
        rows += [(row, place, 0.6 if unsure[row] else 0.9, BOXES[label]) for row in found]
        alarms = _first(tested[::-1], answers.false_alarms, label)[::-1]
        rows += [(row, place, 0.8, NOWHERE) for row in np.flatnonzero(alarms).tolist()]
    rows.sort(key=lambda row: row[0])
    return Predictions(
        asked,
        np.array([row[0] for row in rows], np.int32),
        np.array([row[1] for row in rows], np.int32),
        np.array([row[2] for row in rows], np.float64),
        np.array([row[3] for row in rows], np.float64).reshape(-1, 4),
    )


def _first(images: NDArray[np.bool_], counts: Mapping[str, int], label: str) -> NDArray[np.bool_]:
    """The first so many of ``images`` as a mask of the same shape."""
    return images & (np.cumsum(images) <= counts.get(label, 0))
