from dataclasses import replace

import pytest

from vision_readiness.inspect.facts import ConditionFacts
from vision_readiness.project import Split
from vision_readiness.reasons.examples import LABELS, dataset_facts, split_facts
from vision_readiness.requirement import Metric
from vision_readiness.spec import assume_spec, read_spec, write_spec


def with_classes(*classes, unlabelled=()):
    counts = {label: 0 if label in unlabelled else 5 for label in classes}
    split = split_facts(10, 5, objects=counts, images_with=counts, sources_with=counts)
    return dataset_facts(classes=classes, splits=dict.fromkeys(Split, split))


def test_every_line_says_why_it_was_assumed():
    spec = assume_spec(dataset_facts(), "acme/dock")
    keys = {f"classes.{label}" for label in LABELS} | {"deployment_target"}
    assert set(spec.assumptions) == keys
    assert all(spec.assumptions.values())
    assert spec.approved_by is None


@pytest.mark.parametrize(
    ("label", "recall", "why"),
    [
        ("person", 0.9, "injury"),
        ("Person-lying", 0.9, "injury"),
        ("fire", 0.9, "danger"),
        ("dented_box", 0.9, "scrap"),
        ("personal item", 0.8, "every class is critical"),
        ("pallet", 0.8, "every class is critical"),
    ],
)
def test_a_name_says_what_a_miss_would_cost(label, recall, why):
    spec = assume_spec(with_classes(label), "dock")
    assert spec.classes[label].critical
    assert spec.classes[label].min_recall == recall
    assert why in spec.assumptions[f"classes.{label}"]


def test_a_class_nobody_labelled_is_not_critical():
    spec = assume_spec(with_classes("person", "ghost", unlabelled=("ghost",)), "dock")
    assert not spec.classes["ghost"].critical
    assert spec.assumptions["classes.ghost"] == "nobody labelled this class"


def test_conditions_are_assumed_where_somebody_said_them_and_not_where_they_were_measured():
    images = {Split.TEST: {"night": 3, "day": 4}, Split.TRAIN: {"day": 9}}
    conditions = {
        "lighting": ConditionFacts("file name", images),
        "brightness": ConditionFacts("measured", images),
        "tag": ConditionFacts("tag", images),
        "month": ConditionFacts("declared", images),
    }
    spec = assume_spec(replace(dataset_facts(), conditions=conditions), "dock")
    assert {name: dict(rule.levels) for name, rule in spec.conditions.items()} == {
        "lighting": {"day": None, "night": None}
    }
    assert "conditions.lighting" in spec.assumptions


def test_a_budget_is_assumed():
    metrics = {one.metric for one in assume_spec(dataset_facts(), "dock").requirements_for(LABELS)}
    assert Metric.P95_MS in metrics


def test_what_is_assumed_is_read_back_from_what_is_written():
    spec = assume_spec(with_classes("person", "a # assumed: b", "two\nlines", "nul\0", "x" * 700), "acme/dock")
    again = read_spec(write_spec(spec))
    assert again.classes == spec.classes
    assert set(again.assumptions) == set(spec.assumptions)
    assert again.requirements_for(()) == spec.requirements_for(())


def test_images_tagged_as_golden_are_taken_as_the_golden_set_and_not_as_a_condition():
    conditions = {"set": ConditionFacts("tag", {Split.TEST: {"golden": 30, "b": 3}})}
    spec = assume_spec(replace(dataset_facts(), conditions=conditions), "dock")
    assert spec.conditions == {}
    assert spec.golden_set.tags == ("set:golden",)
    assert "golden_set" in spec.assumptions
    assert assume_spec(dataset_facts(), "dock").golden_set is None
