import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, gathered
from vision_readiness.decide.assess import assess
from vision_readiness.evaluate.field import field_estimate
from vision_readiness.policy import Policy


def estimate(shares, **made):
    evidence = gathered(**made)
    assessment = assess(evidence, a_spec(), Policy())
    lighting = ("lighting", evidence.images.conditions["lighting"], shares)
    return field_estimate(assessment.figures, assessment.scope, 1, "recall", lighting)


def test_the_mix_of_the_test_images_gives_their_own_rate():
    found = estimate({"day": 0.5, "night": 0.5}, missed={"forklift": 20}, missed_at="night")
    assert found.rate == pytest.approx(found.on_test)
    assert found.lower < found.rate < found.upper


def test_more_of_the_weak_level_lowers_the_estimate_and_names_it():
    found = estimate({"day": 0.1, "night": 0.9}, missed={"forklift": 20}, missed_at="night")
    assert found.rate == pytest.approx(0.1 * 1.0 + 0.9 * 0.8)
    assert found.driver == "night"
    assert found.drag == pytest.approx(0.9 * 0.2)


def test_nothing_is_expected_where_a_part_of_the_traffic_was_never_seen():
    found = estimate({"day": 0.5, "dusk": 0.5})
    assert (found.rate, found.missing) == (None, ("dusk",))


def test_an_estimate_without_any_error_still_has_width():
    found = estimate({"day": 0.5, "night": 0.5})
    assert found.rate == 1.0
    assert found.driver is None
    assert np.isfinite(found.lower)
    assert found.lower < 1.0
