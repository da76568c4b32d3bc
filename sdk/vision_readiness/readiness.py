"""The five states of readiness, and the next thing to do in each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReadinessState(StrEnum):
    """The five states, best first; the first three are deployable."""

    READY = "ready"
    WARNING = "warning"
    MONITOR_REQUIRED = "monitor_required"
    RETRAIN_REQUIRED = "retrain_required"
    BLOCKED = "blocked"

    @property
    def deployable(self) -> bool:
        return self not in (ReadinessState.RETRAIN_REQUIRED, ReadinessState.BLOCKED)

    @property
    def rank(self) -> int:
        """0 for the best state, 4 for the worst."""
        return tuple(ReadinessState).index(self)


class BlockedBy(StrEnum):
    """Why a version is not deployable: something failed, or something is only not proven."""

    FAILURE = "failure"
    EVIDENCE = "evidence"


class Stage(StrEnum):
    """What a version is judged by; the whole is as good as the worst of them."""

    DATASET = "dataset"
    MODEL = "model"
    DEPLOYMENT = "deployment"


class Action(StrEnum):
    """The next thing to do."""

    DEPLOY = "deploy"
    DEPLOY_WITH_MONITORING = "deploy_with_monitoring"
    REVIEW_WARNINGS = "review_warnings"
    FIX_DATASET = "fix_dataset"
    COLLECT_DATA = "collect_data"
    LABEL_MORE = "label_more"
    ADJUST_THRESHOLD = "adjust_threshold"
    RETRAIN = "retrain"
    TRAIN = "train"
    CHANGE_TARGET = "change_target"
    MEASURE_ON_TARGET = "measure_on_target"
    ENABLE_MONITORING = "enable_monitoring"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class NextAction:
    """The next thing to do, in a sentence a product manager can pass on."""

    action: Action
    sentence: str


@dataclass(frozen=True, slots=True)
class StageState:
    """One stage, its state, and what decides it: the key of a finding, of a risk, or of a requirement.

    ``because`` says the same in a sentence once a report is laid out.
    """

    stage: Stage
    state: ReadinessState
    because: str = ""
    decided_by: str | None = None
