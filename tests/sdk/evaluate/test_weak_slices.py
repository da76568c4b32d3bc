from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.evaluate.test_thresholds import ASIDE, BOX
from vision_readiness.evaluate.figures import Figures, scope_of
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.thresholds import Floors, choose_operating_point
from vision_readiness.evaluate.weak_slices import weak_slices
from vision_readiness.project import Condition, Predictions
from vision_readiness.requirement import Metric
from vision_readiness.testing import a_dataset

IMAGES = 400
RNG = np.random.default_rng(11)
LEVELS = {name: RNG.integers(0, 3, IMAGES) for name in ("camera", "lighting", "weather")}
CONDITIONS = {
    name: Condition("tag", {str(level): levels == level for level in range(3)}) for name, levels in LEVELS.items()
}
DARK = LEVELS["lighting"] == 2
NAMES = tuple(f"{n}.jpg" for n in range(IMAGES))


def scanned(found, alarms=None, conditions=CONDITIONS, group=None, **options):
    """A scan of images with one object each, of which ``found`` marks those found and ``alarms`` false alarms."""
    alarms = np.zeros(IMAGES, bool) if alarms is None else alarms
    dataset = a_dataset({f"test/{n}.jpg": [("cat", BOX)] for n in range(IMAGES)})
    rows = sorted([(n, BOX) for n in np.flatnonzero(found)] + [(n, ASIDE) for n in np.flatnonzero(alarms)])
    image, box = zip(*rows, strict=True)
    count = len(rows)
    predictions = Predictions(
        np.ones(IMAGES, bool),
        np.array(image, np.int32),
        np.zeros(count, np.int32),
        np.full(count, 0.9),
        np.array(box),
    )
    matches = match(dataset, predictions)
    all_images = np.ones(IMAGES, bool)
    group = np.arange(IMAGES, dtype=np.int32) if group is None else group
    floors = {"cat": Floors(threshold=0.5)}
    point = choose_operating_point(matches, floors, valid=all_images, test=all_images, group=group, names=NAMES)
    return weak_slices(Figures.at(matches, point, group), scope_of(matches, all_images), conditions, NAMES, **options)


def rates(low, high, where=DARK, seed=3):
    """Outcomes that are right with a chance of ``low`` inside of ``where`` and of ``high`` outside."""
    return np.random.default_rng(seed).random(IMAGES) < np.where(where, low, high)


def test_a_level_with_many_misses_is_found_with_its_sample():
    (weak, *others) = scanned(rates(0.6, 0.95)).found
    assert not others
    assert (weak.label, weak.metric, weak.where) == ("cat", Metric.RECALL, (("lighting", "2"),))
    assert weak.inside.trials == DARK.sum()
    assert weak.outside.trials == IMAGES - DARK.sum()
    assert weak.effect == pytest.approx(weak.inside.rate - weak.outside.rate)
    assert weak.effect < -0.2
    assert weak.inside.upper < weak.outside.lower
    assert weak.p_value < 1e-4


def test_false_alarms_of_a_level_are_a_weak_precision():
    (weak,) = scanned(np.ones(IMAGES, bool), rates(0.6, 0.05)).found
    assert (weak.metric, weak.where) == (Metric.PRECISION, (("lighting", "2"),))
    assert not scanned(np.ones(IMAGES, bool), rates(0.6, 0.05), metrics=(Metric.RECALL,)).found


def test_a_pair_is_found_where_it_is_clearly_worse_than_either_level():
    both = DARK & (LEVELS["camera"] == 1)
    found = scanned(rates(0.05, 0.97, where=both)).found
    assert (("camera", "1"), ("lighting", "2")) in [weak.where for weak in found]


def test_a_level_found_alone_hides_the_pairs_that_are_no_worse():
    found = scanned(rates(0.3, 0.95)).found
    assert [weak.where for weak in found] == [(("lighting", "2"),)]


def test_equal_rates_everywhere_are_no_finding():
    alarms = [bool(scanned(rates(0.9, 0.9, seed=seed)).found) for seed in range(40)]
    assert sum(alarms) <= 4


def test_a_better_level_is_no_finding():
    found = scanned(rates(0.99, 0.9)).found
    assert all(("lighting", "2") not in weak.where for weak in found)


def test_slices_with_few_groups_are_not_tried():
    few = np.arange(IMAGES) < 19
    condition = {"rare": Condition("tag", {"yes": few, "no": ~few})}
    scan = scanned(~few, conditions=condition)
    assert (scan.found, scan.tried) == ((), 0)
    assert scanned(~few, conditions=condition, min_groups=10).tried > 0


def test_images_that_err_together_prove_less():
    spoiled = LEVELS["lighting"] == 2
    group = np.where(spoiled, np.arange(IMAGES) % 20, np.arange(IMAGES) + 20).astype(np.int32)
    bad_groups = group < 6
    found = ~(spoiled & bad_groups)
    (apart,) = scanned(found).found
    together = scanned(found, group=group, min_groups=15).found
    assert all(weak.p_value > 100 * apart.p_value for weak in together)
    assert all(weak.inside.groups == 20 for weak in together)


def test_the_same_names_give_the_same_scan():
    first, again = scanned(rates(0.6, 0.95)), scanned(rates(0.6, 0.95))
    assert first == again


def test_object_sizes_are_slices_too():
    assert scanned(rates(0.6, 0.95), conditions={}).tried == 0
    named = replace(CONDITIONS["lighting"], members={"small": DARK, "large": ~DARK})
    found = scanned(rates(0.6, 0.95), conditions={"size": named}).found
    assert [weak.where for weak in found] == [(("size", "small"),)]


def test_an_object_that_another_covers_is_a_slice():
    behind = (5.0, 5.0, 25.0, 25.0)
    hidden = np.arange(IMAGES) % 3 == 0
    other = [("dog", (15.0, 5.0, 35.0, 25.0))]
    dataset = a_dataset({f"test/{n}.jpg": [("cat", behind), *(other if hidden[n] else [])] for n in range(IMAGES)})
    image = np.flatnonzero(rates(0.5, 0.95, where=hidden)).astype(np.int32)
    answers = (image, np.full(len(image), dataset.classes.index("cat"), np.int32), np.full(len(image), 0.9))
    matches = match(dataset, Predictions(np.ones(IMAGES, bool), *answers, np.tile(behind, (len(image), 1))))
    every, group = np.ones(IMAGES, bool), np.arange(IMAGES, dtype=np.int32)
    point = choose_operating_point(
        matches, {"cat": Floors(threshold=0.5)}, valid=every, test=every, group=group, names=NAMES
    )
    scan = weak_slices(Figures.at(matches, point, group), scope_of(matches, every), {}, NAMES)
    (weak,) = [one for one in scan.found if one.label == "cat" and one.metric is Metric.RECALL]
    assert weak.where == (("overlap", "25 % or more covered"),)
    assert weak.situation == "overlap 25 % or more covered"
    assert weak.inside.trials == hidden.sum()


def test_the_interval_of_an_effect_holds_it_and_images_are_those_with_errors():
    found = rates(0.6, 0.95)
    (weak,) = scanned(found).found
    assert -1 <= weak.effect_lower < weak.effect < weak.effect_upper < 0
    errors = {NAMES[n] for n in np.flatnonzero(DARK & ~found)}
    assert len(weak.images) == 12
    assert errors.issuperset(weak.images)


def test_no_images_give_an_empty_scan():
    dataset = a_dataset({"test/a.jpg": [("cat", BOX)]})
    nothing = Predictions(np.ones(1, bool), np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0), np.zeros((0, 4)))
    matches = match(dataset, nothing)
    one, group = np.ones(1, bool), np.zeros(1, np.int32)
    point = choose_operating_point(matches, {}, valid=one, test=one, group=group, names=("a",))
    scan = weak_slices(Figures.at(matches, point, group), scope_of(matches, ~one), {}, ("a",))
    assert (scan.found, scan.tried, scan.promising) == ((), 0, 0)
