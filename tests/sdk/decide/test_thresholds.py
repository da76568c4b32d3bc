from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, codes, decided, gathered
from vision_readiness.guide import next_action, ranked_fixes
from vision_readiness.readiness import Action, BlockedBy
from vision_readiness.reasons.reason import Severity
from vision_readiness.spec import ClassRule, OutputContract, ThresholdRule

CONTRACT = OutputContract(boxes="xyxy", coordinates="pixels", frame="stored_image", thresholds="per_class", nms="none")


def ruled(*, critical=True, **rule):
    """A spec whose forklift threshold has to keep something."""
    asked = ClassRule(min_recall=0.1, min_precision=0.1, critical=critical, threshold=ThresholdRule(**rule))
    return a_spec(classes={**a_spec().classes, "forklift": asked}, output=CONTRACT)


def found(decision, code):
    return [one for one in decision.findings if one.code == code]


def test_a_rate_that_is_kept_is_no_finding():
    decision = decided(gathered(), ruled(precision_at_least=0.9))
    (kept,) = decision.kept
    assert kept.choice.result.constrained.lower >= 0.9
    assert kept.on_test.rate == 1.0
    assert {"MODEL414", "MODEL415"}.isdisjoint(codes(decision))


@pytest.mark.parametrize(("critical", "severity"), [(True, Severity.P0), (False, Severity.P1)])
def test_no_threshold_that_is_proven_blocks_for_a_critical_class(critical, severity):
    decision = decided(gathered(), ruled(precision_at_least=0.99, critical=critical))
    (one,) = found(decision, "MODEL414")
    assert (one.severity, one.subject) == (severity, "forklift")
    assert one.sentence.startswith("`forklift`: No threshold is proven to give a precision of 0.99: ")
    assert decision.state.deployable is not critical
    assert decision.blocked_by is (BlockedBy.EVIDENCE if critical else None)
    assert next_action(decision, ranked_fixes(decision)) is (
        Action.COLLECT_DATA if critical else Action.REVIEW_WARNINGS
    )


def test_a_rate_that_even_the_likeliest_threshold_surely_misses_is_a_failure():
    evidence = gathered()
    matches = evidence.model.matches
    wrong = np.flatnonzero(matches.answers.label == 1)[::2]
    hit = matches.answers.hit.copy()
    hit[wrong] = False
    answers = replace(matches.answers, hit=hit)
    worse = replace(evidence, model=replace(evidence.model, matches=replace(matches, answers=answers)))
    decision = decided(worse, ruled(precision_at_least=0.95))
    (one,) = found(decision, "MODEL416")
    assert one.sentence.startswith(
        "`forklift`: No threshold gives a precision of 0.95: at the first one tried 30 of 60"
    )
    assert (decision.blocked_by, found(decision, "MODEL414")) == (BlockedBy.FAILURE, [])


def test_a_level_without_a_threshold_of_its_own_warns():
    decision = decided(gathered(), ruled(precision_at_least=0.93, per="lighting"))
    assert [(one.severity, one.subject) for one in found(decision, "MODEL414")] == [
        (Severity.P1, "forklift, lighting day"),
        (Severity.P1, "forklift, lighting night"),
    ]


def test_a_rate_that_is_kept_on_valid_and_surely_not_on_test_blocks():
    decision = decided(gathered(missed={"forklift": 100}), ruled(recall_at_least=0.9))
    (one,) = found(decision, "MODEL416")
    assert (one.severity, decision.blocked_by) == (Severity.P0, BlockedBy.FAILURE)
    assert found(decision, "MODEL414") == []
    assert "kept on valid is not kept on test: 100 of 200 (" in one.sentence


def test_what_a_constraint_is_paid_with_is_the_change_against_the_threshold_without_it():
    decision = decided(gathered(), ruled(precision_at_least=0.9))
    (kept,) = decision.kept
    recall, precision = kept.changes
    assert (recall.now, precision.now) == (kept.choice.result.other.rate, 1.0)
    lost = replace(recall, change=-0.1, upper=-0.05, lower=-0.15)
    gained = replace(precision, change=0.02)
    assert replace(kept, changes=(lost, gained)).paid_with == "recall"
    assert replace(kept, changes=(gained, lost)).paid_with == "precision"
    assert kept.paid_with is None


@pytest.mark.parametrize("case", [{"with_model": False}, {"missed": {"forklift": 3}}])
def test_nothing_is_said_without_a_model_or_a_rule(case):
    spec = ruled(precision_at_least=0.9) if "with_model" in case else a_spec()
    assert decided(gathered(**case), spec).kept == ()
