import pytest

from tests.sdk.render.reports import blocked
from vision_readiness.publish import Published, StepResult, StepState, write_back
from vision_readiness.publish.interface import PublishError


@pytest.fixture(scope="module")
def step():
    (made,) = write_back(blocked(), parts=["tags"]).steps
    return made


@pytest.mark.parametrize(
    ("done", "there", "state"),
    [(0, 0, StepState.FAILED), (1, 0, StepState.PARTLY), (None, 0, StepState.DONE), (0, None, StepState.ALREADY_THERE)],
)
def test_what_became_of_a_step_follows_from_its_counts(step, done, there, state):
    result = StepResult(step, *(step.count if number is None else number for number in (done, there)))
    assert result.state is state
    assert result.is_whole is (state in (StepState.DONE, StepState.ALREADY_THERE))


def test_what_is_left_is_raised_with_its_reasons_and_what_is_whole_is_given_back(step):
    whole = Published("r", (StepResult(step, there=step.count),))
    assert whole.raise_if_incomplete() is whole
    assert whole.complete
    assert not whole.changed
    left = Published("r", (*whole.steps, StepResult(step, done=1, because=("The line is down.",))))
    assert left.changed
    with pytest.raises(
        PublishError, match=r"1 step of 2 could not be written whole: The line is down\. .*run it again"
    ):
        left.raise_if_incomplete()


def test_the_plain_form_has_every_count(step):
    row = Published("r", (StepResult(step, done=step.count),)).to_dict()["steps"][0]
    assert (row["part"], row["state"], row["done"], row["count"]) == ("tags", "done", step.count, step.count)
