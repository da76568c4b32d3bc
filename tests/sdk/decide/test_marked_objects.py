import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.decide.cases import a_spec, decided, gathered
from vision_readiness.advisor import decide
from vision_readiness.evidence import Evidence
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.spec import RequirementRule
from vision_readiness.testing import StillClock
from vision_readiness.words.headlines import proof


def marked(evidence, share_of_found=0.1, mark="occluded"):
    """Evidence in which every missed forklift is marked, and some of the others are."""
    truths = evidence.model.matches.truths
    chosen = np.random.default_rng(0).random(len(truths)) < share_of_found
    chosen[(truths.label == 1) & ~truths.found] = True
    matches = replace(evidence.model.matches, truths=replace(truths, marks={mark: chosen}))
    return replace(evidence, model=replace(evidence.model, matches=matches))


def asking(metric=Metric.RECALL, at_least=0.9, level="occluded"):
    rule = RequirementRule(metric=metric, at_least=at_least, label="forklift", where={"marked": level})
    return a_spec(requirements=(rule,))


def result(decision):
    (found,) = (
        one for one in decision.requirements if one.requirement.where and one.requirement.where[0][0] == "marked"
    )
    return found


@pytest.fixture(scope="module")
def hidden():
    return marked(gathered(missed={"forklift": 60}))


def test_the_recall_of_marked_objects_is_judged_on_those_alone(hidden):
    found = result(decided(hidden, asking()))
    assert found.outcome is Outcome.FAIL
    assert (found.trials - found.hits, found.trials < 100) == (60, True)
    assert "`forklift`, marked occluded" in found.because


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        ({"metric": Metric.PRECISION}, "Which object a false alarm would be is not known"),
        ({"level": "truncated"}, "No object is marked as truncated."),
    ],
)
def test_what_cannot_be_known_of_marked_objects_is_not_proven(hidden, asked, because):
    found = result(decided(hidden, asking(**asked)))
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.because.startswith(because)


def test_the_first_screen_and_the_weak_slices_name_the_mark_that_misses_share(hidden):
    decision = decided(hidden)
    assert "60 of 60 misses: marked occluded." in proof(decision)
    weak = {one.where for one in decision.slices.found if one.label == "forklift"}
    assert (("marked", "occluded"),) in weak


def test_the_coverage_has_a_column_of_marks_with_recall_alone(hidden):
    report = decide(hidden, a_spec(), as_of=StillClock().now())
    (cell,) = (one for one in report.figures.coverage if (one.label, one.condition) == ("forklift", "marked"))
    assert (cell.level, cell.recall.n - cell.recall.hits, cell.precision.n) == ("occluded", 60, 0)


def test_marks_are_kept_with_the_evidence_and_without_any_nothing_changes(hidden):
    kept = Evidence.from_bytes(hidden.to_bytes())
    assert kept.digest == hidden.digest
    assert kept.model.matches.truths.marks["occluded"].sum() == hidden.model.matches.truths.marks["occluded"].sum()
    plain = gathered(missed={"forklift": 60})
    with zipfile.ZipFile(io.BytesIO(plain.to_bytes())) as archive:
        assert b'"marks"' not in archive.read("manifest.json")  # as in evidence kept before objects had any
    assert plain.digest != hidden.digest
