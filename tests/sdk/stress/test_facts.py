from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.stress.lamps import Eye, lamps
from vision_readiness.stress.facts import check_stress
from vision_readiness.stress.run import stress
from vision_readiness.stress.shifts import SHIFTS
from vision_readiness.testing import silent


@pytest.fixture(scope="module")
def facts():
    dataset, images = lamps([120, 180, 240])
    return stress(Eye(), dataset, images, np.arange(3), shifts=SHIFTS[:3], severities=(1, 4), progress=silent)


def with_shift(facts, **columns):
    return replace(facts, shifts=(replace(facts.shifts[0], **columns), *facts.shifts[1:]))


def with_table(facts, name, **columns):
    return replace(facts, **{name: replace(getattr(facts, name), **columns)})


DAMAGE = {
    "points outside": lambda facts: replace(facts, image=np.array([0, 1, 3], np.int32)),
    "has shape": lambda facts: with_shift(facts, measured=facts.shifts[0].measured[:, :2]),
    "do not rise": lambda facts: with_shift(facts, severity=np.array([0.0, 4.0, 1.0])),
    "shift .* holds what is not a number": lambda facts: with_shift(facts, strength=np.array([0.0, np.nan, 1.0])),
    "stressed step": lambda facts: with_table(facts, "truths", step=facts.truths.step + 5),
    "stressed label": lambda facts: with_table(facts, "answers", label=facts.answers.label - 1),
    "out of order": lambda facts: with_table(facts, "truths", step=facts.truths.step[::-1]),
    "not stressed": lambda facts: with_table(facts, "truths", image=facts.truths.image + 1),
    "stressed rows holds what is not a number": lambda facts: with_table(
        facts, "answers", score=facts.answers.score * np.nan
    ),
    "column of stressed rows": lambda facts: with_table(facts, "answers", hit=facts.answers.hit[:1]),
}


def test_what_was_gathered_fits(facts):
    check_stress(facts, images=3, classes=1)


@pytest.mark.parametrize("said", DAMAGE)
def test_what_was_tampered_with_does_not(facts, said):
    with pytest.raises(ValueError, match=said):
        check_stress(DAMAGE[said](facts), images=3, classes=1)


def test_steps_of_shifts_follow_each_other(facts):
    assert facts.steps == 7
    assert [facts.steps_of(place).tolist() for place in range(3)] == [[0, 1, 2], [0, 3, 4], [0, 5, 6]]
