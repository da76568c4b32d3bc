from dataclasses import replace

from vision_readiness.guide.fix import Fix, FixKind
from vision_readiness.readiness import Action
from vision_readiness_webhook.pages.fixes import steps_by_fix
from vision_readiness_webhook.store.people import FixStep, Step, fix_key

COLLECT = Fix(
    action=Action.COLLECT_DATA,
    kind=FixKind.COLLECT,
    hours=2.0,
    subjects=("person",),
    answers=("recall/person/min=0.9",),
    title="Label about 160 more test images",
)
SHOW = replace(COLLECT, kind=FixKind.SHOW, title="Capture people")


def done(fix):
    return Step("r1", fix, FixStep.DONE, "Neha", 5.0)


def test_what_was_done_about_a_fix_is_known_when_its_numbers_change():
    steps = [done(fix_key(COLLECT))]
    later = replace(COLLECT, title="Label about 20 more test images", hours=0.5)
    assert steps_by_fix(steps, [SHOW, later]) == {later.title: steps}
    assert SHOW.title not in steps_by_fix(steps, [SHOW])


def test_a_title_that_an_earlier_release_kept_still_counts():
    steps = [done(COLLECT.title)]
    assert steps_by_fix(steps, [COLLECT]) == {COLLECT.title: steps}


def test_fixes_of_one_kind_for_others_are_others():
    assert fix_key(replace(COLLECT, answers=("recall/cone/min=0.9",))) != fix_key(COLLECT) != fix_key(SHOW)
