import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, codes, decided, gathered
from vision_readiness.project import Condition, ImageTable
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.situations.image_sets import members_of, with_sets
from vision_readiness.spec import DeploymentSpec, ImageSet, RequirementRule

KEYS = ("test/hard/a-1.jpg", "test/b-2.jpg", "valid/hard/c-3.jpg", "test/hard-4.jpg")


def images(**conditions):
    column = np.zeros(4, np.int32)
    return ImageTable(KEYS, column.astype(np.int8), column, column, column, conditions)


def tagged(name, level, *rows):
    return {name: Condition("tag", {level: np.isin(np.arange(4), rows)})}


def rows(chosen, level="golden", **conditions):
    return np.flatnonzero(members_of(chosen, level, images(**conditions))).tolist()


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ({}, []),
        ({"folders": "hard"}, [0, 2]),
        ({"folders": ["test"]}, [0, 1, 3]),
        ({"file_name_pattern": r"^hard|^b"}, [1, 3]),
        ({"file_name_pattern": r"test"}, []),
        ({"file_name_pattern": r"^b", "folders": ["valid"]}, [1, 2]),
    ],
)
def test_folders_and_patterns_mark_images(marks, found):
    assert rows(ImageSet.model_validate(marks)) == found


def test_tags_mark_images_with_and_without_a_name():
    assert rows(ImageSet(tags=("verified",)), **tagged("tag", "verified", 1, 2)) == [1, 2]
    assert rows(ImageSet(tags=("review: done",)), **tagged("review", "done", 3)) == [3]
    assert rows(ImageSet(tags=("nobody", "no:body"))) == []


def test_an_image_tagged_as_golden_always_is():
    known = tagged("set", "golden", 0)
    assert rows(ImageSet(folders=("valid",)), **known) == [0, 2]
    assert rows(ImageSet(folders=("valid",)), "challenge", **known) == [2]


def test_without_any_set_the_evidence_is_as_it_was():
    evidence = gathered()
    assert with_sets(evidence, DeploymentSpec()) is evidence


def test_a_set_keeps_the_other_levels_of_its_condition_and_the_evidence_its_digest():
    evidence = gathered()
    digest = evidence.digest
    known = with_sets(evidence, a_spec())
    assert set(known.images.conditions["set"].members) == {"golden", "challenge"}
    assert "set" not in evidence.images.conditions
    assert evidence.digest == digest


def on_golden(**changes):
    rule = RequirementRule(metric=Metric.RECALL, at_least=0.9, label="person", where={"set": "golden"})
    return a_spec(requirements=(rule,), **changes)


def outcome(decision):
    return next(one for one in decision.requirements if one.requirement.where == (("set", "golden"),))


def test_a_requirement_on_the_golden_set_is_judged_there():
    night = on_golden(golden_set=ImageSet(tags=("lighting:night",), verified_by="Neha"))
    weak_at_night = gathered(missed={"person": 60}, missed_at="night", train=300)
    weak_by_day = gathered(missed={"person": 60}, missed_at="day", train=300)
    assert outcome(decided(weak_at_night, night)).outcome is Outcome.FAIL
    assert outcome(decided(weak_by_day, night)).outcome is Outcome.PASS
    assert outcome(decided(weak_by_day, night)).trials == 100


def test_a_set_without_a_test_image_warns_and_proves_nothing():
    decision = decided(gathered(), on_golden(golden_set=ImageSet(file_name_pattern="^b", verified_by="Neha")))
    assert outcome(decision).code == "DATA109"
    (found,) = (one for one in decision.findings if one.code == "SPEC719")
    assert found.sentence == "The golden set has no leak-free test image; 60 are in other splits."


def test_leaked_images_of_a_set_do_not_count():
    rule = on_golden(golden_set=ImageSet(file_name_pattern=r"^a", verified_by="Neha"))
    assert "SPEC719" in codes(decided(gathered(leaked=40), rule))
