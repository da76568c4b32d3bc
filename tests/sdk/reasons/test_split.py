"""How severe a leak is, and which likeness counts, at the checks themselves."""

from dataclasses import replace

import pytest

from vision_readiness.inspect.facts import Leak, Lookalikes
from vision_readiness.policy import Policy
from vision_readiness.project import Split
from vision_readiness.reasons import CHECKS
from vision_readiness.reasons.reason import Severity

TRAIN, VALID, TEST = Split.TRAIN, Split.VALID, Split.TEST


def found(code, policy=None, **facts):
    (check,) = (one for one in CHECKS if one.reason.code == code)
    return list(check.run(replace(check.clean(), **facts), policy or Policy()))


def leak(split, other, images=1, of=200):
    return Leak(split, other, images, of, (f"{split}/a.jpg",) * min(images, 1))


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


def test_the_share_of_likeness_is_the_policys():
    few = (alike(TEST, TRAIN, 2),)
    assert found("SPLIT303", lookalikes=few) == []
    assert len(found("SPLIT303", Policy(max_lookalike_share=0.009), lookalikes=few)) == 1


def test_only_likeness_to_training_images_counts():
    assert found("SPLIT303", lookalikes=(alike(TEST, VALID, 200),)) == []
    both = (alike(VALID, TRAIN, 50), alike(TEST, TRAIN, 50))
    assert [one.subject for one in found("SPLIT303", lookalikes=both)] == ["valid", "test"]
