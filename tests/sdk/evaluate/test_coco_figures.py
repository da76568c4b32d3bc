import numpy as np
import pytest

from tests.sdk.evaluate.coco_sets import made, summarised_by_pycocotools
from vision_readiness.evaluate.coco_figures import coco_figures
from vision_readiness.evaluate.match import match

TOLERANCE = 1e-12
"""pycocotools computes in float64 too; only the order of sums differs."""


@pytest.mark.parametrize("variant", [{}, {"crowd": True}, {"ties": True, "orphan": True}, {"integers": True}], ids=str)
@pytest.mark.parametrize("seed", range(10))
def test_the_twelve_figures_are_those_of_pycocotools(variant, seed):
    made_set = made(seed, **variant)
    ours = coco_figures(match(made_set.dataset, made_set.predictions)).values()
    theirs = [
        None if figure == -1 else figure for figure in summarised_by_pycocotools(made_set.dataset, made_set.predictions)
    ]
    assert [figure is None for figure in ours] == [figure is None for figure in theirs]
    known = [(mine, other) for mine, other in zip(ours, theirs, strict=True) if mine is not None]
    np.testing.assert_allclose(*zip(*known, strict=True), rtol=0, atol=TOLERANCE)


def test_the_twelve_figures_of_masks_are_those_of_pycocotools():
    made_set = made(1, images=8, masks=True, crowd=True)
    ours = coco_figures(match(made_set.dataset, made_set.predictions)).values()
    theirs = [
        None if figure == -1 else figure for figure in summarised_by_pycocotools(made_set.dataset, made_set.predictions)
    ]
    assert list(ours) == pytest.approx(theirs, abs=TOLERANCE)
