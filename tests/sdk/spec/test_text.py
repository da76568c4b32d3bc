import re
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.errors import SpecError
from vision_readiness.project.months import MONTHS
from vision_readiness.requirement import Metric
from vision_readiness.spec import (
    Agreement,
    CameraProfile,
    ClassRule,
    ConditionRule,
    DataPolicy,
    DeploymentSpec,
    DeploymentTarget,
    Fallback,
    ImageSet,
    Monitoring,
    OutputContract,
    RequirementRule,
    Rollout,
    Season,
    read_spec,
    read_waivers,
    write_spec,
)

NAMES = st.text(min_size=1, max_size=30).filter(lambda name: name.isprintable()) | st.sampled_from(
    ["yes", "null", "3", "1e5", "~", "# assumed: because no", "a: b", "{", "- x", "'", '"', "a\nb", "\u2028", "é" * 300]
)
RATES = st.none() | st.floats(0, 1)
LISTS = st.lists(NAMES, max_size=2).map(tuple)
RULES = st.builds(
    ClassRule,
    critical=st.booleans(),
    min_recall=RATES,
    min_precision=RATES,
    threshold=RATES,
    includes=LISTS,
    excludes=LISTS,
    min_visible_area=RATES,
    truncated=st.none() | NAMES,
)
COSTS = st.none() | st.floats(0.1, 1e4)
TARGETS = st.builds(DeploymentTarget, device=NAMES, p95_ms=COSTS, cameras=st.integers(1, 9), throughput=COSTS)
SETS = st.none() | st.builds(
    ImageSet,
    tags=LISTS,
    file_name_pattern=st.none() | NAMES.map(re.escape),
    folders=LISTS,
    verified_by=st.none() | NAMES,
)
SPECS = st.builds(
    DeploymentSpec,
    project=st.none() | NAMES,
    approved_by=st.none() | NAMES,
    classes=st.dictionaries(NAMES, RULES, max_size=4),
    conditions=st.dictionaries(
        NAMES, st.builds(ConditionRule, levels=st.dictionaries(NAMES, st.none(), min_size=1, max_size=3)), max_size=2
    ),
    requirements=st.lists(
        st.builds(RequirementRule, metric=st.just(Metric.RECALL), label=NAMES, at_least=st.floats(0, 1))
        | st.builds(
            RequirementRule,
            metric=st.just(Metric.PRECISION),
            label=NAMES,
            no_worse_than=st.sampled_from(["parent", "previous"]),
            margin=st.floats(0.001, 0.5),
        ),
        max_size=3,
    ).map(tuple),
    deployment_target=st.none() | TARGETS,
    seasons=st.dictionaries(
        NAMES,
        st.builds(
            Season,
            refresh_by=st.none() | st.dates(),
            months=st.lists(st.sampled_from(MONTHS), max_size=3).map(tuple),
            critical=st.booleans(),
        ),
        max_size=2,
    ),
    camera=st.none() | st.builds(CameraProfile, resolution=st.none() | st.just((1920, 1080)), lens=st.none() | NAMES),
    data=st.none() | st.builds(DataPolicy, sources=LISTS, consent=st.none() | NAMES),
    agreement=st.none() | st.builds(Agreement, measured=RATES, of_class=st.dictionaries(NAMES, st.floats(0, 1))),
    golden_set=SETS,
    challenge_set=SETS,
    output=st.none() | st.builds(OutputContract, thresholds=st.sampled_from([None, "fixed", "per_class"])),
    monitoring=st.builds(Monitoring, required=st.booleans(), in_place=st.none() | NAMES, signals=LISTS),
    fallback=st.none() | st.builds(Fallback, on_low_confidence=st.none() | NAMES),
    rollout=st.none() | st.builds(Rollout, rollback_triggers=LISTS),
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
        ("zzz: 1", "the keys here are agreement, approved_by, "),
        ("requirements: [{metric: recal, at_least: 1, class: a}]", "did you mean `recall`?"),
        ("requirements: [{metric: zzz, at_least: 1, class: a}]", "one of recall, precision"),
        ("requirements: [{metric: recall, at_least: 0.5}]", "an average over classes hides a weak one"),
        ("classes: {person: {min_recall: 95}}", "`classes.person.min_recall`"),
        ("classes: {person: {include: a}}", "did you mean `includes`?"),
        ("camera: {resolutions: 3}", "unknown key `camera.resolutions`; did you mean `resolution`?"),
        ("camera: {resolution: wide}", "`camera.resolution`"),
        ("output: {box: xyxy}", "did you mean `boxes`?"),
        ("output: {boxes: xyhw}", "`output.boxes`"),
        ("golden_set: {tag: a}", "did you mean `tags`?"),
        ("golden_set: {file_name_pattern: '('}", "it is not a regular expression"),
        ("agreement: {measured: 93}", "`agreement.measured`"),
        ("seasons: {winter: {months: [13]}}", "`seasons.winter.months.0`"),
        ("seasons: {winter: soon}", "`seasons.winter.refresh_by`"),
        ("rollout: {stratgy: canary}", "did you mean `strategy`?"),
        ("deployment_target: {device: a, cost_per_1000_image: 3}", "did you mean `cost_per_1000_images`?"),
        ("requirements: [{metric: recall, at_least: 95, class: a}]", "a limit of recall is 0 to 1, not 95"),
        ("requirements: [{metric: recall, no_worse_then: parent, class: a}]", "did you mean `no_worse_than`?"),
        ("requirements: [{metric: recall, no_worse_than: parent, class: a}]", "margin belong together"),
        ("requirements: [{metric: recall, at_least: 0.5, margin: 0.1, class: a}]", "margin belong together"),
        (
            "requirements: [{metric: ap50, no_worse_than: parent, margin: 0.1, class: a}]",
            "compares recall or precision",
        ),
        ("requirements: [{metric: recall_change, at_least: 0, class: a}]", "with `no_worse_than: parent`"),
        ("conditions: {lighting: 3}", "conditions.lighting"),
    ],
)
def test_an_error_names_the_key_and_the_nearest_right_one(text, said):
    with pytest.raises(SpecError) as caught:
        read_spec(text, name="dock.yaml")
    assert said in str(caught.value)
    assert str(caught.value).startswith("dock.yaml: ")
    assert "\n" not in str(caught.value)


def bomb(line):
    """Eight levels, each nine times the one below: 43 million values in half a kilobyte."""
    levels = [line.format(n=n, below=", ".join([f"*a{n - 1}"] * 9)) for n in range(1, 9)]
    return "\n".join(["a0: &a0 {x: 1}", *levels, "classes: *a8"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (bomb("a{n}: &a{n} [{below}]"), "more than 100,000 values"),
        (bomb("a{n}: &a{n} {{<<: [{below}]}}"), "more than 100,000 values"),
        ("a: &a [*a]\nclasses: *a", "holds it"),
        ("deployment_target: {device: a, cameras: 0x" + "f" * 9000 + "}", "at most 30 digits"),
        ("deployment_target: {device: a, cameras: 1" + ":59" * 9000 + "}", "at most 30 digits"),
        ("[" * 5000, "recursion"),
        ("project: a\x18b", "special characters"),
        ("deployment_target: {device: a, p95_ms: .inf}", "finite"),
        ("requirements: [{metric: p95_ms, at_most: .nan}]", "finite"),
    ],
)
def test_what_would_take_the_memory_of_the_machine_is_an_error_at_once(text, said):
    with pytest.raises(SpecError) as caught:
        read_spec(text)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 500


def test_an_alias_is_written_once_and_counts_in_each_place():
    spec = read_spec("classes: {a: &rule {min_recall: 0.9}, b: *rule, c: {<<: *rule, critical: false}}")
    assert [rule.min_recall for rule in spec.classes.values()] == [0.9, 0.9, 0.9]


def files(**texts):
    return {f"{name}.yaml": text for name, text in texts.items()}.__getitem__


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
