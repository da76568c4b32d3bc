"""The scan: every image read and decoded once, every label looked at, everything found as facts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.inspect.boxes import box_faults
from vision_readiness.inspect.conditions import measured_conditions
from vision_readiness.inspect.digest import dataset_digest
from vision_readiness.inspect.duplicates import duplicate_groups, merged_sources
from vision_readiness.inspect.facts import (
    EXAMPLES,
    ConditionFacts,
    DatasetFacts,
    DefectFacts,
    ImageQuality,
    UnreadableImage,
)
from vision_readiness.inspect.feature_columns import FeatureColumns, measure_images
from vision_readiness.inspect.leakage import leak_free, leaks
from vision_readiness.inspect.lookalikes import lookalikes
from vision_readiness.inspect.splits import count_splits
from vision_readiness.inspect.untold import untold
from vision_readiness.project import SPLITS, Condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from vision_readiness.ports import Cache, Images, Progress
    from vision_readiness.project import Dataset, Defect, DefectKind, ImageTable


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scan:
    """What a scan found, and the columns of shape (images,) that the judging of a model leans on.

    Images with one number in ``group`` show the same: copies of one source, or of sources that share a file's bytes.
    ``leak_free`` marks the evaluation images whose group is in no split used before theirs. ``conditions`` are the
    measured ones, for ``Dataset.with_conditions``.
    """

    facts: DatasetFacts
    features: FeatureColumns
    group: NDArray[np.int32]
    leak_free: NDArray[np.bool_]
    conditions: Mapping[str, Condition]


def scan(
    dataset: Dataset,
    images: Images,
    *,
    cache: Cache | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Scan:
    """What is in ``dataset``, with each image read once, and decoded once unless ``cache`` remembers its bytes.

    The result depends on neither the order of the images nor the number of ``workers`` (all cores by default).
    Images that are missing, damaged or hostile are facts, never errors.
    """
    table = dataset.images
    features = measure_images(table.key, images, cache=cache, progress=progress, workers=workers)
    group = merged_sources(table, features)
    conditions = measured_conditions(dataset, features)
    facts = DatasetFacts(
        task=dataset.task,
        classes=dataset.classes,
        digest=dataset_digest(dataset, features),
        splits=count_splits(dataset),
        unreadable=_named(table, dict(enumerate(features.because))),
        wrong_size=_named(table, _wrong_sizes(table, features)),
        duplicates=duplicate_groups(table, features),
        leaks=leaks(table, group),
        lookalikes=lookalikes(table, features, group),
        boxes=box_faults(dataset, *_true_size(table, features)) if dataset.task.has_boxes else {},
        quality=_quality(table, features),
        defects=_defects(dataset.defects),
        conditions=ConditionFacts.spread(dataset.with_conditions(conditions).images),
        left_out=dataset.left_out,
        untold=untold(dataset.with_conditions(conditions)),
    )
    return Scan(facts=facts, features=features, group=group, leak_free=leak_free(table, group), conditions=conditions)


def _named(table: ImageTable, because: Mapping[int, str | None]) -> tuple[UnreadableImage, ...]:
    """The images for which a reason is given, by name."""
    named = [UnreadableImage(table.key[row], SPLITS[table.split[row]], why) for row, why in because.items() if why]
    return tuple(sorted(named, key=lambda image: image.image))


def _wrong_sizes(table: ImageTable, features: FeatureColumns) -> dict[int, str | None]:
    """Why the declared size of an image is not its own, by row."""
    declared = features.readable & (table.width > 0) & (table.height > 0)
    differs = declared & ((table.width != features.width) | (table.height != features.height))
    reasons: dict[int, str | None] = {}
    for row in np.flatnonzero(differs).tolist():
        said, true = (table.width[row], table.height[row]), (features.width[row], features.height[row])
        turned = "; its EXIF orientation was not applied" if said == true[::-1] else ""
        reasons[row] = f"declared as {said[0]} x {said[1]} px, but it is {true[0]} x {true[1]} px{turned}"
    return reasons


def _true_size(table: ImageTable, features: FeatureColumns) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The width and height of each image in pixels: its own where it was decoded, else the declared one."""
    readable = features.readable
    return np.where(readable, features.width, table.width), np.where(readable, features.height, table.height)


def _quality(table: ImageTable, features: FeatureColumns) -> ImageQuality:
    unfit = {"dark": features.p99 < 80, "overexposed": features.bright > 0.45, "flat": features.std < 15}
    names = {fault: sorted(table.key[row] for row in np.flatnonzero(rows)) for fault, rows in unfit.items()}
    return ImageQuality(
        **{fault: len(keys) for fault, keys in names.items()},
        examples={fault: tuple(keys[:EXAMPLES]) for fault, keys in names.items() if keys},
    )


def _defects(defects: tuple[Defect, ...]) -> tuple[DefectFacts, ...]:
    found: defaultdict[DefectKind, list[str]] = defaultdict(list)
    for defect in defects:
        found[defect.kind].append(f"{defect.where}: {defect.detail}")
    return tuple(DefectFacts(kind, len(found[kind]), tuple(sorted(found[kind])[:EXAMPLES])) for kind in sorted(found))
