import numpy as np
import pytest

from tests.sdk.evaluate.test_constrained import sharp
from vision_readiness.evaluate.constrained import constrained_threshold
from vision_readiness.evaluate.constraint import Constraint
from vision_readiness.evaluate.thresholds import Floors, choose_operating_point
from vision_readiness.project import Condition
from vision_readiness.requirement import Metric
from vision_readiness.words.findings import choice_sentence

MATCHES = sharp(right=400, wrong=200)
IMAGES = len(MATCHES.answered)
EVERY = np.ones(IMAGES, bool)
GROUP = np.arange(IMAGES, dtype=np.int32)
DARK = np.arange(IMAGES) % 4 == 0
LIGHTING = {"lighting": Condition("tag", {"day": ~DARK, "night": DARK})}


def pointed(constraint, *, valid=EVERY, conditions=LIGHTING):
    return choose_operating_point(
        MATCHES,
        {"cat": Floors(constraint=constraint)},
        valid=valid,
        test=EVERY,
        group=GROUP,
        names=tuple(f"{n}.jpg" for n in range(IMAGES)),
        conditions=conditions,
    )


def alone(images, at_least=0.8, metric=Metric.PRECISION):
    return constrained_threshold(MATCHES, 0, metric, at_least, images=images, group=GROUP)


def test_the_threshold_that_is_proven_is_the_one_deployed():
    point = pointed(Constraint(Metric.PRECISION, 0.8))
    assert point.deployed.tolist() == [alone(EVERY).threshold]
    assert point.origin == ("chosen on valid to keep precision 0.8",)
    (choice,) = point.choices
    assert (choice.label, choice.where, choice.result) == ("cat", (), alone(EVERY))


def test_where_none_is_proven_the_usual_one_is_taken_and_said():
    point, usual = pointed(Constraint(Metric.PRECISION, 0.9999)), pointed(None)
    assert point.deployed.tolist() == usual.deployed.tolist()
    assert point.origin == usual.origin == ("chosen on valid",)
    assert point.choices[0].result.threshold is None
    assert usual.choices == ()


def test_each_level_has_its_own_threshold_and_each_image_that_of_its_level():
    point = pointed(Constraint(Metric.RECALL, 0.8, per="lighting"))
    by_level = {choice.where: choice.result.threshold for choice in point.choices}
    day, night = (by_level[("lighting", level),] for level in ("day", "night"))
    assert by_level[()] == alone(EVERY, metric=Metric.RECALL).threshold == point.deployed[0]
    assert (day, night) == tuple(alone(rows, metric=Metric.RECALL).threshold for rows in (~DARK, DARK))
    applied = point.thresholds[point.fold, 0]
    assert set(applied[DARK]) == {night}
    assert set(applied[~DARK]) == {day}


def test_a_level_in_which_none_is_proven_keeps_that_of_all_images():
    rare = np.arange(IMAGES) < 10
    point = pointed(
        Constraint(Metric.PRECISION, 0.8, per="dock"),
        conditions={"dock": Condition("tag", {"rare": rare, "usual": ~rare})},
    )
    refused = next(choice for choice in point.choices if choice.where == (("dock", "rare"),))
    assert refused.result.threshold is None
    assert set(point.thresholds[point.fold, 0][rare]) == {point.deployed[0]}


def test_a_condition_that_no_image_shows_is_an_answer():
    point = pointed(Constraint(Metric.PRECISION, 0.8, per="weather"))
    assert [choice.where for choice in point.choices] == [(), (("weather", "any level"),)]
    assert choice_sentence(point.choices[1]) == "No image is known to show a level of weather."


@pytest.mark.parametrize("per", [None, "lighting"])
def test_without_valid_images_no_image_is_judged_at_a_threshold_it_helped_to_choose(per):
    point = pointed(Constraint(Metric.PRECISION, 0.7, per=per), valid=~EVERY)
    usual = pointed(None, valid=~EVERY)
    for half in (0, 1):
        rows = (usual.fold == half) & ~DARK
        images = (usual.fold != half) & (~DARK if per else EVERY)
        assert set(point.thresholds[point.fold, 0][rows]) == {alone(images, 0.7).threshold}
    assert point.deployed[0] == alone(EVERY, 0.7).threshold
