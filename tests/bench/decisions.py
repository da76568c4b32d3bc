"""Whether *ready* can be trusted: projects with known true rates, decided; ``make bench-decisions`` runs it.

The projects come from ``tests/bench/worlds.py``, which shares no code with the evaluation. ``ARGS=60`` makes 60
projects of each kind instead of 300.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tests.bench.pages import keep
from tests.bench.tables import table
from tests.bench.worlds import Counts, Scores, as_project, counted
from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.decide import Decision, decision_on
from vision_readiness.evaluate.planner import Expectation, SamplePlan, plan_sample
from vision_readiness.evidence import Evidence
from vision_readiness.evidence.model_evidence import evidence_of
from vision_readiness.inspect.facts import DatasetFacts
from vision_readiness.inspect.leakage import leak_free, leaks
from vision_readiness.inspect.splits import count_splits
from vision_readiness.project import SPLITS, ModelCard, Task, VersionId
from vision_readiness.readiness import BlockedBy
from vision_readiness.spec import (
    ClassRule,
    ConditionRule,
    DeploymentSpec,
    DeploymentTarget,
    Fallback,
    Monitoring,
)

VERSION = VersionId("acme", "dock", 3)
NIGHT, TRAIN, FEW_VALID, VALID, MANY_VALID = 0.4, 150, 60, 300, 1000
BUDGET_MS, CALLS, JITTER = 100.0, 400, 0.12
GOOD: dict[str, dict[str, Any]] = {
    "threshold in the spec": {"fixed": True},
    f"chosen on {MANY_VALID:,} valid images": {"fixed": False, "valid": MANY_VALID},
    f"chosen on {VALID} valid images": {"fixed": False},
}
NEVER: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("leaky: 40 test images stand in train", 800, {"leaked": 40}),
    ("without an answer", 800, {"answers": False}),
    ("tiny: 19 test images", 19, {}),
    ("empty: no test image", 0, {}),
)
FLAWS = ("recall of a class", "precision of a class", "recall at night", "latency budget")


Kind: TypeAlias = "tuple[str, str, int, Callable[..., Decision]]"


@dataclass(frozen=True)
class World:
    """The truth about a project: rates of shape (2, classes), by day and by night, and the limits they must clear."""

    limits: NDArray[np.float64]
    recall: NDArray[np.float64]
    precision: NDArray[np.float64]
    p95_ms: float
    icc: float

    @property
    def classes(self) -> int:
        return len(self.limits[0])


def good(rng: np.random.Generator) -> World:
    """A project in which every requirement is met with 0.05 to spare at least, by day and by night."""
    limits = rng.uniform(0.75, 0.9, (2, int(rng.integers(2, 6))))
    spare = rng.uniform(0.05, 0.1, (2, *limits.shape))
    rates = np.minimum(limits[:, None] + spare.swapaxes(0, 1), 0.99)
    return World(limits, rates[0], rates[1], 0.8 * BUDGET_MS, float(rng.choice([0.0, 0.1, 0.2, 0.3])))


def flawed(world: World, flaw: str, by: float) -> World:
    """The same project with one class, situation or budget beyond its limit by ``by``; 0 is exactly at the limit.

    All other classes are nearly perfect, so that the aggregate looks well.
    """
    recall, precision = world.recall.copy(), world.precision.copy()
    recall[:, 1:] = precision[:, 1:] = 0.99
    if flaw == "recall of a class":
        recall[:, 0] = world.limits[0, 0] - by
    elif flaw == "recall at night":
        recall[1, 0] = world.limits[0, 0] - by
    elif flaw == "precision of a class":
        precision[:, 0] = world.limits[1, 0] - by
    p95 = BUDGET_MS * (1 + by) if flaw == "latency budget" else world.p95_ms
    return replace(world, recall=recall, precision=precision, p95_ms=p95)


def planned(world: World, valid: int | None = None) -> SamplePlan:
    """The joint sample: what the planner asks for at the true rates and design effects.

    ``valid`` images are those that thresholds are chosen on; ``None`` where they are fixed.
    """
    rng = np.random.default_rng(0)
    shape = (20_000, world.classes)
    day, night = (
        counted(rng, np.broadcast_to(recall, shape), np.broadcast_to(precision, shape), world.icc)
        for recall, precision in zip(world.recall, world.precision, strict=True)
    )
    dark = int(NIGHT * shape[0])
    mixed = Counts(
        *(np.concatenate([getattr(night, one.name)[:dark], getattr(day, one.name)[dark:]]) for one in fields(Counts))
    )
    wanted = []
    for where, share, counts in (("", 1.0, mixed), ("day", 1 - NIGHT, day), ("night", NIGHT, night)):
        for name, limits, trials in zip(
            ("recall", "precision"), world.limits, (counts.objects, counts.found + counts.alarms), strict=True
        ):
            for label, limit in enumerate(limits):
                columns = counts.found[:, label], trials[:, label]
                one = _expectation(f"{name} {label} {where}", float(limit), share, *columns)
                chosen_on = None if valid is None else int(valid * mixed.objects[:, label].mean())
                wanted.append(replace(one, chosen_on=chosen_on))
    plan = plan_sample(wanted)
    assert plan is not None
    return plan


def _expectation(
    name: str, limit: float, share: float, hits: NDArray[np.int64], trials: NDArray[np.int64]
) -> Expectation:
    rate, n = hits.sum() / trials.sum(), trials.sum()
    effect = float(((hits - rate * trials) ** 2).sum() / (n * rate * (1 - rate)))
    together = float((trials**2).sum() / n)
    return Expectation(name, float(rate), limit, share * float(trials.mean()), max(1.0, effect), together)


def decided(
    rng: np.random.Generator,
    world: World,
    test: int,
    *,
    leaked: int = 0,
    answers: bool = True,
    valid: int = VALID,
    fixed: bool | None = None,
) -> Decision:
    """The decision on a project drawn from ``world``, its threshold ``fixed`` in the spec or chosen on valid."""
    split = np.repeat(np.array([SPLITS.index(one) for one in SPLITS], np.int8), [TRAIN, valid, test])
    night = rng.random(len(split)) < NIGHT
    counts = counted(rng, world.recall[night.astype(int)], world.precision[night.astype(int)], world.icc)
    conditions = {"lighting": {"day": ~night, "night": night}}
    dataset, predictions = as_project(rng, counts, split, conditions, Scores())
    group = dataset.images.source.copy()
    group[TRAIN + valid : TRAIN + valid + leaked] = group[:leaked]
    free = leak_free(dataset.images, group)
    facts = DatasetFacts(
        task=Task.DETECTION,
        classes=dataset.classes,
        digest="0" * 64,
        splits=count_splits(dataset),
        leaks=leaks(dataset.images, group),
    )
    seconds = np.exp(rng.normal(np.log(world.p95_ms / 1000) - 1.6449 * JITTER, JITTER, CALLS))
    latency = LatencyFacts("dock-pc", "0" * 64, seconds, {}, 10, 0)
    evidence = Evidence(VERSION, facts, dataset.images, group, free, latency=latency, source="made")
    if not answers:
        predictions = replace(
            predictions,
            **{name: getattr(predictions, name)[:0] for name in ("image", "label", "score", "box")},
        )
    card = ModelCard("model.onnx", "0" * 64, Task.DETECTION, dataset.classes, trained_on=VERSION)
    evidence = replace(evidence, model=evidence_of(card, dataset, predictions, evidence, {}))
    threshold = 0.45 if (rng.random() < 0.5 if fixed is None else fixed) else None
    return decision_on(evidence, _spec(world, dataset.classes, threshold), as_of=date(2026, 11, 20))


def _spec(world: World, names: tuple[str, ...], threshold: float | None) -> DeploymentSpec:
    floors = zip(names, *world.limits.tolist(), strict=True)
    return DeploymentSpec(
        project="acme/dock",
        approved_by="Neha Kapoor",
        classes={
            name: ClassRule(min_recall=recall, min_precision=precision, threshold=threshold)
            for name, recall, precision in floors
        },
        conditions={"lighting": ConditionRule(levels={"day": 1 - NIGHT, "night": NIGHT})},
        deployment_target=DeploymentTarget(device="dock-pc", p95_ms=BUDGET_MS),
        monitoring=Monitoring(required=True, in_place="dashboard"),
        fallback=Fallback(on_low_confidence="human_review"),
        rollback_owner="neha@acme.example",
    )


@dataclass
class Tally:
    """What became of the projects of one kind."""

    projects: int = 0
    deployable: int = 0
    by_evidence: int = 0
    average: float = 0.0
    images: float = 0.0

    def add(self, decision: Decision) -> None:
        model, scope = decision.assessment.evidence.model, decision.assessment.scope
        assert model is not None
        assert scope is not None
        self.projects += 1
        self.deployable += decision.state.deployable
        self.by_evidence += decision.blocked_by is BlockedBy.EVIDENCE
        self.average += model.average.mean50() or 0.0
        self.images += float(scope.images.sum())

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def row(self, name: str, target: str) -> list[str]:
        n = max(1, self.projects)
        share = f"{100 * self.deployable / n:.1f} %"
        cells = [str(self.projects), f"{self.images / n:.0f}", f"{self.average / n:.2f}", str(self.by_evidence)]
        return [name, *cells, str(self.deployable), share, target]


def decisions_table(projects: int) -> str:
    """Every kind of project, with how many were called deployable."""
    each = projects // len(FLAWS)
    kinds: list[Kind] = [(f"beyond by 0.10–0.15: {flaw}", "0", each, partial(_beyond, flaw=flaw)) for flaw in FLAWS]
    kinds += [(f"exactly at the limit: {flaw}", "≤ 7.5 %", each, partial(_at_limit, flaw=flaw)) for flaw in FLAWS]
    for place, (name, options) in enumerate(GOOD.items()):
        count = projects // 2 if place else projects
        kinds.append((f"good, the planner's sample, {name}", "≥ 90 %", count, partial(_good, **options)))
    few = max(1, projects // 10)
    for name, test, changes in NEVER:
        kinds.append((f"good but {name}", "0", few, partial(_never, test=test, **changes)))
    short = f"good, the planner's sample, {FEW_VALID} valid images and those it asks for"
    kinds.append((short, "≥ 90 %", projects // 2, partial(_good, fixed=False, valid=FEW_VALID)))
    tallies = [_tally(place, count, make) for place, (_, _, count, make) in enumerate(kinds)]
    rows = [tally.row(name, allowed) for tally, (name, allowed, _, _) in zip(tallies, kinds, strict=True)]
    for place, (name, allowed) in enumerate((("beyond by 0.10–0.15", "0"), ("exactly at the limit", "≤ 7.5 %"))):
        members = tallies[place * len(FLAWS) : (place + 1) * len(FLAWS)]
        rows.append(sum(members[1:], members[0]).row(f"all {name}", allowed))
    head = ["projects", "n", "test images", "AP50", "blocked by evidence alone", "deployable", "share", "allowed"]
    return table(head, rows)


def _tally(place: int, count: int, make: Callable[..., Decision]) -> Tally:
    tally = Tally()
    for number in range(count):
        tally.add(make(np.random.default_rng([place, number])))
    return tally


def _beyond(rng: np.random.Generator, flaw: str) -> Decision:
    world = good(rng)
    return decided(rng, flawed(world, flaw, float(rng.uniform(0.10, 0.15))), planned(world).images)


def _at_limit(rng: np.random.Generator, flaw: str) -> Decision:
    world = good(rng)
    return decided(rng, flawed(world, flaw, 0.0), planned(world).images)


def _good(rng: np.random.Generator, **options: Any) -> Decision:
    world = good(rng)
    valid = options.get("valid", VALID)
    plan = planned(world, None if options["fixed"] else valid)
    return decided(rng, world, plan.images, **{**options, "valid": math.ceil(plan.behind * valid)})


def _never(rng: np.random.Generator, test: int, **changes: Any) -> Decision:
    return decided(rng, good(rng), test, **changes)


def main() -> None:
    """Decide, print and write."""
    projects = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    began = time.process_time()
    text = decisions_table(projects)
    print(text)
    print(f"{time.process_time() - began:.0f} CPU s")
    keep("decisions", text)


if __name__ == "__main__":
    main()
