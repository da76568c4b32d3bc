import pytest

from tests.sdk.decide.cases import gathered
from vision_readiness.decide.outcome import Price, Seen, Verdict, judged
from vision_readiness.guide.fix import FixKind
from vision_readiness.reasons import outcomes
from vision_readiness.requirement import Cause, Metric, Requirement
from vision_readiness.words.fixes import TITLES
from vision_readiness.words.requirements import _UNPROVEN, result_sentence

OPEN = Verdict(passes=False, fails=False, probability=0.5)
NIGHT = (("lighting", "night"),)


def sentence(metric=Metric.RECALL, more=None, groups=30, needed=None, where=()):
    requirement = Requirement(metric=metric, limit=0.1, label="person", where=where)
    unit = "objects" if metric is Metric.RECALL else "answers"
    seen = Seen(value=1.0, lower=0.82, upper=1.0, hits=20, trials=20, groups=groups, unit=unit)
    numbers = {} if needed is None else {"groups_needed": needed}
    price = Price(more, more)
    result = judged(
        requirement, seen, OPEN, alpha=0.05, failure=outcomes.WEAK_CLASS, price=lambda: price, numbers=numbers
    )
    return result_sentence(result, gathered())


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (11, "Found 20 of 20 `person` (82–100 %); needs 10 %. Only 11 source images show `person`; 20 are needed."),
        (1, "Found 20 of 20 `person` (82–100 %); needs 10 %. Only 1 source image shows `person`; 20 are needed."),
    ],
)
def test_where_source_images_are_what_lacks_they_are_what_is_asked_for(groups, said):
    assert sentence(more=9, groups=groups, needed=20) == said


def test_source_images_are_counted_in_the_situation_and_for_answers_too():
    few = sentence(Metric.PRECISION, more=9, groups=9, needed=20, where=NIGHT)
    assert few.endswith("Only 9 source images have answers of `person`, lighting night; 20 are needed.")
    one = sentence(Metric.PRECISION, more=9, groups=1, needed=20)
    assert one.endswith("Only 1 source image has an answer of `person`; 20 are needed.")


@pytest.mark.parametrize(
    ("more", "tail"),
    [
        (1, "About 1 more object is needed."),
        (1200, "About 1,200 more objects are needed."),
        (None, "At this rate no number of images within reach would prove it."),
    ],
)
def test_what_is_needed_is_said_in_the_right_number(more, tail):
    assert sentence(more=more).endswith(tail)


def test_every_cause_and_every_kind_of_fix_has_its_words():
    assert set(_UNPROVEN) == set(Cause) - {Cause.MEASURED, Cause.NO_MODEL, Cause.ONLY_REPORTED}
    assert set(TITLES) == set(FixKind)
