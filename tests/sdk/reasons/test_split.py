"""How severe a leak is, and which likeness counts, at the checks themselves."""

from dataclasses import replace

import pytest

from vision_readiness.inspect.facts import Leak, Lookalikes
from vision_readiness.policy import Policy
from vision_readiness.project import Split
from vision_readiness.reasons import CHECKS
from vision_readiness.reasons.examples import dataset_facts, split_facts
from vision_readiness.reasons.reason import Severity

TRAIN, VALID, TEST = Split.TRAIN, Split.VALID, Split.TEST


def found(code, policy=None, **facts):
    (check,) = (one for one in CHECKS if one.reason.code == code)
    return list(check.run(replace(check.clean(), **facts), policy or Policy()))


def leak(split, other, images=1, of=200):
    return Leak(split=split, other=other, images=images, of=of, examples=(f"{split}/a.jpg",) * min(images, 1))


def alike(split, other, images, of=200):
    return Lookalikes(split, other, images, of, ((f"{split}/b.jpg", f"{other}/a.jpg"),))


@pytest.mark.parametrize(
    ("split", "other", "severity"),
    [(TEST, TRAIN, Severity.P0), (TEST, VALID, Severity.P0), (VALID, TRAIN, Severity.P1)],
)
@pytest.mark.parametrize("images", [1, 2, 200])
def test_a_leak_into_test_blocks_and_one_into_valid_warns_however_small(split, other, severity, images):
    (one,) = found("SPLIT302", leaks=(leak(split, other, images),))
    assert (one.severity, one.subject) == (severity, f"{split} and {other}")
    assert (one.measured, one.limit, one.of, one.examples) == (images, 0, 200, (f"{split}/a.jpg",))
    assert one.key == f"SPLIT302:{split} and {other}"


def test_every_leak_is_a_finding_of_its_own():
    leaks = (leak(VALID, TRAIN), leak(TEST, TRAIN), leak(TEST, VALID))
    assert [one.severity for one in found("SPLIT302", leaks=leaks)] == [Severity.P1, Severity.P0, Severity.P0]


def test_a_pair_of_splits_without_a_leaked_image_is_no_finding():
    assert found("SPLIT302", leaks=(leak(TEST, TRAIN, images=0),)) == []


@pytest.mark.parametrize(("images", "told"), [(0, 0), (10, 0), (11, 1), (200, 1)])
def test_likeness_warns_above_its_share_and_never_blocks(images, told):
    ones = found("SPLIT303", lookalikes=(alike(TEST, TRAIN, images),))
    assert [one.severity for one in ones] == [Severity.P1] * told
    assert all((one.subject, one.measured, one.limit, one.of) == ("test", images, 10, 200) for one in ones)


@pytest.mark.parametrize(("images", "form"), [(133, ""), (134, "fixed scene")])
def test_more_than_a_third_that_look_alike_are_one_fixed_scene(images, form):
    (one,) = found("SPLIT303", lookalikes=(alike(TEST, TRAIN, images),))  # of 400 evaluation images
    assert (one.form, one.examples) == (form, ("test/b.jpg ~ train/a.jpg",))


def test_the_share_of_likeness_is_the_policys():
    few = (alike(TEST, TRAIN, 2),)
    assert found("SPLIT303", lookalikes=few) == []
    assert len(found("SPLIT303", Policy(max_lookalike_share=0.009), lookalikes=few)) == 1


def test_only_likeness_to_training_images_counts():
    assert found("SPLIT303", lookalikes=(alike(TEST, VALID, 200),)) == []
    both = (alike(VALID, TRAIN, 50), alike(TEST, TRAIN, 50))
    assert [one.subject for one in found("SPLIT303", lookalikes=both)] == ["valid", "test"]


def splits(code, policy=None, **changed):
    """What a check says of sound splits but for these; a split given as ``None`` is not there."""
    sound = dataset_facts().splits
    facts = {split: changed.get(str(split), sound[split]) for split in sound}
    return found(code, policy, splits={split: one for split, one in facts.items() if one is not None})


@pytest.mark.parametrize(("test", "told"), [(None, 1), (0, 1), (1, 0), (200, 0)])
def test_without_a_test_image_there_is_no_test_split(test, told):
    ones = splits("SPLIT301", test=test if test is None else split_facts(test, test))
    assert [(one.subject, one.measured, one.limit) for one in ones] == [("test", 0, 1)] * told


@pytest.mark.parametrize(("valid", "told"), [(None, 1), (0, 1), (29, 1), (30, 0)])
def test_thresholds_take_thirty_validation_images(valid, told):
    ones = splits("SPLIT304", valid=valid if valid is None else split_facts(valid, valid))
    assert [(one.subject, one.measured, one.limit) for one in ones] == [("valid", valid or 0, 30)] * told


@pytest.mark.parametrize(("sources", "told"), [(None, 0), (0, 0), (1, 1), (49, 1), (50, 0)])
def test_a_test_split_is_small_by_its_source_images(sources, told):
    test = None if sources is None else replace(split_facts(400, 400), sources=sources)
    ones = splits("SPLIT305", test=test)
    assert [(one.subject, one.measured, one.limit) for one in ones] == [("test", sources, 50)] * told


def counted(images, **objects):
    return replace(split_facts(images, images), objects=objects)


@pytest.mark.parametrize(
    ("train", "test", "subjects"),
    [
        (counted(9, helmet=1, person=2), counted(9, helmet=3, person=4), []),
        (counted(9, helmet=1, person=2), counted(9, helmet=0, person=4), [("helmet", 0, 1)]),
        (counted(9, helmet=0, person=2), counted(9, helmet=1, person=0), [("helmet", 0, 1), ("person", 0, 1)]),
        (counted(9, helmet=0, person=0), counted(9, helmet=0, person=0), []),
        (counted(0, helmet=0, person=0), counted(9, helmet=1, person=1), []),
        (counted(9, helmet=1, person=1), counted(0, helmet=0, person=0), []),
        (None, counted(9, helmet=1, person=1), []),
        (counted(9, helmet=1, person=1), None, []),
    ],
)
def test_a_class_is_missing_where_the_other_split_has_it(train, test, subjects):
    ones = splits("SPLIT306", train=train, test=test)
    assert [(one.subject, one.measured, one.limit) for one in ones] == subjects


@pytest.mark.parametrize(("sources", "told"), [(199, 1), (200, 0)])
@pytest.mark.parametrize("split", ["train", "valid", "test"])
def test_copies_are_told_of_evaluation_splits(split, sources, told):
    ones = splits("SPLIT307", **{split: replace(split_facts(200, 200), sources=sources)})
    expected = [] if split == "train" else [(split, 200, sources, Severity.P2)] * told
    assert [(one.subject, one.measured, one.limit, one.severity) for one in ones] == expected


@pytest.mark.parametrize("code", ["SPLIT302", "SPLIT303"])
def test_a_leak_cannot_be_waived_and_every_other_fault_of_the_splits_can(code):
    waivable = {one.reason.code: one.reason.waivable for one in CHECKS if one.reason.code.startswith("SPLIT3")}
    assert not waivable.pop(code)
    assert sum(waivable.values()) == len(waivable) - 1


def test_the_examples_lack_the_split_that_they_are_about():
    tripping = {one.reason.code: one.trips() for one in CHECKS if one.reason.code in ("SPLIT301", "SPLIT304")}
    assert {code: set(facts.splits) for code, facts in tripping.items()} == {
        "SPLIT301": {TRAIN, VALID},
        "SPLIT304": {TRAIN, TEST},
    }
