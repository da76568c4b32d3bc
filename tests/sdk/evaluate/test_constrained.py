import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sdk.evaluate.test_thresholds import store
from vision_readiness.evaluate.constrained import constrained_threshold
from vision_readiness.evaluate.constraint import ThresholdChoice
from vision_readiness.requirement import Metric
from vision_readiness.words.findings import choice_sentence


def chosen(matches, metric=Metric.PRECISION, at_least=0.8, *, images=None, group=None, label=0, **options):
    count = len(matches.answered)
    return constrained_threshold(
        matches,
        label,
        metric,
        at_least,
        images=np.ones(count, bool) if images is None else images,
        group=np.arange(count, dtype=np.int32) if group is None else group,
        **options,
    )


def why(found, metric=Metric.PRECISION, at_least=0.9):
    return choice_sentence(ThresholdChoice("a", (), metric, at_least, found))


def sharp(seed=0, right=200, wrong=100):
    """High scores are right, low ones are not, and between 0.4 and 0.6 it is open."""
    rng = np.random.default_rng(seed)
    return store(list(rng.uniform(0.4, 1, right)), list(rng.uniform(0, 0.6, wrong)))


def test_the_precision_asked_for_is_proven_and_costs_little_recall():
    found = chosen(sharp(), at_least=0.9)
    assert found.threshold is not None
    assert 0.4 < found.threshold < 0.65
    assert found.constrained.lower >= 0.9
    assert found.other.rate > 0.7
    assert f"{found.constrained.lower:.3f}" in why(found)


def test_a_stricter_constraint_never_lowers_the_threshold():
    thresholds = [chosen(sharp(), at_least=floor).threshold for floor in (0.7, 0.8, 0.9)]
    assert thresholds == sorted(thresholds)


def test_the_recall_asked_for_is_proven_at_the_highest_threshold():
    matches = sharp()
    found = chosen(matches, Metric.RECALL, 0.8)
    assert found.constrained.lower >= 0.8
    assert found.threshold > 0.4
    assert found.other.rate > chosen(matches, Metric.RECALL, 0.95).other.rate


def test_no_threshold_is_an_answer_with_a_reason():
    found = chosen(store([0.9] * 30, [0.9] * 30), at_least=0.9)
    assert found.threshold is None
    assert found.constrained is None
    assert found.refuted
    assert "No threshold gives a precision of 0.9: at the first one tried 30 of 60 hold (at most 0.61" in why(found)
    assert "30 of 60 hold" in why(found)


def test_few_answers_or_few_images_give_no_threshold():
    assert "too few answers" in why(chosen(store([0.9] * 20, []), at_least=0.9))
    together = chosen(store([0.9] * 60, []), at_least=0.9, group=np.arange(60, dtype=np.int32) // 10)
    assert together.threshold is None
    assert "only 6 images" in why(together)


def test_a_class_without_answers_or_truths_gives_no_threshold():
    for metric in (Metric.RECALL, Metric.PRECISION):
        found = chosen(sharp(), metric, images=np.zeros(200, bool))
        assert (found.threshold, found.tried) == (None, 0)


def test_equal_scores_stand_or_fall_together():
    found = chosen(store([0.9] * 100 + [0.5] * 100, [0.5] * 100), at_least=0.9)
    assert found.threshold == 0.9
    assert found.constrained.trials == 100


def test_only_the_marked_images_choose():
    matches = sharp()
    marked = np.arange(200) < 150
    assert chosen(matches, images=marked).threshold == chosen(matches.within(marked)).threshold


def test_errors_that_come_together_prove_less():
    right, wrong = [0.9] * 380, [0.9] * 20
    apart = chosen(store(right, wrong), at_least=0.92)
    together = chosen(store(right, wrong), at_least=0.92, group=np.arange(380, dtype=np.int32) // 10)
    assert apart.threshold == 0.9
    assert together.threshold is None


@given(st.integers(0, 50), st.floats(0, 1))
def test_what_is_named_is_always_proven(seed, floor):
    for metric in (Metric.RECALL, Metric.PRECISION):
        found = chosen(sharp(seed, 60, 40), metric, floor)
        assert (found.threshold is None) == (found.constrained is None) == (found.other is None)
        assert found.constrained is None or found.constrained.lower >= floor


def test_a_metric_that_no_threshold_moves_is_refused():
    with pytest.raises(ValueError, match="recall or precision"):
        chosen(sharp(), Metric.AP)
