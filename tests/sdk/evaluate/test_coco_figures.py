"""The twelve figures of 500 generated sets, boxes and masks, against pycocotools."""

import numpy as np
import pytest

from tests.sdk.evaluate.coco_sets import made, summarised_by_pycocotools
from vision_readiness.evaluate.coco_figures import coco_figures
from vision_readiness.evaluate.match import match

TOLERANCE = 1e-12
"""pycocotools computes in float64 too; only the order of sums differs."""

VARIANTS = [
    {},
    {"crowd": True},
    {"ties": True, "orphan": True},
    {"integers": True},
    {"crowd": True, "ties": True, "integers": True, "classes": 6},
]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_the_twelve_figures_are_those_of_pycocotools(variant):
    for seed in range(80):
        agree(seed, variant)


def test_the_twelve_figures_of_masks_are_those_of_pycocotools():
    for seed in range(100):
        agree(seed, {"masks": True, "images": 6, "crowd": seed % 2 == 0, "ties": seed % 3 == 0})


def agree(seed, variant):
    made_set = made(seed, **variant)
    ours = coco_figures(match(made_set.dataset, made_set.predictions)).values()
    theirs = [
        None if figure == -1 else figure for figure in summarised_by_pycocotools(made_set.dataset, made_set.predictions)
    ]
    assert [figure is None for figure in ours] == [figure is None for figure in theirs], seed
    known = [(mine, other) for mine, other in zip(ours, theirs, strict=True) if mine is not None]
    np.testing.assert_allclose(*zip(*known, strict=True), rtol=0, atol=TOLERANCE, err_msg=f"seed {seed}")
