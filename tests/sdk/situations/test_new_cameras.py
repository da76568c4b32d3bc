from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, codes, decided, gathered
from vision_readiness.advisor import decide
from vision_readiness.project import Condition, Split
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.situations.new_cameras import camera_counts, with_new_cameras
from vision_readiness.spec import ConditionRule, RequirementRule

UNSEEN = (("camera", "unseen"),)


def with_cameras(evidence, test, *, train=("dock-1",), unknown_train=0):
    """Evidence whose train images come from ``train`` in turn and whose test images from ``test`` in turn."""
    images = evidence.images
    name = np.full(len(images), "", dtype=object)
    for split, cameras in ((Split.TRAIN, train), (Split.TEST, test)):
        rows = np.flatnonzero(images.of(split))
        name[rows] = [cameras[n % len(cameras)] for n in range(len(rows))]
    name[np.flatnonzero(images.of(Split.TRAIN))[:unknown_train]] = ""
    members = {camera: name == camera for camera in sorted({*name} - {""})}
    conditions = {**images.conditions, "camera": Condition("tag", members)}
    return replace(evidence, images=replace(images, conditions=conditions))


def on_new_cameras(at_least=0.8, metric=Metric.RECALL, **changes):
    rule = RequirementRule(metric=metric, at_least=at_least, label="person", where={"camera": "unseen"})
    return a_spec(requirements=(rule,), **changes)


def result(decision):
    (found,) = (one for one in decision.requirements if one.requirement.where == UNSEEN)
    return found


FIVE = tuple(f"gate-{n}" for n in range(5))


def test_a_model_that_does_well_on_new_cameras_passes_there():
    decision = decided(with_cameras(gathered(missed={"person": 4}), FIVE), on_new_cameras())
    found = result(decision)
    assert (found.outcome, found.trials, found.groups) == (Outcome.PASS, 200, 200)
    assert found.because.startswith("On 5 new cameras: Found 196 of 200 `person`, camera unseen (")
    assert decision.state is ReadinessState.READY


def test_one_new_camera_says_nothing_of_the_next():
    decision = decided(with_cameras(gathered(), ("gate-1",)), on_new_cameras(0.5))
    found = result(decision)
    assert (found.outcome, found.groups, found.lower < 0.1) == (Outcome.INCONCLUSIVE, 1, True)
    assert found.because.endswith("About 200 more objects, from other new cameras, are needed.")
    assert decision.blocked_by is BlockedBy.EVIDENCE


def test_fewer_cameras_prove_less_of_the_same_images():
    lower = [
        result(decided(with_cameras(gathered(), FIVE[:cameras]), on_new_cameras())).lower for cameras in (1, 2, 3, 5)
    ]
    assert lower == sorted(lower)
    assert result(decided(with_cameras(gathered(), FIVE[:2]), on_new_cameras())).outcome is Outcome.INCONCLUSIVE


def test_one_bad_camera_among_good_ones_is_not_averaged_away():
    evidence = gathered(missed={"person": 20}, train=300)
    spread = result(decided(with_cameras(evidence, FIVE), on_new_cameras()))
    together = np.r_[np.zeros(40, int), np.arange(160) % 4 + 1]
    clustered = with_cameras(evidence, tuple(FIVE[n] for n in together))
    one_bad = result(decided(clustered, on_new_cameras()))
    assert spread.measured == one_bad.measured == 0.9
    assert one_bad.lower < spread.lower - 0.2


def test_precision_is_judged_by_camera_too():
    evidence = gathered(false_alarms={"person": 4})
    found = result(decided(with_cameras(evidence, FIVE), on_new_cameras(metric=Metric.PRECISION)))
    assert (found.outcome, found.unit) == (Outcome.PASS, "answers")


@pytest.mark.parametrize(
    ("cameras", "because"),
    [
        ({"test": ("dock-1",)}, "The only camera of the test images took training images too"),
        ({"test": ("dock-1", "dock-2"), "train": ("dock-1", "dock-2")}, "Each of the 2 cameras of the test images"),
        ({"test": FIVE, "unknown_train": 7}, "It is not known which camera took 7 of 620 training images"),
        ({"test": ("",)}, "It is not known which camera took any of the test images"),
    ],
)
def test_without_a_camera_that_is_surely_new_nothing_is_proven(cameras, because):
    decision = decided(with_cameras(gathered(), **cameras), on_new_cameras())
    found = result(decision)
    assert (found.outcome, found.code) == (Outcome.INCONCLUSIVE, "DATA109")
    assert found.because.startswith(because)
    assert decision.blocked_by is BlockedBy.EVIDENCE


def test_without_cameras_or_training_images_there_is_no_new_camera():
    evidence = gathered()
    assert with_new_cameras(evidence, a_spec()) is evidence
    assert camera_counts(evidence).tested == 0
    split = np.maximum(evidence.images.split, 1)
    known = with_cameras(evidence, FIVE)
    no_train = replace(known, images=replace(known.images, split=split.astype(np.int8)))
    assert "unseen" not in with_new_cameras(no_train, a_spec()).images.conditions["camera"].members
    found = result(decided(no_train, on_new_cameras()))
    assert found.because == "There is no training image here, so no camera of the test images is surely new."


def test_that_no_camera_is_new_informs_unless_it_was_asked_for():
    seen = with_cameras(gathered(), ("dock-1",))
    assert "SPEC721" in codes(decided(seen))
    assert "SPEC721" not in codes(decided(seen, on_new_cameras()))
    assert "SPEC721" not in codes(decided(with_cameras(gathered(), (*FIVE, "dock-1"))))
    assert "SPEC721" not in codes(decided(gathered()))


def test_the_cameras_that_somebody_named_are_all_that_it_is_for():
    seen, named = with_cameras(gathered(), ("dock-1",)), {"camera": ConditionRule(levels={"dock-1": None})}
    assert "SPEC721" not in codes(decided(seen, a_spec(conditions=named)))
    assumed = a_spec(conditions=named, assumptions={"conditions.camera": "the images say so"})
    assert "SPEC721" in codes(decided(seen, assumed))


def test_kept_evidence_stays_as_it_is_and_the_heat_map_agrees_with_the_decision():
    evidence = with_cameras(gathered(), FIVE[:2])
    digest = evidence.digest
    report = decide(evidence, on_new_cameras(), as_of=datetime(2026, 11, 20, tzinfo=UTC))
    cell = next(one for one in report.figures.coverage if (one.label, one.level) == ("person", "unseen"))
    assert cell.recall.lower == next(one for one in report.requirements if one.requirement.where == UNSEEN).lower
    assert evidence.digest == digest


def test_false_alarms_on_new_cameras_are_counted_by_camera():
    rule = RequirementRule(metric=Metric.FALSE_ALARMS, at_most=50, where={"camera": "unseen"}, critical=False)
    found = result(decided(with_cameras(gathered(), FIVE), a_spec(requirements=(rule,))))
    assert found.outcome is Outcome.INCONCLUSIVE
