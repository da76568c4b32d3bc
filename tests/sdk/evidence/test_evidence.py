import io
import json
import zipfile
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sdk.decide.cases import CLASSES, a_spec, decided, gathered
from vision_readiness.errors import EvidenceError
from vision_readiness.evidence import Evidence
from vision_readiness.project import Condition, Split

FIRST = Path(__file__).parent / "first"
"""Evidence as the first release kept it, with its digests and what it decided."""

NAMES = st.text(st.characters(), min_size=1, max_size=30) | st.sampled_from(
    ["\ud800", "a\0b", "x" * 300, "../../etc/passwd", "a/b\\c", "manifest.json", "\n", "é"]
)


@pytest.fixture(scope="module")
def evidence():
    return gathered(test=30, valid=20, train=20, missed={"forklift": 3})


def renamed(evidence, names):
    """``evidence`` with other class names."""
    other = dict(zip(CLASSES, names, strict=True))

    def counts(split):
        changed = {
            kind: {other[label]: n for label, n in getattr(split, kind).items()}
            for kind in ("objects", "images_with", "sources_with")
        }
        return replace(split, **changed)

    facts = evidence.dataset
    splits = {name: counts(split) for name, split in facts.splits.items()}
    model = evidence.model
    return replace(
        evidence,
        dataset=replace(facts, classes=names, splits=splits),
        model=replace(model, card=replace(model.card, classes=names), matches=replace(model.matches, classes=names)),
    )


@given(st.lists(NAMES, min_size=2, max_size=2, unique=True), NAMES, NAMES)
@settings(max_examples=40)
def test_evidence_with_any_names_is_read_back_to_the_byte(evidence, names, condition, level):
    members = {level: np.arange(len(evidence.images)) % 2 == 0}
    named = replace(
        renamed(evidence, tuple(names)),
        images=replace(evidence.images, conditions={condition: Condition("tag", members)}),
        announcements=tuple(names),
    )
    again = Evidence.from_bytes(named.to_bytes())
    assert again.to_bytes() == named.to_bytes()
    assert again.digest == named.digest
    assert again.dataset.classes == tuple(names)
    assert list(again.images.conditions) == [condition]


def test_what_is_read_back_decides_the_same(evidence):
    again = Evidence.from_bytes(evidence.to_bytes())
    assert decided(again).requirements == decided(evidence).requirements
    assert decided(again).findings == decided(evidence).findings


def test_equal_evidence_gives_equal_bytes(evidence):
    assert gathered(test=30, valid=20, train=20, missed={"forklift": 3}).to_bytes() == evidence.to_bytes()


def test_the_digest_is_of_what_decides_and_not_of_where_and_how_long(evidence):
    moved = replace(evidence, source="elsewhere", seconds={"inspect": 3.0}, announcements=("a folder won",))
    assert moved.digest == evidence.digest
    for change in (
        {"leak_free": ~evidence.leak_free},
        {"augmentation": ("flip",)},
        {"latency": None},
        {"version": replace(evidence.version, number=4)},
    ):
        assert replace(evidence, **change).digest != evidence.digest


def test_only_leak_free_images_are_judged(evidence):
    leaky = replace(evidence, leak_free=np.zeros(len(evidence.images), bool))
    assert evidence.judged(Split.TEST).sum() == 30
    assert leaky.judged(Split.TEST).sum() == 0


def test_an_archive_has_a_manifest_and_a_column_a_file(evidence):
    with zipfile.ZipFile(io.BytesIO(evidence.to_bytes())) as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["format"] == "vision-readiness/evidence/2"
    assert names[0] == "manifest.json"
    assert all(name.endswith(".npy") for name in names[1:])


def test_what_holds_its_default_is_left_out(evidence):
    with zipfile.ZipFile(io.BytesIO(evidence.to_bytes())) as archive:
        kept = json.loads(archive.read("manifest.json"))["evidence"]
    assert not {"parent", "reported", "stress", "seconds", "announcements"} & set(kept)
    assert not {"on_train", "better_order", "failed"} & set(kept["model"])
    assert {"model", "latency", "source"} <= set(kept)


def test_an_optional_field_that_is_added_later_changes_no_digest(evidence):
    @dataclass(frozen=True, eq=False)
    class Later(Evidence):
        remarks: tuple[str, ...] = ()
        weight: float | None = None

    same = Later(**{field.name: getattr(evidence, field.name) for field in fields(evidence)})
    assert same.digest == evidence.digest
    assert same.to_bytes() == evidence.to_bytes()
    assert replace(same, remarks=("new",)).digest != evidence.digest


@pytest.mark.parametrize("name", ["measured", "reported"])
def test_evidence_of_the_first_release_keeps_its_digest_and_its_decision(name):
    expected = json.loads((FIRST / "expected.json").read_text())[name]
    first = Evidence.from_bytes((FIRST / f"{name}.zip").read_bytes())
    assert first.digest == expected["digest"]
    decision = decided(first)
    outcomes = {
        json.dumps([str(result.requirement.metric), result.requirement.label, dict(result.requirement.where)]): str(
            result.outcome
        )
        for result in decision.requirements
    }
    assert decision.state == expected["state"]
    assert outcomes == {json.dumps(key): outcome for *key, outcome in expected["outcomes"]}
    again = Evidence.from_bytes(first.to_bytes())
    assert again.digest == first.digest
    assert decided(again).requirements == decision.requirements
    moved = replace(first, source="elsewhere")
    assert Evidence.from_bytes(moved.to_bytes()).digest == moved.digest != first.digest


@given(st.data())
@settings(max_examples=150)
def test_damaged_evidence_is_an_evidence_error_or_nothing_lost(evidence, data):
    whole = evidence.to_bytes()
    start = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(0, 40))
    damaged = whole[:start] + data.draw(st.binary(max_size=40)) + whole[start + length :]
    try:
        read = Evidence.from_bytes(damaged)
    except EvidenceError:
        return
    assert read.digest == evidence.digest


@given(st.binary(max_size=200))
def test_other_bytes_are_no_evidence(data):
    with pytest.raises(EvidenceError):
        Evidence.from_bytes(data)


def broken_model(evidence, **columns):
    answers = replace(evidence.model.matches.answers, **columns)
    return replace(evidence, model=replace(evidence.model, matches=replace(evidence.model.matches, answers=answers)))


def test_columns_that_point_outside_of_their_tables_are_refused(evidence):
    answers = evidence.model.matches.answers
    for columns in (
        {"image": answers.image + np.int32(1000)},
        {"label": answers.label - np.int32(1)},
        {"label": answers.label[:-1]},
        {"score": np.full(len(answers), np.nan)},
        {"confused_with": answers.confused_with + np.int32(10**6)},
    ):
        with pytest.raises(EvidenceError, match="not a whole evidence file"):
            Evidence.from_bytes(broken_model(evidence, **columns).to_bytes())


def test_parts_that_do_not_fit_each_other_are_refused(evidence):
    facts, model = evidence.dataset, evidence.model
    for change in (
        {"group": evidence.group[:-1]},
        {"dataset": replace(facts, classes=("person",))},
        {"dataset": replace(facts, splits={Split.TEST: replace(facts.splits[Split.TEST], objects={})})},
        {"model": replace(model, average=replace(model.average, value=model.average.value[:1]))},
        {"latency": replace(evidence.latency, seconds=-evidence.latency.seconds)},
        {"images": replace(evidence.images, split=evidence.images.split + np.int8(3))},
    ):
        with pytest.raises(EvidenceError, match="not a whole evidence file"):
            Evidence.from_bytes(replace(evidence, **change).to_bytes())


def test_a_decision_needs_the_spec_and_the_evidence_only(evidence):
    strict = a_spec(
        classes={label: rule.model_copy(update={"min_recall": 0.99}) for label, rule in a_spec().classes.items()}
    )
    assert decided(evidence, strict).requirements != decided(evidence).requirements
