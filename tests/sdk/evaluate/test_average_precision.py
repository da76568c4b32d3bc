import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sdk.evaluate.coco_sets import CocoSet, judged_by_pycocotools, made
from vision_readiness.evaluate.average_precision import average_precision, change_of_ap50
from vision_readiness.evaluate.match import match

TOLERANCE = 1e-12
"""pycocotools computes in float64 too; only the order of sums differs."""

VARIANTS = [
    {},
    {"crowd": True},
    {"ties": True},
    {"orphan": True},
    {"integers": True},
    {"crowd": True, "ties": True, "orphan": True, "integers": True},
    {"images": 1, "classes": 1},
    {"images": 60, "classes": 8},
]


def our_judgement(made_set: CocoSet) -> tuple[np.ndarray, float]:
    matches = match(made_set.dataset, made_set.predictions)
    result = average_precision(matches, made_set.dataset.images.source, replicates=0)
    mean = result.mean()
    return result.value, float("nan") if mean is None else mean


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_average_precision_is_that_of_pycocotools(variant):
    for seed in range(25):
        agree(seed, variant)


def test_average_precision_of_masks_is_that_of_pycocotools():
    for seed in range(5):
        agree(seed, {"images": 8, "masks": True, "crowd": True})


def agree(seed, variant):
    made_set = made(seed, **variant)
    table, mean = judged_by_pycocotools(made_set.dataset, made_set.predictions)
    ours, our_mean = our_judgement(made_set)
    np.testing.assert_allclose(ours, table, rtol=0, atol=TOLERANCE, err_msg=f"seed {seed}")
    np.testing.assert_allclose(our_mean, mean, rtol=0, atol=TOLERANCE, err_msg=f"seed {seed}")


def test_a_class_with_answers_and_no_truth_is_absent():
    value, _ = our_judgement(made(3, orphan=True))
    assert np.isnan(value[-1]).all()
    assert not np.isnan(value[:-1]).any()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_interval_holds_the_estimate_and_follows_from_the_seed(seed):
    made_set = made(seed, images=12)
    matches = match(made_set.dataset, made_set.predictions)
    first = average_precision(matches, made_set.dataset.images.source, replicates=50, seed=seed)
    again = average_precision(matches, made_set.dataset.images.source, replicates=50, seed=seed)
    np.testing.assert_array_equal(first.lower, again.lower)
    known = ~np.isnan(first.lower)
    assert (first.lower[known] <= first.upper[known]).all()


@pytest.mark.parametrize("images", [5, 30])
def test_models_alike_on_the_images_seen_are_not_proven_alike(images):
    made_set = made(3, images=images, classes=1)
    matches = match(made_set.dataset, made_set.predictions)
    (row,) = change_of_ap50(matches, matches, made_set.dataset.images.source)
    reach = 1.645 * 2**0.5 / (len(np.unique(matches.truths.image)) + 2)
    assert row.tolist() == pytest.approx([0, -reach, reach], abs=1e-3)


def test_a_class_without_truths_and_images_of_a_single_group_have_no_interval():
    made_set = made(3, orphan=True)
    matches = match(made_set.dataset, made_set.predictions)
    assert np.isnan(change_of_ap50(matches, matches, made_set.dataset.images.source)[-1]).all()
    together = np.zeros(len(made_set.dataset.images), np.int32)
    assert np.isnan(change_of_ap50(matches, matches, together)[:, 1:]).all()
