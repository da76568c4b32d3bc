import pytest

from tests.sdk.decide.cases import a_spec, codes, decided, gathered
from vision_readiness.reasons.reason import Severity
from vision_readiness.spec import ClassRule


def floored(recall, *, critical=True):
    """A spec that asks for so much recall of a forklift, with a fixed threshold."""
    rule = ClassRule(min_recall=recall, min_precision=0.5, threshold=0.5, critical=critical)
    return a_spec(classes={**a_spec().classes, "forklift": rule})


def found(missed, spec):
    return [
        one
        for one in decided(gathered(missed={"forklift": missed}, missed_at="night"), spec).findings
        if one.code == "MODEL413"
    ]


@pytest.mark.parametrize(
    ("missed", "spec", "severity"),
    [
        (45, floored(0.7), Severity.P1),
        (45, floored(0.4), Severity.P2),
        (45, floored(0.7, critical=False), Severity.P2),
        (45, floored(0.7).model_copy(update={"conditions": {}}), Severity.P2),
    ],
)
def test_a_weak_slice_warns_where_a_critical_class_is_below_its_floor_in_a_declared_condition(missed, spec, severity):
    (weak,) = found(missed, spec)
    assert weak.severity is severity
    assert weak.subject == "recall of forklift, lighting night"
    assert weak.sentence.startswith("`forklift` is found less often in lighting night: 55 of 100 (")
    assert ("is asked of it" in weak.sentence) is (spec.rule("forklift").min_recall == 0.7)
    assert 0 < len(weak.examples) <= 12
    assert weak.of == 100


def test_a_class_that_is_found_everywhere_has_no_weak_slice():
    decision = decided(gathered())
    assert decision.slices.found == ()
    assert decision.slices.tried > 0
    assert "MODEL413" not in codes(decision)


def test_a_set_that_was_chosen_to_be_hard_is_no_slice():
    decision = decided(gathered(missed={"forklift": 45}, missed_at="night"))
    assert "set" in decision.assessment.evidence.images.conditions
    assert all(name != "set" for weak in decision.slices.found for name, _ in weak.where)


@pytest.mark.parametrize("case", [{"with_model": False}, {"test": 0}])
def test_nothing_is_searched_where_nothing_can_be_judged(case):
    assert decided(gathered(**case)).slices is None
