from datetime import date

import pytest

from vision_readiness.errors import SpecError
from vision_readiness.requirement import Metric
from vision_readiness.spec import ClassRule, Season, read_spec

COMPANY = """\
approved_by: The board
classes: {person: {min_recall: 0.9, min_precision: 0.8, includes: everybody}}
conditions: {lighting: {day: 0.6, night: 0.4}}
requirements: [{metric: false_alarms_per_1000_empty_images, at_most: 5}]
deployment_target: {device: dock-pc, p95_ms: 100, memory_mb: 900, throughput: 10, fps_per_camera: 5, price_per_hour: 1}
monitoring: {required: true, signals: [p95]}
seasons: {winter: {months: [12, 1]}}
agreement: {at_least: 0.9}
fallback: {on_low_confidence: human_review}
rollback_owner: ops
"""


def over(project, company=COMPANY):
    return read_spec(f"extends: company.yaml\n{project}", name="dock.yaml", base={"company.yaml": company}.__getitem__)


def test_a_project_raises_the_floors_of_its_company():
    spec = over("classes: {person: {min_recall: 0.95}, pallet: {critical: false}}")
    assert spec.classes["person"] == ClassRule(min_recall=0.95, min_precision=0.8, includes=("everybody",))
    assert not spec.classes["pallet"].critical
    assert spec.rollback_owner == "ops"


def test_what_the_company_approved_is_not_approved_for_the_project():
    assert over("").approved_by is None
    assert over("approved_by: Neha").approved_by == "Neha"


@pytest.mark.parametrize(
    ("project", "said"),
    [
        (
            "classes: {person: {min_recall: 0.85}}",
            "classes.person.min_recall is 0.85, under the company's floor of 0.9",
        ),
        ("classes: {person: {critical: false}}", "cannot be made uncritical"),
        ("conditions: {lighting: [day]}", "conditions.lighting leaves out `night`, which the company requires"),
        ("conditions: {lighting: {levels: [day, night], critical: false}}", "cannot be made uncritical"),
        ("seasons: {winter: {months: [1]}}", "seasons.winter leaves out `December`, which the company requires"),
        ("seasons: {winter: {critical: false}}", "cannot be made uncritical"),
        ("deployment_target: {device: b, p95_ms: 120}", "p95_ms is 120, over the company's limit of 100"),
        ("deployment_target: {device: b, memory_mb: 1000}", "memory_mb is 1000, over the company's limit of 900"),
        ("deployment_target: {device: b, throughput: 9}", "throughput is 9, under the company's floor of 10"),
        ("deployment_target: {device: b, fps_per_camera: 4}", "fps_per_camera is 4, under the company's floor of 5"),
        ("monitoring: none", None),
        ("monitoring: {required: false}", "monitoring is required by the company and cannot be switched off"),
        ("agreement: {at_least: 0.8}", "agreement.at_least is 0.8, under the company's floor of 0.9"),
    ],
)
def test_a_project_never_lowers_a_floor(project, said):
    if said is None:
        assert over(project).monitoring.required
        return
    with pytest.raises(SpecError) as caught:
        over(project)
    assert said in str(caught.value)
    assert str(caught.value).startswith("dock.yaml: ")


@pytest.mark.parametrize(
    "project",
    [
        "classes: {person: {min_recall: null}}",
        "deployment_target: {device: dock-pc, p95_ms: null}",
        "deployment_target: null",
        "fallback: null",
        "fallback: {on_low_confidence: null}",
        "rollback_owner: null",
        "monitoring: {signals: []}",
        "conditions: {}",
        "requirements: []",
        "agreement: {measured: 0.95}",
    ],
)
def test_an_empty_value_takes_nothing_away(project):
    bare, spec = over(""), over(project)
    assert spec.requirements_for(("person",)) == bare.requirements_for(("person",))
    assert (spec.fallback, spec.rollback_owner, spec.monitoring) == (bare.fallback, "ops", bare.monitoring)
    assert spec.agreement.at_least == 0.9


def test_stricter_is_allowed():
    spec = over(
        "deployment_target: {device: dock-pc, p95_ms: 50}\nagreement: {at_least: 0.95}\n"
        "conditions: {lighting: [day, night, dusk]}\nmonitoring: {in_place: ops, signals: [scores]}"
    )
    assert (spec.deployment_target.p95_ms, spec.deployment_target.memory_mb) == (50, 900)
    assert spec.monitoring.signals == ("p95", "scores")
    assert set(spec.conditions["lighting"].levels) == {"day", "night", "dusk"}


def test_the_price_of_the_company_device_is_not_that_of_another():
    assert over("deployment_target: {device: dock-pc}").deployment_target.price_per_hour == 1
    assert over("deployment_target: {device: other}").deployment_target.price_per_hour is None


def test_the_requirements_of_both_hold():
    spec = over("requirements: [{metric: precision, at_least: 0.5, class: person}]")
    assert [rule.metric for rule in spec.requirements] == [Metric.FALSE_ALARMS, Metric.PRECISION]


def test_an_assumed_requirement_of_the_project_is_still_the_one_assumed():
    spec = over("requirements:\n  - {metric: precision, at_least: 0.5, class: person}  # assumed: a guess")
    assert spec.assumptions == {"requirements.1": "a guess"}


def test_a_company_of_a_company_counts_too():
    group = "classes: {person: {min_recall: 0.97}}"
    both = {"company.yaml": f"extends: group.yaml\n{COMPANY.replace('0.9, min_p', '0.98, min_p')}", "group.yaml": group}
    spec = read_spec("extends: company.yaml", base=both.__getitem__)
    assert spec.classes["person"].min_recall == 0.98
    with pytest.raises(SpecError, match=r"company\.yaml: classes"):
        read_spec("extends: company.yaml", base={**both, "company.yaml": f"extends: group.yaml\n{COMPANY}"}.__getitem__)


def test_a_season_of_the_company_keeps_its_months():
    spec = over("seasons: {winter: 2026-11-01, summer: {months: [6, 7, 8]}}")
    assert spec.seasons["winter"] == Season(refresh_by=date(2026, 11, 1), months=("December", "January"))
    assert spec.seasons["summer"].months == ("June", "July", "August")
