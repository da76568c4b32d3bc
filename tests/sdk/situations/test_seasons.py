from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, codes, decided, gathered
from vision_readiness.project import Condition
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.situations.seasons import with_seasons
from vision_readiness.spec import ConditionRule, Season

WINTER, SUMMER = Season(months=("December", "January")), Season(months=("July",))
BOTH = a_spec(seasons={"winter": WINTER, "summer": SUMMER})


def taken_in(evidence, *months, season=None):
    """Evidence whose images were taken in ``months`` in turn; ``season`` is what the first of those is tagged with."""
    images = evidence.images
    place = np.arange(len(images)) % len(months)
    known = {"month": Condition("EXIF", {month: place == n for n, month in enumerate(months)})}
    known |= {} if season is None else {"season": Condition("tag", {season: place == 0})}
    return replace(evidence, images=replace(images, conditions={**images.conditions, **known}))


def outcomes(decision, season):
    return {
        one.outcome
        for one in decision.requirements
        if one.requirement.where == (("season", season),) and one.requirement.metric is Metric.RECALL
    }


def test_each_critical_class_is_asked_for_its_floors_in_each_season():
    decision = decided(taken_in(gathered(), "January", "July"), BOTH)
    assert outcomes(decision, "winter") == outcomes(decision, "summer") == {Outcome.PASS}
    assert decision.state is ReadinessState.READY


@pytest.mark.parametrize("months", [("January",), ("January", "March")])
def test_a_season_without_images_is_inconclusive(months):
    decision = decided(taken_in(gathered(), *months), BOTH)
    assert outcomes(decision, "summer") == {Outcome.INCONCLUSIVE}
    assert decision.blocked_by is BlockedBy.EVIDENCE
    assert "DATA109" in codes(decision)


def test_without_any_date_no_season_is_proven():
    assert outcomes(decided(gathered(), BOTH), "winter") == {Outcome.INCONCLUSIVE}


def test_a_weak_season_blocks():
    evidence = gathered(missed={"forklift": 60}, missed_at="night", train=300)
    floors = {label: rule.model_copy(update={"min_recall": 0.7}) for label, rule in a_spec().classes.items()}
    decision = decided(
        taken_in(evidence, "January", "July"), BOTH.model_copy(update={"classes": floors, "conditions": {}})
    )
    assert Outcome.FAIL in outcomes(decision, "summer")
    assert outcomes(decision, "winter") == {Outcome.PASS}
    assert decision.blocked_by is BlockedBy.FAILURE


def test_a_tag_goes_before_the_month():
    evidence = with_seasons(taken_in(gathered(), "January", "July", season="summer"), BOTH)
    members = evidence.images.conditions["season"].members
    assert set(members) == {"summer"}
    assert members["summer"].all()


def test_a_season_that_is_a_condition_too_is_asked_for_once():
    spec = BOTH.model_copy(update={"conditions": {"season": ConditionRule(levels={"winter": 0.5, "summer": 0.5})}})
    asked = [one for one in spec.requirements_for(("person",)) if one.where == (("season", "winter"),)]
    assert [str(one.metric) for one in asked if one.label == "person"] == ["recall", "precision"]


def test_a_season_that_is_only_a_day_or_not_critical_asks_for_nothing():
    spec = a_spec(
        seasons={"winter": Season.model_validate("2027-11-01"), "summer": Season(months=("July",), critical=False)}
    )
    assert not any(("season", name) in one.where for one in spec.requirements_for(("person",)) for name in spec.seasons)


def test_that_a_season_has_no_months_informs_where_months_are_known():
    assert "SPEC722" not in codes(decided(gathered()))
    decision = decided(taken_in(gathered(), "January", "July"))
    (found,) = (one for one in decision.findings if one.code == "SPEC722")
    assert found.sentence == "The test images were taken in January, July; which months `winter` means is not said."
    assert decision.state is ReadinessState.READY


def test_kept_evidence_stays_as_it_is():
    evidence = taken_in(gathered(), "January")
    digest = evidence.digest
    assert with_seasons(evidence, a_spec()) is evidence
    assert "season" not in evidence.images.conditions
    assert with_seasons(evidence, BOTH).images.conditions["season"].members.keys() == {"winter"}
    assert evidence.digest == digest
