from dataclasses import replace

from tests.sdk.render import reports
from tests.sdk.render.parts import WAIVED, interval, rate
from vision_readiness.reasons.reason import Waived
from vision_readiness.report.blockers import blockers_of
from vision_readiness.requirement import Metric
from vision_readiness_webhook.risks import can_name, risks_of

SEEN = interval(61, 100, 0.08)


def same_words():
    """Two classes that fail in two situations each, all in the same words."""
    results = tuple(
        replace(rate(Metric.RECALL, label, 0.9, SEEN, where=where), because="It is not proven.")
        for label in ("person", "forklift")
        for where in ((), (("lighting", "night"),))
    )
    return replace(reports.blocked(), requirements=results, findings=())


def test_what_is_about_all_of_a_class_covers_its_requirements_by_id():
    together = [risk for risk in risks_of(same_words()) if risk.covers]
    assert {risk.subject: risk.covers for risk in together} == {
        label: (f"recall/{label}/min=0.9", f"recall/{label}/lighting=night/min=0.9") for label in ("person", "forklift")
    }
    alone = replace(same_words(), requirements=same_words().requirements[:1])
    assert [(risk.key, risk.covers) for risk in risks_of(alone)] == [("recall/person/min=0.9", ())]


def test_a_risk_that_is_accepted_for_one_class_leaves_the_blockers_of_another_in_the_same_words():
    results = same_words().requirements
    accepted = [replace(one, waiver=WAIVED[0].waiver) if one.requirement.label == "person" else one for one in results]
    left = [one.key for one in blockers_of(accepted, ())]
    assert left == [one.requirement.id for one in results if one.requirement.label == "forklift"]


def test_a_waiver_is_about_something_the_report_holds():
    report = same_words()
    (code,) = {one.code for one in report.requirements}
    assert can_name(report, code, "person")
    assert can_name(report, code, report.requirements[1].requirement.name)
    assert not can_name(report, code, "unicorn")
    assert not can_name(report, "DATA101", "person")
    kept = Waived(WAIVED[0].finding, WAIVED[0].waiver)
    assert can_name(replace(report, waived=(kept,)), kept.waiver.code, kept.waiver.subject)  # to accept it for longer
