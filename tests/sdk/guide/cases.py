"""Decisions of every kind, each with what is wrong in it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from tests.sdk.decide.cases import a_spec, decided, fast, gathered
from vision_readiness.guide import ranked_fixes
from vision_readiness.project import VersionId
from vision_readiness.requirement import Metric
from vision_readiness.spec import ClassRule, ConditionRule, DeploymentTarget, Monitoring, RequirementRule
from vision_readiness.words.fixes import fixes_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision_readiness.decide import Decision
    from vision_readiness.evaluate.costs import ErrorCost
    from vision_readiness.guide.fix import Fix

OLDER = VersionId("acme", "dock", 2)
TARGET = DeploymentTarget(device="dock-pc", p95_ms=100)


def fixes_of(decision: Decision, costs: Sequence[ErrorCost] = ()) -> tuple[Fix, ...]:
    """The ranked fixes of a decision, with their texts."""
    return fixes_in_words(ranked_fixes(decision, costs), decision, costs)


@cache
def decisions() -> dict[str, Decision]:
    """A decision for each kind of blocker and each state, by what is the matter."""
    uncritical = {**a_spec().classes, "forklift": ClassRule(critical=False, min_recall=0.9, threshold=0.5)}
    fixed = {label: rule.model_copy(update={"threshold": 0.95}) for label, rule in a_spec().classes.items()}
    dusk = {"lighting": ConditionRule(levels=dict.fromkeys(("day", "night", "dusk")))}
    pallet = {**a_spec().classes, "pallet": ClassRule()}
    alarms = (RequirementRule(metric=Metric.FALSE_ALARMS, at_most=5),)
    average = (RequirementRule(metric=Metric.AP50, at_least=0.5, label="person"),)
    weak = gathered(missed={"forklift": 60}, train=300)
    return {
        "ready": decided(gathered()),
        "ready, unwatched": decided(gathered(), a_spec(monitoring=Monitoring())),
        "warning": decided(gathered(trained_on=None), a_spec(approved_by=None)),
        "monitor": decided(gathered(), a_spec(monitoring=Monitoring(required=True))),
        "misses": decided(weak),
        "misses both": decided(gathered(missed={"forklift": 60, "person": 80}, train=300)),
        "false alarms": decided(gathered(false_alarms={"person": 120}, train=300)),
        "misses at night": decided(
            gathered(missed={"forklift": 45}, missed_at="night", train=300),
            a_spec(classes={label: ClassRule(min_recall=0.7, min_precision=0.7, threshold=0.5) for label in fixed}),
        ),
        "an older model": decided(gathered(missed={"forklift": 60}, train=300, trained_on=OLDER)),
        "a weak class with its data": decided(gathered(missed={"forklift": 60})),
        "not proven": decided(gathered(missed={"forklift": 14})),
        "few images": decided(gathered(test=19)),
        "no test images": decided(gathered(test=0)),
        "no model": decided(gathered(with_model=False)),
        "a class without objects": decided(gathered(known=("person", "forklift", "pallet")), a_spec(classes=pallet)),
        "an untaught class": decided(gathered(known=("person",), train=300)),
        "a situation without images": decided(gathered(), a_spec(conditions=dusk)),
        "too slow": decided(gathered(latency=fast(0.2))),
        "too large": decided(
            gathered(latency=fast(peak_memory_bytes=2**31)),
            a_spec(deployment_target=TARGET.model_copy(update={"memory_mb": 512})),
        ),
        "too few frames": decided(
            gathered(latency=fast(0.05)),
            a_spec(deployment_target=TARGET.model_copy(update={"fps_per_camera": 50})),
        ),
        "few calls": decided(gathered(latency=fast(calls=30))),
        "another device": decided(gathered(latency=fast(device="laptop"))),
        "never timed": decided(replace(gathered(), latency=None)),
        "leaked": decided(gathered(leaked=40)),
        "a threshold that fails": decided(gathered(), a_spec(classes=fixed)),
        "false alarms on empty images": decided(gathered(), a_spec(requirements=alarms)),
        "an average": decided(gathered(), a_spec(requirements=average)),
        "uncritical": decided(gathered(missed={"forklift": 60}), a_spec(classes=uncritical)),
    }
