"""Evidence made to measure: how many objects are found and how many answers are wrong, class by class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from tests.sdk.decide.scanned import BOXES, CLASSES, scanned
from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.decide import Decision, decision_on
from vision_readiness.evidence import Evidence
from vision_readiness.evidence.model_evidence import evidence_of
from vision_readiness.project import Dataset, ModelCard, Predictions, Task, VersionId
from vision_readiness.requirement import Metric, Waiver
from vision_readiness.spec import (
    Agreement,
    CameraProfile,
    ClassRule,
    ConditionRule,
    DataPolicy,
    DeploymentSpec,
    DeploymentTarget,
    Fallback,
    ImageSet,
    Monitoring,
    OutputContract,
    RequirementRule,
    Rollout,
    Season,
)
from vision_readiness.words.decision import in_words

TODAY = date(2026, 11, 20)
VERSION = VersionId("acme", "dock", 3)
WHOLE = ClassRule(
    min_recall=0.9,
    min_precision=0.8,
    threshold=0.5,
    includes=("whole ones",),
    min_visible_area=0.2,
    truncated="label what is seen",
)
NOWHERE = (40.0, 42.0, 52.0, 47.0)


def fast(seconds: float = 0.01, calls: int = 300, **changes: Any) -> LatencyFacts:
    """A run in which every call took the same time."""
    return replace(LatencyFacts("dock-pc", "0" * 64, np.full(calls, seconds), {}, 10, 0), **changes)


def a_spec(**changes: Any) -> DeploymentSpec:
    """A signed specification in which nothing is missing."""
    spec = DeploymentSpec(
        project="acme/dock",
        approved_by="Neha Kapoor",
        classes=dict.fromkeys(CLASSES, WHOLE),
        requirements=tuple(
            RequirementRule(metric=Metric.PRECISION, at_least=0.1, label="person", where={"set": level}, critical=False)
            for level in ("golden", "challenge")
        ),
        seasons={"winter": Season(refresh_by=date(2027, 11, 1))},
        camera=CameraProfile(resolution=(64, 48), angle="level"),
        data=DataPolicy(sources=("dock 1",), consent="signs at the gates", retention="90 days"),
        agreement=Agreement(measured=0.97, how="two annotators, 200 images"),
        golden_set=ImageSet(file_name_pattern=r"^[ac]\d*[02468]\.", verified_by="Neha Kapoor"),
        challenge_set=ImageSet(file_name_pattern=r"^[ac]\d*[13579]\."),
        output=OutputContract(
            boxes="xyxy", coordinates="pixels", frame="stored_image", thresholds="fixed", nms="per_class"
        ),
        conditions={"lighting": ConditionRule(levels={"day": 0.5, "night": 0.5})},
        deployment_target=DeploymentTarget(device="dock-pc", p95_ms=100),
        monitoring=Monitoring(
            required=True, in_place="dashboard", signals=("scores",), review="two days", retrain="every quarter"
        ),
        fallback=Fallback(
            on_low_confidence="human_review", on_unknown_object="ignore", on_degradation="previous version"
        ),
        rollout=Rollout(strategy="canary", rollback_triggers=("p95 over 150 ms",)),
        rollback_owner="neha@acme.example",
    )
    return spec.model_copy(update=changes)


def gathered(
    *,
    test: int = 200,
    valid: int = 60,
    train: int = 620,
    missed: Mapping[str, int] | None = None,
    false_alarms: Mapping[str, int] | None = None,
    missed_at: str = "",
    latency: LatencyFacts | None = None,
    trained_on: VersionId | None = VERSION,
    known: tuple[str, ...] = CLASSES,
    leaked: int = 0,
    with_model: bool = True,
) -> Evidence:
    """Evidence on images with one object of each class, half by day and half by night.

    Of the test images ``missed`` go unanswered for a class (from the front, so all by day; from those of the level
    ``missed_at`` where given) and ``false_alarms`` have an extra answer. ``leaked`` test images are copies of train
    images.
    """
    dataset, found = scanned(train, valid, test, leaked)
    evidence = Evidence(
        VERSION, found.facts, dataset.images, found.group, found.leak_free, latency=latency or fast(), source="a test"
    )
    if not with_model:
        return replace(evidence, latency=None)
    card = ModelCard("model.onnx", "0" * 64, Task.DETECTION, known, trained_on=trained_on)
    predictions = _predictions(dataset, known, missed or {}, false_alarms or {}, missed_at)
    return replace(evidence, model=evidence_of(card, dataset, predictions, evidence, {}))


def decided(evidence: Evidence, spec: DeploymentSpec | None = None, *waivers: Waiver, as_of: date = TODAY) -> Decision:
    return in_words(decision_on(evidence, spec or a_spec(), None, tuple(waivers), as_of=as_of))


def codes(decision: Decision) -> set[str]:
    """Every code of a decision: of findings and of requirements."""
    return {one.code for one in decision.findings} | {one.code for one in decision.requirements if one.code}


def _predictions(
    dataset: Dataset, known: tuple[str, ...], missed: Mapping[str, int], false_alarms: Mapping[str, int], level: str
) -> Predictions:
    test = [n for n, key in enumerate(dataset.images.key) if key.startswith("test/")]
    rows = [n for n, key in enumerate(dataset.images.key) if key.startswith(("valid/", "test/"))]
    members = dataset.images.conditions["lighting"].members
    order = [n for n in test if not level or members[level][n]]
    answers: list[tuple[int, int, float, tuple[float, ...]]] = []
    for label in known:
        place = CLASSES.index(label) if label in CLASSES else None
        if place is None:
            continue
        gone = set(order[: missed.get(label, 0)])
        answers += [(n, place, 0.9, BOXES[label]) for n in rows if n not in gone]
        answers += [(n, place, 0.8, NOWHERE) for n in order[: false_alarms.get(label, 0)]]
    answers.sort(key=lambda answer: answer[0])
    image, label, score, box = zip(*answers, strict=True) if answers else ((), (), (), ())
    answered = np.zeros(len(dataset.images), bool)
    answered[rows] = True
    return Predictions(
        answered,
        np.array(image, np.int32),
        np.array(label, np.int32),
        np.array(score, np.float64),
        np.array(box, np.float64).reshape(-1, 4),
    )
