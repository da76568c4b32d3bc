from datetime import UTC, datetime, time

import pytest

from tests.sdk.decide.cases import TODAY
from tests.sdk.guide.cases import decisions, fixes_of
from vision_readiness.advisor import decide
from vision_readiness.evaluate.costs import ErrorCost
from vision_readiness.evaluate.error_kinds import REMEDIES, ErrorKind
from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.guide.label_fixes import label_fixes
from vision_readiness.guide.retries import retry_plan
from vision_readiness.guide.settings import recommended_settings
from vision_readiness.readiness import Action
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import Shortfall
from vision_readiness.render.html import page_html

every_decision = pytest.mark.parametrize("name", decisions())
BOX = (0.0, 0.0, 1.0, 1.0)


def planned(name):
    decision = decisions()[name]
    fixes = fixes_of(decision)
    return decision, fixes, retry_plan(decision, fixes)


@every_decision
def test_every_fix_that_blocks_stands_in_one_try_and_what_is_deployable_needs_none(name):
    decision, fixes, plan = planned(name)
    if decision.state.deployable:
        assert plan == ()
        return
    titles = [title for retry in plan for title in retry.fixes]
    assert len(titles) == len(set(titles))
    assert {fix.title for fix in fixes if fix.blocks} <= set(titles)


def test_what_needs_no_new_version_is_tried_first_and_then_the_next_one():
    _, fixes, plan = planned("misses")
    assert fixes[0].action is Action.LABEL_MORE
    assert [retry.version for retry in plan][:1] == ["acme/dock/4"]
    assert "--parent" in plan[0].proof
    assert plan[-1].fixes == ()
    assert "escalate" in plan[-1].proof
    _, _, untimed = planned("never timed")
    assert [retry.version for retry in untimed] == ["acme/dock/3"]


def test_a_fix_that_mends_the_model_says_what_is_lost_to_which_errors_and_is_ranked_by_it():
    decision = decisions()["misses both"]
    lost = {"person": 0.05, "forklift": 0.6}
    costs = [ErrorCost(ErrorKind.MISSED, label, gain, REMEDIES[ErrorKind.MISSED]) for label, gain in lost.items()]
    costs.append(ErrorCost(ErrorKind.BACKGROUND, "person", 0.9, REMEDIES[ErrorKind.BACKGROUND]))
    mending = [fix for fix in fixes_of(decision, costs) if fix.lift_ap50 is not None]
    assert [(fix.subjects, fix.lift_ap50) for fix in mending] == [(("forklift",), 0.6), (("person",), 0.05)]
    assert mending[0].lift_because == f"Most is lost to this: missed (0.600 of AP50). {REMEDIES[ErrorKind.MISSED]}"


def test_labels_known_to_be_wrong_come_before_those_that_may_be_and_unsure_answers_are_not_asked_about():
    finding = REASONS["LABEL201"].found(Shortfall(subject="boxes", measured=2, limit=0, examples=("test/a.jpg",)))
    examples = (
        FailureExample("test/b.jpg", FailureKind.FALSE_ALARM, "cat", BOX, "cat", 0.85),
        FailureExample("test/c.jpg", FailureKind.CONFUSED, "cat", BOX, "dog", 0.95),
        FailureExample("test/d.jpg", FailureKind.FALSE_ALARM, "cat", BOX, "cat", 0.4),
        FailureExample("test/e.jpg", FailureKind.MISSED, "cat", BOX),
    )
    found = label_fixes([finding], examples)
    assert [(fix.where, fix.code) for fix in found] == [
        ("test/a.jpg", "LABEL201"),
        ("test/c.jpg", None),
        ("test/b.jpg", None),
    ]
    assert found[1].what == "Labelled `cat`, answered `dog` with 0.95: which is it?"


def test_settings_are_those_that_were_judged_with_what_they_rest_on():
    decision = decisions()["ready"]
    settings = {one.name: one for one in recommended_settings(decision)}
    assert settings["score of person"].value == "at least 0.500"
    assert settings["score of person"].because == "spec"
    assert settings["frames a second"].value == "at most 100"
    assert settings["on low confidence"].value == "human review"
    assert recommended_settings(decisions()["no model"])[0].name == "on low confidence"


def test_the_report_holds_the_whole_guide_and_the_page_shows_it():
    assessment = decisions()["misses"].assessment
    report = decide(assessment.evidence, assessment.spec, as_of=datetime.combine(TODAY, time(), UTC))
    assert report.plan.retries
    assert report.rollout.settings
    lifting = next(fix for fix in report.fixes if fix.lift_ap50)
    page = page_html(report)
    for said in (
        "Which fix in which version",
        "Settings to deploy with",
        f"{lifting.lift_ap50:.3f} of AP50 is lost there",
    ):
        assert said in page
