"""A row of the decision table, and the short ways to write one and its example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from vision_readiness.decide.table.project import Answers, Case, a_case, a_spec, gathered
from vision_readiness.policy import Policy
from vision_readiness.project import VersionId
from vision_readiness.readiness import Action, BlockedBy, ReadinessState
from vision_readiness.reasons.reason import Named
from vision_readiness.requirement import Waiver
from vision_readiness.spec import ClassRule, ConditionRule, RequirementRule

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence

POLICY = Policy()
PLENTY = POLICY.enough_training_objects
OLDER = VersionId("acme", "dock", 2)
FORKLIFTS = {"forklift": 60}
DUSK = {"conditions": {"lighting": ConditionRule(levels=dict.fromkeys(("day", "night", "dusk")))}}
LENIENT = {"classes": {label: rule.model_copy(update={"min_recall": 0.7}) for label, rule in a_spec().classes.items()}}
NO_WORSE = {"metric": "recall", "class": "person", "no_worse_than": "previous", "margin": 0.05}


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A situation in a product manager's words, what is decided there, and an example of it.

    ``codes`` are the reasons that the decision names for it; there are none where nothing is wrong.
    """

    situation: str
    state: ReadinessState
    blocked_by: BlockedBy | None
    next_action: Action
    example: Callable[[], Case]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Refusal:
    """A situation in which there is nothing to decide, and the error that says so."""

    situation: str
    error: type[Exception]
    example: Callable[[], Case]


def _row(
    state: ReadinessState,
    blocked_by: BlockedBy | None,
    situation: str,
    action: Action,
    example: Callable[[], Case],
    *named: Named,
) -> Row:
    return Row(situation, state, blocked_by, action, example, tuple(one.code for one in named))


failing = partial(_row, ReadinessState.BLOCKED, BlockedBy.FAILURE)
retrainable = partial(_row, ReadinessState.RETRAIN_REQUIRED, BlockedBy.FAILURE)
unproven = partial(_row, ReadinessState.BLOCKED, BlockedBy.EVIDENCE)
unwatched = partial(_row, ReadinessState.MONITOR_REQUIRED, None)
warned = partial(_row, ReadinessState.WARNING, None)
ready = partial(_row, ReadinessState.READY, None)


def answering(*waivers: Waiver, spec: Mapping[str, Any] | None = None, **answers: Any) -> Case:
    """The sound project with a model that answers so, on images of the shape that ``answers`` gives besides."""
    shape = {key: answers.pop(key) for key in ("train", "test", "leaked", "empty") if key in answers}
    return a_case(*waivers, evidence=gathered(Answers(**answers), **shape), **(spec or {}))


def of_model(**changes: Any) -> Case:
    """The sound project but for ``changes`` in what is known of its model."""
    return a_case(evidence=gathered(model=changes))


def in_the_dataset(**changes: Any) -> Case:
    """The sound project but for ``changes`` in the facts about its data set."""
    evidence = gathered()
    return a_case(evidence=replace(evidence, dataset=replace(evidence.dataset, **changes)))


def asked(rule: Mapping[str, Any], evidence: Evidence | None = None, **spec: Any) -> Case:
    """The sound project with one more requirement."""
    return a_case(evidence=evidence, requirements=(RequirementRule.model_validate(rule),), **spec)


def ruled(label: str, **changes: Any) -> Mapping[str, Any]:
    """The part of a specification in which one class is asked for something else."""
    classes = a_spec().classes
    return {"classes": {**classes, label: classes.get(label, ClassRule()).model_copy(update=changes)}}
