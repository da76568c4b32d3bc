"""What a scan of a data set found, as values; nothing here judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vision_readiness.project import SPLITS, DefectKind, ImageTable, LeftOut, Split, Task

EXAMPLES = 12
"""How many example images a fact names at most; counts are always whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitFacts:
    """One split, counted. ``images`` and ``objects`` count augmented copies, ``sources`` does not.

    The mappings are by class name and hold every class, 0 where there is none; ``images_with`` counts images,
    ``sources_with`` source images.
    """

    images: int
    sources: int
    empty_images: int
    objects: Mapping[str, int]
    images_with: Mapping[str, int]
    sources_with: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnreadableImage:
    """An image that cannot be decoded whole, and why."""

    image: str
    split: Split
    because: str


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Images of different sources whose files are equal byte for byte."""

    images: tuple[str, ...]
    splits: tuple[Split, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Images of one evaluation split that also stand, as a copy of one source or the same bytes, in ``other``."""

    split: Split
    other: Split
    images: int
    of: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Images of one evaluation split that look like an image of ``other`` with another source and other bytes.

    ``examples`` pairs an image of ``split`` with the one of ``other`` that is most like it.
    """

    split: Split
    other: Split
    images: int
    of: int
    examples: tuple[tuple[str, str], ...]


class BoxFault(StrEnum):
    """What can be wrong with one labelled box."""

    ZERO_AREA = "zero area"
    OUTSIDE = "outside the image"
    TINY = "side under 4 px"
    DUPLICATE = "labelled twice"
    HUGE = "over 95 % of the image"


@dataclass(frozen=True, slots=True)
class FaultyBox:
    """One labelled box with a fault; ``box`` is xyxy in absolute pixels."""

    image: str
    split: Split
    label: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class FaultyBoxes:
    """All boxes with one fault: how many, and the first few."""

    count: int
    examples: tuple[FaultyBox, ...]


@dataclass(frozen=True, slots=True)
class ImageQuality:
    """How many images look unfit, with examples: measured on the grey image, 0 to 255.

    Dark: the 99th percentile is under 80. Overexposed: over 45 % of the pixels are at 250 or more. Flat: the
    standard deviation is under 15.
    """

    dark: int
    overexposed: int
    flat: int
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DefectFacts:
    """All annotation defects of one kind: how many, and the first few in words."""

    kind: DefectKind
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """Evaluation images of one place whose truth is not known whole: ``images`` of ``of``, which are not judged.

    The place is a split, a folder or level of a condition in it, or a class (by the objects that are known there).
    """

    split: Split
    place: str
    images: int
    of: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """One condition: how its levels are known, and per split how many images are in each."""

    origin: str
    images: Mapping[Split, Mapping[str, int]]

    @staticmethod
    def spread(table: ImageTable) -> Mapping[str, ConditionFacts]:
        """Each condition of the images, counted by split and level."""
        splits = {split: table.of(split) for split in SPLITS if table.of(split).any()}
        return {
            name: ConditionFacts(
                known.origin,
                {
                    split: {level: int((mask & there).sum()) for level, mask in known.members.items()}
                    for split, there in splits.items()
                },
            )
            for name, known in table.conditions.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetFacts:
    """Everything the scan found. A split that does not exist is not in ``splits``."""

    task: Task
    classes: tuple[str, ...]
    digest: str
    splits: Mapping[Split, SplitFacts]
    unreadable: tuple[UnreadableImage, ...] = ()
    wrong_size: tuple[UnreadableImage, ...] = ()
    duplicates: tuple[DuplicateGroup, ...] = ()
    leaks: tuple[Leak, ...] = ()
    lookalikes: tuple[Lookalikes, ...] = ()
    boxes: Mapping[BoxFault, FaultyBoxes] = field(default_factory=dict)
    quality: ImageQuality = field(default_factory=lambda: ImageQuality(0, 0, 0))
    defects: tuple[DefectFacts, ...] = ()
    conditions: Mapping[str, ConditionFacts] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    untold: tuple[Untold, ...] = ()

    @property
    def fixed_scene(self) -> bool:
        """Whether more than a third of the evaluation images look like a training image: one scene, many pictures."""
        evaluated = sum(facts.images for split, facts in self.splits.items() if split is not Split.TRAIN)
        return 3 * sum(fact.images for fact in self.lookalikes if fact.other is Split.TRAIN) > evaluated
