import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.evaluate.coco_sets import made
from vision_readiness.evaluate.error_kinds import ErrorKind, delta_ap, find_errors
from vision_readiness.evaluate.figures import SIZES
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.slice_costs import MOST_CELLS, slice_costs
from vision_readiness.project import Condition, Predictions, Task
from vision_readiness.testing import a_dataset

BOX = (10.0, 10.0, 50.0, 50.0)


def halves(images):
    first = np.arange(images) < images // 2
    return {"half": Condition("declared", {"first": first, "second": ~first})}


def of_set(made_set, conditions, **options):
    matches = match(made_set.dataset, made_set.predictions)
    return matches, slice_costs(matches, made_set.dataset.images.source, conditions, **options)


@pytest.mark.parametrize("seed", range(10))
def test_a_cell_of_a_condition_costs_what_its_images_alone_would(seed):
    made_set = made(seed, images=80, crowd=True)
    conditions = halves(80)
    matches, found = of_set(made_set, conditions, min_groups=1)
    cells = [one for one in found.costs if one.condition == "half"]
    assert cells
    for one in cells:
        alone = matches.within(conditions["half"].members[one.level])
        gain = delta_ap(alone, find_errors(alone), one.kind)[matches.classes.index(one.label)]
        assert one.delta_ap50 == pytest.approx(gain, abs=1e-12)
        assert one.ap50 < one.ap50_overall


@given(st.integers(0, 500))
def test_every_cell_is_told_or_counted_as_left_out(seed):
    made_set = made(seed, images=40)
    matches, found = of_set(made_set, halves(40), min_groups=8)
    told = {(one.label, one.condition, one.level) for one in found.costs}
    cells = len(matches.classes) * (2 + len(SIZES))
    quiet = cells - len(told) - found.too_few - found.no_weaker - found.beyond
    assert len(told) <= MOST_CELLS
    assert quiet >= 0  # a weak cell in which no single kind costs anything
    assert all(one.delta_ap50 > 0 and not math.isnan(one.ap50) for one in found.costs)


def test_a_class_that_is_missed_at_night_is_told_so_with_what_mends_it():
    images = {f"test/{n}.jpg": [("cat", BOX)] for n in range(60)}
    dataset = a_dataset(images, classes=("cat",))
    seen = np.flatnonzero(np.arange(60) % 4 != 3).astype(np.int32)
    box = np.tile(np.array(BOX), (len(seen), 1))
    predictions = Predictions(np.ones(60, bool), seen, np.zeros(len(seen), np.int32), np.full(len(seen), 0.9), box)
    night = np.arange(60) % 2 == 1
    light = {"lighting": Condition("declared", {"day": ~night, "night": night})}
    found = slice_costs(match(dataset, predictions), dataset.images.source, light)
    assert [(one.level, one.kind) for one in found.costs] == [("night", ErrorKind.MISSED)]
    (cost,) = found.costs
    assert cost.ap50 == pytest.approx(51 / 101)
    assert cost.ap50 + cost.delta_ap50 == pytest.approx(1.0)
    assert cost.remedy
    assert (found.too_few, found.no_weaker) == (2, 2)  # two sizes that do not occur; by day, and the one that does


def test_a_class_missed_altogether_has_lost_all_to_that():
    dataset = a_dataset({f"test/{n}.jpg": [("cat", BOX)] for n in range(3)}, classes=("cat",))
    none = Predictions(np.ones(3, bool), *(np.zeros(0, kind) for kind in (np.int32, np.int32, float)), np.zeros((0, 4)))
    matches = match(dataset, none)
    assert delta_ap(matches, find_errors(matches), ErrorKind.MISSED).tolist() == [1.0]


def test_labels_of_images_have_no_such_costs():
    dataset = a_dataset({"test/a.jpg": ["cat"]}, task=Task.CLASSIFICATION, classes=["cat", "dog"])
    predictions = Predictions(
        np.ones(1, bool), np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones(1), np.zeros((1, 4))
    )
    assert slice_costs(match(dataset, predictions), dataset.images.source, {}).costs == ()
