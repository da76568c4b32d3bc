from dataclasses import replace
from datetime import date

import pytest

from tests.sdk.decide.cases import TODAY, a_spec, codes, decided, gathered
from tests.sdk.guide.cases import fixes_of
from vision_readiness.policy import Policy
from vision_readiness.readiness import ReadinessState
from vision_readiness.reasons import SPEC_CHECKS
from vision_readiness.reasons.spec_case import changed, sound
from vision_readiness.spec import (
    Agreement,
    ClassRule,
    DeploymentSpec,
    DeploymentTarget,
    ImageSet,
    OutputContract,
    Season,
)
from vision_readiness.words.findings import sentence_of, worded


def found(case):
    return {one.code: worded(one) for check in SPEC_CHECKS for one in check.run(case, Policy())}


def test_a_signed_minimal_spec_is_told_what_is_missing_and_stays_ready():
    spec = DeploymentSpec(
        approved_by="Neha Kapoor",
        classes={label: ClassRule(threshold=0.5) for label in ("person", "forklift")},
        deployment_target=DeploymentTarget(device="dock-pc", p95_ms=100),
    )
    decision = decided(gathered(), spec)
    assert decision.state is ReadinessState.READY
    missing = {f"SPEC{number}" for number in range(706, 715)} | {"SPEC704", "PROD602", "PROD603", "PROD605", "PROD606"}
    assert codes(decision) == missing


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"output": OutputContract(boxes="xyxy", thresholds="per_class")},
            "The spec does not say what the model returns in full: `output` leaves out coordinates, frame, nms.",
        ),
        (
            {"golden_set": ImageSet(tags=("set:golden",))},
            "The spec names no golden set in full: `golden_set` leaves out verified_by.",
        ),
        (
            {"agreement": Agreement(measured=0.95)},
            "Nobody measured how often annotators agree in full: `agreement` leaves out how.",
        ),
    ],
)
def test_a_part_that_says_only_half_is_told_which(changes, sentence):
    assert sentence in {one.sentence for one in found(changed(**changes)).values()}


def test_a_classifier_needs_no_box_format_and_no_rule_for_hidden_objects():
    case = replace(changed(output=OutputContract(thresholds="per_class"), classes={}), has_boxes=False)
    assert found(case).keys() & {"SPEC707", "SPEC710"} == set()
    assert "SPEC706" in found(case)


def test_many_undescribed_classes_are_counted():
    case = replace(sound(), classes=tuple(f"c{n}" for n in range(30)))
    assert found(case)["SPEC706"].sentence == (
        "The spec does not say what counts as one: `c0`, `c1`, `c2`, `c3` and 26 more."
    )


def test_a_class_that_is_not_critical_needs_no_description():
    assert "SPEC706" not in found(replace(changed(classes={"person": ClassRule(critical=False)}), classes=("person",)))


@pytest.mark.parametrize(("measured", "low"), [(0.85, False), (0.8499, True), (None, False)])
def test_an_agreement_under_85_per_cent_is_low(measured, low):
    assert ("SPEC715" in found(changed(agreement=Agreement(measured=measured, how="two people")))) is low


@pytest.mark.parametrize(
    ("agreement", "beyond"),
    [
        (Agreement(measured=0.9), []),
        (Agreement(measured=0.89), ["person"]),
        (Agreement(measured=0.5, of_class={"person": 0.9}), []),
        (Agreement(measured=0.99, of_class={"person": 0.7}), ["person"]),
        (None, []),
    ],
)
def test_more_than_the_agreement_on_a_class_cannot_be_asked(agreement, beyond):
    one = found(changed(agreement=agreement)).get("SPEC716")
    assert ([one.subject] if one else []) == beyond


def test_the_ceiling_is_said_with_its_numbers():
    (check,) = (one for one in SPEC_CHECKS if one.reason.code == "SPEC716")
    (first, *_) = check.run(changed(agreement=Agreement(measured=0.82)), Policy())
    assert (first.measured, first.limit) == (0.9, 0.82)
    assert sentence_of(first) == "A recall of 90 % is asked of `person`, and annotators agree in 82 %."


@pytest.mark.parametrize(
    ("thresholds", "against"),
    [((0.5, 0.5), False), ((0.5, 0.4), True), ((0.5, None), True), ((None, None), True)],
)
def test_one_promised_threshold_has_to_be_written(thresholds, against):
    rules = {label: ClassRule(threshold=at) for label, at in zip(("person", "pallet"), thresholds, strict=True)}
    case = replace(changed(classes=rules, output=OutputContract(thresholds="fixed")), classes=("person", "pallet"))
    assert ("SPEC718" in found(case)) is against
    per_class = replace(changed(classes=rules), classes=("person", "pallet"))
    assert "SPEC718" not in found(per_class)


def test_an_overdue_refresh_warns_from_the_day_after():
    late = a_spec(seasons={"winter": Season(refresh_by=TODAY)})
    assert decided(gathered(), late).state is ReadinessState.READY
    decision = decided(gathered(), late, as_of=date(TODAY.year, TODAY.month, TODAY.day + 1))
    assert decision.state is ReadinessState.WARNING
    assert "SPEC717" in codes(decision)


def test_a_set_that_nothing_is_asked_of_informs():
    decision = decided(gathered(), a_spec(requirements=()))
    assert {one.subject for one in decision.findings if one.code == "SPEC720"} == {"golden_set", "challenge_set"}
    assert decision.state is ReadinessState.READY


def test_all_that_nobody_wrote_is_one_fix():
    spec = DeploymentSpec(approved_by="Neha Kapoor", classes=a_spec().classes)
    fixes = [fix for fix in fixes_of(decided(gathered(), spec)) if fix.title == "Fill in what the spec leaves out"]
    assert len(fixes) == 1
    assert {"camera", "data", "output", "golden_set", "rollout"} <= set(fixes[0].subjects)
    assert "Write `camera: {" in fixes[0].detail
