"""The assumed specification: each line with the reason for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from vision_readiness.project.months import MONTH
from vision_readiness.spec.capture import GOLDEN, SET, ImageSet
from vision_readiness.spec.model import DEFAULT_FLOOR, ClassRule, ConditionRule, DeploymentSpec
from vision_readiness.spec.operation import DeploymentTarget

if TYPE_CHECKING:
    from vision_readiness.inspect.facts import DatasetFacts

HARM = {
    "injury": ("person", "people", "worker", "pedestrian", "human", "child", "forklift", "vehicle", "car", "truck"),
    "danger": ("fire", "smoke", "gun", "weapon", "knife", "fall", "leak", "helmet", "vest"),
    "scrap": ("defect", "crack", "scratch", "dent", "dented", "damage", "damaged", "broken", "tear"),
}
"""Words in a class name that say what a miss would cost."""

CAREFUL_RECALL = 0.90


def assume_spec(facts: DatasetFacts, project: str) -> DeploymentSpec:
    """A specification for ``facts`` with every value assumed and every assumption explained; approved by nobody.

    Every class that is labelled anywhere is critical, and every class where none is.
    """
    anywhere = (label for label in facts.classes if any(split.objects[label] for split in facts.splits.values()))
    labelled = tuple(anywhere) or facts.classes
    classes: dict[str, ClassRule] = {}
    assumptions: dict[str, str] = {}
    for label in labelled:
        classes[label], assumptions[f"classes.{label}"] = _rule(label)
    for label in facts.classes:
        if label not in classes:
            classes[label] = ClassRule(critical=False)
            assumptions[f"classes.{label}"] = "nobody labelled this class"
    conditions = _conditions(facts)
    for name in conditions:
        assumptions[f"conditions.{name}"] = "the images say so; nobody said what production sees"
    golden = _golden(facts)
    if golden is not None:
        assumptions["golden_set"] = "images are tagged as golden; nobody said who verified them"
    assumptions["deployment_target"] = "nobody named a device or a budget; a camera waits about this long"
    target = DeploymentTarget(device="this-machine", p95_ms=1000)
    return DeploymentSpec(
        project=project,
        classes=classes,
        conditions=conditions,
        golden_set=golden,
        deployment_target=target,
        assumptions=assumptions,
    )


def _rule(label: str) -> tuple[ClassRule, str]:
    words = set(re.split(r"[^a-z]+", label.lower()))
    for harm, signs in HARM.items():
        if words & set(signs):
            return ClassRule(
                min_recall=CAREFUL_RECALL, min_precision=DEFAULT_FLOOR
            ), f"a missed {label} can mean {harm}"
    floors = ClassRule(min_recall=DEFAULT_FLOOR, min_precision=DEFAULT_FLOOR)
    return floors, "every class is critical until somebody says it is not"


def _conditions(facts: DatasetFacts) -> Mapping[str, ConditionRule]:
    known = {
        name: fact
        for name, fact in facts.conditions.items()
        if fact.origin != "measured" and name not in ("tag", SET, MONTH)
    }
    return {
        name: ConditionRule(levels=dict.fromkeys(sorted({level for split in fact.images.values() for level in split})))
        for name, fact in known.items()
    }


def _golden(facts: DatasetFacts) -> ImageSet | None:
    known = facts.conditions.get(SET)
    tagged = known is not None and any(GOLDEN in levels for levels in known.images.values())
    return ImageSet(tags=(f"{SET}:{GOLDEN}",)) if tagged else None
