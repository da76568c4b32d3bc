import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.errors import SpecError
from vision_readiness.requirement import Metric
from vision_readiness.spec import (
    ClassRule,
    ConditionRule,
    DeploymentSpec,
    DeploymentTarget,
    Fallback,
    Monitoring,
    RequirementRule,
    read_spec,
    read_waivers,
    write_spec,
)

NAMES = st.text(min_size=1, max_size=30).filter(lambda name: name.isprintable()) | st.sampled_from(
    ["yes", "null", "3", "1e5", "~", "# assumed: because no", "a: b", "{", "- x", "'", '"', "a\nb", "\u2028", "é" * 300]
)
RATES = st.none() | st.floats(0, 1)
RULES = st.builds(ClassRule, critical=st.booleans(), min_recall=RATES, min_precision=RATES, threshold=RATES)
TARGETS = st.builds(DeploymentTarget, device=NAMES, p95_ms=st.none() | st.floats(0.1, 1e4), cameras=st.integers(1, 9))
SPECS = st.builds(
    DeploymentSpec,
    project=st.none() | NAMES,
    approved_by=st.none() | NAMES,
    classes=st.dictionaries(NAMES, RULES, max_size=4),
    conditions=st.dictionaries(
        NAMES, st.builds(ConditionRule, levels=st.dictionaries(NAMES, st.none(), min_size=1, max_size=3)), max_size=2
    ),
    requirements=st.lists(
        st.builds(RequirementRule, metric=st.just(Metric.RECALL), label=NAMES, at_least=st.floats(0, 1)), max_size=3
    ).map(tuple),
    deployment_target=st.none() | TARGETS,
    monitoring=st.builds(Monitoring, required=st.booleans(), in_place=st.none() | NAMES),
    fallback=st.none() | st.builds(Fallback, on_low_confidence=NAMES),
    rollback_owner=st.none() | NAMES,
)


@given(SPECS)
def test_what_is_written_is_read_back(spec):
    assert read_spec(write_spec(spec)) == spec


@given(st.dictionaries(NAMES, st.text(string.ascii_letters + " :#`", min_size=1, max_size=40), min_size=1, max_size=4))
def test_reasons_of_assumed_lines_are_read_back(reasons):
    wanted = {f"classes.{name}": " ".join(reason.split()) for name, reason in reasons.items() if reason.strip()}
    spec = DeploymentSpec(classes={name: ClassRule() for name in reasons}, assumptions=wanted)
    found = read_spec(write_spec(spec)).assumptions
    assert found == {key: reason.removeprefix("because ").strip() for key, reason in wanted.items()}


def test_a_mark_inside_a_name_is_no_mark():
    spec = DeploymentSpec(classes={"x  # assumed: because I say so": ClassRule()}, approved_by="# assumed: nobody")
    assert read_spec(write_spec(spec)).assumptions == {}


def test_marks_are_taken_from_every_depth():
    text = """\
approved_by: null  # assumed: nobody signed
classes:
  person: {min_recall: 0.9}  # assumed: because a miss hurts
  pallet: {critical: false}
deployment_target:  # assumed: a guess
  device: dock-pc
requirements:
  - {metric: recall, at_least: 0.9, class: person}  # assumed: because the plant says so
"""
    assert read_spec(text).assumptions == {
        "approved_by": "nobody signed",
        "classes.person": "a miss hurts",
        "deployment_target": "a guess",
        "requirements.0": "the plant says so",
    }


def test_the_specification_of_the_design_is_read():
    spec = read_spec(
        """\
project: acme/warehouse-safety
approved_by: null
classes:
  person:   {critical: true, min_recall: 0.95, min_precision: 0.80}    # assumed: because injury
  pallet:   {critical: false, min_recall: 0.70}
requirements:
  - {metric: precision, at_least: 0.95, class: person, where: {lighting: night}}
  - {metric: false_alarms_per_1000_empty_images, at_most: 5}
conditions:
  lighting: {day: 0.6, night: 0.4}
  camera: [dock-1, dock-2]
deployment_target: {device: jetson-orin-nano, p95_ms: 100, cameras: 2, fps_per_camera: 5}
monitoring: required
fallback: {on_low_confidence: human_review, on_unknown_object: ignore}
rollback_owner: neha@acme.example
"""
    )
    assert spec.monitoring.required
    assert spec.deployment_target.frames_per_second == 10
    assert spec.requirements[0].label == "person"
    assert list(spec.conditions["camera"].levels) == ["dock-1", "dock-2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aproved_by: me", "unknown key `aproved_by`; did you mean `approved_by`?"),
        ("classes: {person: {recall: 0.9}}", "did you mean `min_recall`?"),
        ("deployment_target: {device: a, p9_ms: 3}", "unknown key `deployment_target.p9_ms`; did you mean"),
        (
            "requirements: [{metric: recall, at_least: 0.9, klass: a}]",
            "unknown key `requirements.0.klass`; did you mean `class`?",
        ),
        ("zzz: 1", "the keys here are approved_by, "),
        ("requirements: [{metric: recal, at_least: 1, class: a}]", "did you mean `recall`?"),
        ("requirements: [{metric: zzz, at_least: 1, class: a}]", "one of recall, precision"),
        ("requirements: [{metric: recall, at_least: 0.5}]", "an average over classes hides a weak one"),
        ("classes: {person: {min_recall: 95}}", "`classes.person.min_recall`"),
        ("conditions: {lighting: 3}", "conditions.lighting"),
    ],
)
def test_an_error_names_the_key_and_the_nearest_right_one(text, said):
    with pytest.raises(SpecError) as caught:
        read_spec(text, name="dock.yaml")
    assert said in str(caught.value)
    assert str(caught.value).startswith("dock.yaml: ")
    assert "\n" not in str(caught.value)


def files(**texts):
    return {f"{name}.yaml": text for name, text in texts.items()}.__getitem__


COMPANY = "approved_by: The board\nclasses: {person: {min_recall: 0.9, min_precision: 0.8}}\nrollback_owner: ops\n"


def test_a_project_raises_the_floors_of_its_company():
    spec = read_spec(
        "extends: company.yaml\nclasses: {person: {min_recall: 0.95}, pallet: {critical: false}}",
        base=files(company=COMPANY),
    )
    assert spec.classes["person"] == ClassRule(min_recall=0.95, min_precision=0.8)
    assert not spec.classes["pallet"].critical
    assert spec.rollback_owner == "ops"


def test_what_the_company_approved_is_not_approved_for_the_project():
    assert read_spec("extends: company.yaml", base=files(company=COMPANY)).approved_by is None


@pytest.mark.parametrize(
    ("rule", "said"),
    [("{min_recall: 0.85}", "under the company's floor of 0.9"), ("{critical: false}", "cannot be made uncritical")],
)
def test_a_project_never_lowers_a_floor(rule, said):
    with pytest.raises(SpecError, match=said):
        read_spec(f"extends: company.yaml\nclasses: {{person: {rule}}}", base=files(company=COMPANY))


def test_the_requirements_of_both_hold():
    company = "requirements: [{metric: recall, at_least: 0.5, class: person}]"
    own = "extends: company.yaml\nrequirements: [{metric: precision, at_least: 0.5, class: person}]"
    spec = read_spec(own, base=files(company=company))
    assert [rule.metric for rule in spec.requirements] == [Metric.RECALL, Metric.PRECISION]


def test_extends_in_a_circle_is_an_error():
    circle = files(a="extends: b.yaml", b="extends: a.yaml")
    with pytest.raises(SpecError, match="circle"):
        read_spec("extends: a.yaml", base=circle)


def test_extends_needs_a_file():
    with pytest.raises(SpecError, match="needs that file"):
        read_spec("extends: company.yaml")


def test_waivers_are_read_with_their_days():
    (waiver,) = read_waivers(
        "- {code: MODEL401, subject: person, person: Neha, reason: one shift, expires: 2026-12-31}"
    )
    assert waiver.expires == date(2026, 12, 31)
    assert read_waivers("") == ()
