from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, gathered
from vision_readiness import InputError
from vision_readiness.advisor import decide
from vision_readiness.compare.what_if import Move, OperatingFigures, changed_spec, moves, what_if
from vision_readiness.evaluate.paired import RateChange
from vision_readiness.project import Split
from vision_readiness.report.tables import Interval
from vision_readiness.spec import ClassRule
from vision_readiness.testing import StillClock

NOW = StillClock().now()


@pytest.fixture(scope="module")
def noisy():
    """Forklifts are answered rightly at 0.9; in 60 of 200 images there is a wrong answer at 0.8."""
    return gathered(false_alarms={"forklift": 60})


def asked(evidence, spec=None, **changes):
    return what_if(evidence, spec or a_spec(), as_of=NOW, **changes)


def test_the_first_report_is_the_one_without_any_change(noisy):
    before, after = asked(noisy, thresholds={"forklift": 0.85})
    assert before == decide(noisy, a_spec(), as_of=NOW)
    assert after.id != before.id


def test_nothing_changed_is_the_same_report_twice(noisy):
    before, after = asked(noisy)
    assert before == after


def test_a_threshold_that_leaves_false_alarms_out_is_decided_as_the_spec_that_fixes_it(noisy):
    before, after = asked(noisy, thresholds={"forklift": 0.85})
    assert (before.deployable, after.deployable) == (False, True)
    rules = {**a_spec().classes, "forklift": a_spec().rule("forklift").model_copy(update={"threshold": 0.85})}
    assert after == decide(noisy, a_spec(classes=rules), as_of=NOW)
    assert {one.requirement for one in after.compare(before).outcomes} == {
        f"precision of forklift{place}, at least 0.8" for place in ("", ", lighting day", ", lighting night")
    }


def test_another_device_is_not_proven_and_a_tighter_budget_fails(noisy):
    good = gathered()
    _, elsewhere = asked(good, target="jetson")
    assert elsewhere.rollout.target["device"] == "jetson"
    assert elsewhere.rollout.target["p95_ms"] == 100
    assert "TARGET503" in {one.code for one in elsewhere.requirements}
    _, tight = asked(good, p95_ms=5)
    assert "TARGET501" in {one.code for one in tight.requirements}
    assert tight.rollout.target["device"] == "dock-pc"


def test_a_budget_may_come_with_the_first_target():
    spec = a_spec(deployment_target=None)
    _, after = asked(gathered(), spec, target="dock-pc", p95_ms=50)
    assert after.rollout.target["p95_ms"] == 50


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"thresholds": {"pallet": 0.5}}, "there is no class 'pallet'"),
        ({"thresholds": {"person": 1.5}}, "give a score from 0 to 1"),
        ({"thresholds": {"person": float("nan")}}, "give a score from 0 to 1"),
        ({"p95_ms": 0.0}, "cannot be kept"),
        ({"p95_ms": float("inf")}, "cannot be kept"),
        ({"p95_ms": float("nan")}, "cannot be kept"),
        ({"target": ""}, "device"),
    ],
)
def test_a_change_that_cannot_be_made_is_an_input_error(changes, complaint):
    with pytest.raises(InputError, match=complaint):
        changed_spec(a_spec(), ("person", "forklift"), **changes)


def test_a_budget_without_any_target_is_an_input_error():
    with pytest.raises(InputError, match="name one with --target"):
        changed_spec(a_spec(deployment_target=None), ("person",), p95_ms=50)


def test_a_move_counts_wrong_answers_and_pairs_both_thresholds_image_by_image(noisy):
    (move,) = moves(noisy, a_spec(), {"forklift": 0.85})
    assert (move.before.threshold, move.after.threshold) == (0.5, 0.85)
    assert (move.before.precision.hits, move.before.precision.n) == (200, 260)
    assert (move.before.wrong_per_1000_images, move.after.wrong_per_1000_images) == (300, 0)
    assert move.recall.change == 0
    assert move.precision.lower > 0
    assert move.price is None


def test_wrong_answers_are_counted_on_the_images_that_were_answered(noisy):
    answered = noisy.model.matches.answered.copy()
    answered[np.flatnonzero(noisy.judged(Split.TEST))[-100:]] = False
    matches = replace(noisy.model.matches, answered=answered)
    (move,) = moves(replace(noisy, model=replace(noisy.model, matches=matches)), a_spec(), {"forklift": 0.5})
    assert move.after.wrong_per_1000_images == 600


def test_recall_that_is_given_up_for_precision_is_called_its_price(noisy):
    dim = gathered(false_alarms={"forklift": 60})
    score = dim.model.matches.answers.score.copy()
    hit = dim.model.matches.answers.hit[:, 0]
    score[hit] = np.where(np.arange(hit.sum()) % 3 == 0, 0.6, 0.95)
    truths = dim.model.matches.truths
    found = truths.found_score.copy()
    found[truths.found] = np.where(np.arange(truths.found.sum()) % 3 == 0, 0.6, 0.95)
    matches = replace(
        dim.model.matches,
        answers=replace(dim.model.matches.answers, score=score),
        truths=replace(truths, found_score=found),
    )
    evidence = replace(dim, model=replace(dim.model, matches=matches))
    (up,) = moves(evidence, a_spec(), {"forklift": 0.85})
    assert up.price == "recall"
    high = a_spec(classes={**a_spec().classes, "forklift": ClassRule(threshold=0.85)})
    (down,) = moves(evidence, high, {"forklift": 0.5})
    assert down.price == "precision"
    assert down.to_dict()["price"] == "precision"


def a_move(recall, precision):
    some = OperatingFigures(0.5, Interval(0.9, 0.8, 1.0, 10, 9), Interval(0.9, 0.8, 1.0, 10, 9), 3.0)
    changes = (
        RateChange(0.5, 0.5, value, half / 1.645, value - half, value + half, 40) for value, half in (recall, precision)
    )
    return Move("person", some, some, *changes)


@pytest.mark.parametrize(
    ("recall", "precision", "price"),
    [
        ((0.1, 0.02), (-0.1, 0.05), "precision"),
        ((-0.1, 0.05), (0.01, 0.05), "recall"),
        ((0.1, 0.02), (-0.1, 0.2), None),  # the fall may be chance
        ((0.1, 0.02), (-0.01, 0.005), None),  # sure, and small
        ((-0.1, 0.02), (-0.1, 0.02), None),  # nothing is gained
        ((0.0, 0.0), (0.0, 0.0), None),
    ],
)
def test_a_price_is_a_fall_that_is_sure_and_large_while_the_other_gains(recall, precision, price):
    assert a_move(recall, precision).price == price


def test_without_a_model_there_is_nothing_to_move():
    assert moves(gathered(test=30, valid=20, train=20, with_model=False), a_spec(), {"person": 0.4}) == ()
