from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vision_readiness import ClassRule, DeploymentSpec, read_spec, write_spec
from vision_readiness.spec import DeploymentTarget, Monitoring, RequirementRule
from vision_readiness_webhook.pages.spec_form import draft_of, fields_of

LABELS = ["person", 'fork"lift\n<b>', "pallet"]
SPEC = read_spec(
    """
project: acme/dock
approved_by: Neha Kapoor
classes:
  person: {critical: true, min_recall: 0.953, includes: [riders]}   # assumed: because a missed person can mean injury
  pallet: {critical: false, min_recall: 0.7, threshold: {precision_at_least: 0.9}}
conditions:
  lighting: {day: 0.6, night: 0.4}  # assumed: because the images say so
  camera: [dock-1, dock-2]
requirements:
  - {metric: precision, at_least: 0.95, class: person, where: {lighting: night}}
deployment_target: {device: jetson, p95_ms: 82.5, cameras: 2, fps_per_camera: 5}
monitoring: required
rollout: {strategy: canary, sign_off: [Neha Kapoor, Riya Shah]}
seasons: {winter: 2026-11-01}
"""
)


def changed(**fields: str) -> dict[str, str]:
    return {**fields_of(SPEC, LABELS), **{name.replace("__", "."): value for name, value in fields.items()}}


def test_a_form_that_was_not_touched_gives_the_same_specification_back() -> None:
    assert draft_of(SPEC, LABELS, changed()).spec == SPEC


rates = st.none() | st.floats(0, 1).map(lambda rate: round(rate, 6))
names = st.text(min_size=1, max_size=20).filter(lambda text: text.strip() and " ".join(text.split()) == text)


@given(
    st.lists(st.builds(ClassRule, min_recall=rates, min_precision=rates, threshold=rates), min_size=3, max_size=3),
    st.none() | st.builds(DeploymentTarget, device=names, p95_ms=st.none() | st.floats(0.001, 1e6)),
    st.builds(Monitoring, required=st.booleans(), in_place=st.none() | names),
)
def test_whatever_stands_in_the_form_comes_back(rules, target, monitoring) -> None:
    parts = {"deployment_target": target, "monitoring": monitoring}
    spec = SPEC.model_copy(update={"classes": dict(zip(LABELS, rules, strict=True)), "assumptions": {}, **parts})
    draft = draft_of(spec, LABELS, fields_of(spec, LABELS))
    assert draft.wrong == {}
    assert draft.spec == spec


def test_a_changed_or_confirmed_line_is_assumed_no_more() -> None:
    kept = draft_of(SPEC, LABELS, changed()).spec
    assert kept is not None
    assert set(kept.assumptions) == {"classes.person", "conditions.lighting"}
    moved = draft_of(SPEC, LABELS, changed(classes__0__min_recall="90")).spec
    assert moved is not None
    assert set(moved.assumptions) == {"conditions.lighting"}
    confirmed = draft_of(SPEC, LABELS, {**changed(), "confirm.conditions.0": "on"}).spec
    assert confirmed is not None
    assert set(confirmed.assumptions) == {"classes.person"}


def test_what_the_form_does_not_show_stays() -> None:
    spec = draft_of(SPEC, LABELS, changed(classes__0__min_recall="90 %", approved_by="")).spec
    assert spec is not None
    assert spec.approved_by is None
    assert spec.classes["person"] == ClassRule(min_recall=0.9, includes=("riders",))
    assert (spec.requirements, spec.seasons) == (SPEC.requirements, SPEC.seasons)
    assert read_spec(write_spec(spec)) == spec


def test_a_wrong_field_is_named() -> None:
    wrong = {
        "classes.0.min_recall": "nine",
        "classes.1.min_precision": "140",
        "classes.2.threshold": "2",
        "deployment_target.p95_ms": "-4",
        "deployment_target.cameras": "1.5",
    }
    for field, value in wrong.items():
        draft = draft_of(SPEC, LABELS, {**changed(), field: value})
        assert draft.spec is None
        assert set(draft.wrong) == {field}, field


def test_shares_that_do_not_add_up_a_target_without_a_device_and_no_critical_class_are_said() -> None:
    draft = draft_of(SPEC, LABELS, {**changed(), "conditions.0.levels.0.share": "10"})
    assert "together must be 1" in draft.wrong["conditions.0"]
    draft = draft_of(SPEC, LABELS, {**changed(), "deployment_target.device": ""})
    assert draft.wrong == {"deployment_target.device": "Name the device that this is about."}
    draft = draft_of(SPEC, LABELS, {**changed(), **{f"classes.{n}.critical": "" for n in range(3)}})
    assert "no class is critical" in draft.wrong["classes"].lower()


def test_a_fixed_score_takes_the_place_of_what_a_score_was_to_keep() -> None:
    spec = draft_of(SPEC, LABELS, changed(classes__2__threshold="0.25")).spec
    assert spec is not None
    assert spec.classes["pallet"].threshold == 0.25


def test_conditions_are_added_changed_and_taken_away() -> None:
    more = {"conditions.new.name": "weather", "conditions.new.levels": "dry, wet", "conditions.1.drop": "on"}
    level = {"conditions.0.levels.0.share": "", "conditions.0.levels.1.share": "", "conditions.0.levels.2.name": "dusk"}
    spec = draft_of(SPEC, LABELS, {**changed(), **more, **level}).spec
    assert spec is not None
    assert {name: dict(rule.levels) for name, rule in spec.conditions.items()} == {
        "lighting": {"day": None, "night": None, "dusk": None},
        "weather": {"dry": None, "wet": None},
    }
    half = draft_of(SPEC, LABELS, {**changed(), "conditions.new.levels": "dry"})
    assert set(half.wrong) == {"conditions.new.name"}


def test_a_specification_of_nothing_can_be_filled_in() -> None:
    spec = DeploymentSpec(requirements=(RequirementRule(metric="recall", at_least=0.5, label="person"),))  # type: ignore[arg-type]  # a word is read as its metric
    assert draft_of(spec, LABELS, fields_of(spec, LABELS)).spec == spec
    filled = draft_of(spec, LABELS, {**fields_of(spec, LABELS), "deployment_target.device": "dock"}).spec
    assert filled is not None
    assert filled.deployment_target == DeploymentTarget(device="dock")
