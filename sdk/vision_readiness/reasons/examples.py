"""A sound data set, as facts: what the examples beside the checks start from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vision_readiness.inspect.facts import DatasetFacts, SplitFacts
from vision_readiness.project import Split, Task

LABELS: tuple[str, ...] = ("helmet", "person")


def split_facts(images: int, each: int, **changes: Any) -> SplitFacts:
    """A split of ``images`` images with ``each`` objects of each class, but for ``changes``."""
    counts = dict.fromkeys(LABELS, each)
    held = dict.fromkeys(LABELS, min(images, each))
    return replace(
        SplitFacts(images=images, sources=images, empty_images=0, objects=counts, images_with=held, sources_with=held),
        **changes,
    )


def dataset_facts(**changes: Any) -> DatasetFacts:
    """A data set in which no check finds anything, but for ``changes``."""
    splits = {Split.TRAIN: split_facts(800, 900), Split.VALID: split_facts(200, 220), Split.TEST: split_facts(200, 210)}
    return replace(DatasetFacts(task=Task.DETECTION, classes=LABELS, digest="0" * 64, splits=splits), **changes)


def dataset_splits(**splits: SplitFacts) -> DatasetFacts:
    """The sound data set with some splits replaced, by name."""
    sound = dataset_facts()
    return replace(sound, splits={**sound.splits, **{Split(name): facts for name, facts in splits.items()}})
