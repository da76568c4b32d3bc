"""What a check has to have before it can look at anything, and what is said where it is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.project import Split

if TYPE_CHECKING:
    from vision_readiness.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Need:
    """A part of the evidence. ``lacking`` says why it is not there, and ``None`` where it is."""

    what: str
    lacking: Callable[[Evidence], str | None]


def _model(evidence: Evidence) -> str | None:
    if evidence.model is not None:
        return None
    missing = "there is no model and there are no predictions"
    return evidence.no_model_because or ("nothing was re-measured" if evidence.reported else missing)


def _test_images(evidence: Evidence) -> str | None:
    return None if evidence.judged(Split.TEST).any() else "there are no leak-free test images"


def _parent(evidence: Evidence) -> str | None:
    return None if evidence.parent is not None else "no parent artefact was given (`--parent`)"


def _train_answers(evidence: Evidence) -> str | None:
    known = evidence.model is not None and evidence.model.on_train is not None
    return None if known else "no training image was predicted (`--train-images 200`)"


def _latency(evidence: Evidence) -> str | None:
    return None if evidence.latency is not None else "nothing was timed"


MODEL = Need("a model or its predictions", _model)
TEST_IMAGES = Need("leak-free test images", _test_images)
PARENT = Need("a parent model", _parent)
TRAIN_ANSWERS = Need("answers on training images", _train_answers)
LATENCY = Need("timed calls", _latency)
