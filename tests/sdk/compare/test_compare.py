from dataclasses import replace

import pytest

from tests.sdk.decide.cases import CLASSES, a_spec, gathered
from tests.sdk.situations.test_new_cameras import with_cameras
from tests.sdk.situations.test_seasons import taken_in
from vision_readiness.compare import compare
from vision_readiness.compare.comparison import comparison_of
from vision_readiness.compare.markdown import comparison_markdown
from vision_readiness.errors import InputError
from vision_readiness.readiness import Action
from vision_readiness.spec import Season
from vision_readiness.testing import StillClock

LOST = {"forklift": 60}
NOW = StillClock().now()


@pytest.fixture(scope="module")
def good():
    return gathered()


@pytest.fixture(scope="module")
def worse():
    return gathered(missed={"forklift": 60})


def verdicts(changes, **wanted):
    return {one.verdict for one in changes if all(getattr(one, name) == value for name, value in wanted.items())}


def test_a_model_against_itself_has_not_changed(good):
    changes = compare(good, good, a_spec())
    assert {one.change for one in changes} == {0.0}
    assert verdicts(changes, situation=None) == {"no worse"}
    assert verdicts(changes, situation="lighting night") == {"not proven"}  # 100 equal images do not rule out a fall
    assert {one.label for one in changes} == set(CLASSES)


def test_a_planted_fall_is_found_in_its_class_and_leads(good, worse):
    changes = compare(worse, good, a_spec())
    assert verdicts(changes, label="forklift", metric="recall", situation=None) == {"worse"}
    assert verdicts(changes, label="person", situation=None) == {"no worse"}
    assert verdicts(changes, label="person") == {"no worse", "not proven"}
    assert changes[0].verdict == "worse"
    fall = next(one for one in changes if one.metric == "recall" and one.label == "forklift" and not one.situation)
    assert (fall.now, fall.before, fall.change) == (0.7, 1.0, pytest.approx(-0.3))
    assert fall.lower < -0.3 < fall.upper < 0


def test_the_other_way_round_the_same_is_better(good, worse):
    forth, back = compare(worse, good, a_spec()), compare(good, worse, a_spec())
    assert verdicts(back, label="forklift", metric="recall", situation=None) == {"better"}
    by_name = {(one.label, one.metric, one.situation): one for one in back}
    for one in forth:
        mirrored = by_name[one.label, one.metric, one.situation]
        assert one.change == pytest.approx(-mirrored.change)


def test_a_fall_in_one_situation_is_found_there_and_not_in_the_other(good):
    dark = gathered(missed={"forklift": 30}, missed_at="night")
    changes = compare(dark, good, a_spec())
    assert verdicts(changes, label="forklift", metric="recall", situation="lighting night") == {"worse"}
    assert verdicts(changes, label="forklift", metric="recall", situation="lighting day") == {"not proven"}


def test_situations_that_the_spec_and_the_splits_make_are_compared_too(good):
    dated, as_before = (
        taken_in(with_cameras(one, ("dock-9", "dock-1")), "January", "July") for one in (gathered(missed=LOST), good)
    )
    seasons = {"winter": Season(months=("January",)), "summer": Season(months=("July",))}
    changes = compare(dated, as_before, a_spec(seasons=seasons))
    compared = {one.situation for one in changes}
    assert {"season winter", "season summer", "camera unseen", "set golden", "set challenge"} <= compared
    assert verdicts(changes, label="forklift", metric="recall", situation="camera unseen") == {"worse"}


def test_sizes_of_objects_are_compared_where_there_are_any(good, worse):
    changes = compare(worse, good, a_spec())
    assert {one.situation for one in changes if (one.situation or "").startswith("size")} == {"size small"}
    assert verdicts(changes, label="forklift", metric="recall", situation="size small") == {"worse"}


def test_only_images_that_both_answered_are_compared(good, worse):
    answered = good.model.matches.answered.copy()
    missed = ~worse.model.matches.truths.found
    answered[worse.model.matches.truths.image[missed]] = False
    partly = replace(good, model=replace(good.model, matches=replace(good.model.matches, answered=answered)))
    assert {one.change for one in compare(worse, partly, a_spec())} == {0.0}


def test_a_handful_of_equal_images_does_not_prove_that_nothing_got_worse():
    few = gathered(test=30, valid=20, train=20)
    changes = compare(few, few, a_spec())
    assert verdicts(changes) == {"not proven"}
    assert {one.metric for one in changes} == {"recall", "precision", "ap50"}
    assert all(one.lower < -0.06 for one in changes)


def test_other_images_or_labels_cannot_be_compared(good):
    with pytest.raises(InputError, match="not evaluated on the same images and labels"):
        compare(gathered(test=30, valid=20, train=20), good, a_spec())


def test_without_a_model_there_is_nothing_to_compare(good):
    with pytest.raises(InputError, match="has no model"):
        compare(replace(good, model=None), good, a_spec())


def test_a_comparison_names_both_states_and_what_to_do_about_what_got_worse(good, worse):
    found = comparison_of(worse, good, a_spec(), as_of=NOW)
    assert found.worse_labels == ("forklift",)
    assert (found.before.deployable, found.now.deployable) == (True, False)
    assert found.change.is_worse
    assert found.next_data_action.action is Action.RETRAIN
    assert "forklift" in found.next_data_action.title
    plain = found.to_dict()
    assert plain["figures"][0]["verdict"] == "worse"
    assert plain["now"]["readiness_state"] == found.now.readiness_state


def test_where_nothing_got_worse_nothing_has_to_be_collected(good, worse):
    found = comparison_of(good, worse, a_spec(), as_of=NOW)
    assert found.worse_labels == ()
    assert found.next_data_action is None
    text = comparison_markdown(found)
    assert text.startswith("## No class got worse for sure.")
    assert "Nothing has to be collected because of this change." in text


def test_the_markdown_leads_with_what_got_worse_and_cannot_be_formatted_by_names(good, worse):
    text = comparison_markdown(comparison_of(worse, good, a_spec(), as_of=NOW))
    assert text.startswith("## Got worse: \\`forklift\\`.")
    assert "| forklift | recall | all | 100 % | 70 % | \u221230.0 |" in text
    assert "recall of forklift, at least 0.9: Pass → Fail." in text
    assert text.index("| worse |") < text.index("| no worse |")
