"""COCO's twelve figures, from one match store."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from vision_readiness.evaluate.figures import SIZES
from vision_readiness.evaluate.greedy import choose, rank_in_run
from vision_readiness.evaluate.matches import IOU_THRESHOLDS, Matches
from vision_readiness.evaluate.precision_curve import Counted, precision_table, ranked_rows


def coco_figures(matches: Matches) -> Mapping[str, float | None]:
    """AP, AP50, AP75, AP by object size, AR for 1, 10 and 100 answers, AR by object size; ``None`` where undefined.

    Agrees with pycocotools to 1e-12 (Lin et al. 2014 and its reference code).
    """
    whole = counted_in(matches, 0.0, math.inf)
    ranked = ranked_rows(matches)
    table = precision_table(whole, ranked)
    sized = {name: counted_in(matches, low, high) for name, (low, high) in SIZES.items()}
    return {
        "ap": _mean(table),
        "ap50": _mean(table[:, 0]),
        "ap75": _mean(table[:, 5]),
        **{f"ap_{name}": _mean(precision_table(counted, ranked)) for name, counted in sized.items()},
        **{f"ar_{most}": _mean(recall_table(whole, matches, most)) for most in (1, 10, 100)},
        **{f"ar_{name}": _mean(recall_table(counted, matches, 100)) for name, counted in sized.items()},
    }


def counted_in(matches: Matches, low: float, high: float) -> Counted:
    """What counts among objects of ``low`` to ``high`` square pixels, both ends inclusive as in COCO.

    Truths outside are ignored, as are answers that took such a truth, or took none and are themselves outside.
    """
    answers, truths, pairs = matches.answers, matches.truths, matches.pairs
    ignored = truths.ignored | (truths.area < low) | (truths.area > high)
    if low <= 0 and math.isinf(high):
        return Counted(matches, answers.hit, answers.ignored, ignored)
    own = pairs.where((answers.label[pairs.answer] == truths.label[pairs.truth]) & (pairs.iou >= IOU_THRESHOLDS[0]))
    choice = choose(own, _contest(matches), IOU_THRESHOLDS, ignored, truths.ignored)
    outside = (answers.area < low) | (answers.area > high)
    return Counted(matches, choice.hit, choice.ignored | (outside[:, None] & ~choice.hit), ignored)


def recall_table(counted: Counted, matches: Matches, most: int) -> NDArray[np.float64]:
    """The recall with at most ``most`` answers an image and class, of shape (classes, levels); NaN without truths."""
    answers, truths, classes = matches.answers, matches.truths, len(matches.classes)
    given = rank_in_run(_contest(matches)) < most
    possible = np.bincount(truths.label[~counted.truth_ignored], minlength=classes)
    levels = counted.hit.shape[1]
    row, level = np.nonzero(counted.hit & given[:, None])
    hits = np.bincount(answers.label[row].astype(np.int64) * levels + level, minlength=classes * levels)
    with np.errstate(invalid="ignore", divide="ignore"):
        recall: NDArray[np.float64] = hits.reshape(classes, levels) / possible[:, None]
    return recall


def _contest(matches: Matches) -> NDArray[np.int64]:
    """One number per image and class for every answer."""
    return matches.answers.image.astype(np.int64) * len(matches.classes) + matches.answers.label


def _mean(table: NDArray[np.float64]) -> float | None:
    """The mean over the classes that have truths, or ``None`` without any."""
    return None if np.isnan(table).all() else float(np.nanmean(table))
