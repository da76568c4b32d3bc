from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.deliveries.watch import Mark, ModelSeen, ProjectSeen, Snapshot, VersionSeen, changes, history

THEN = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
NOW = THEN + timedelta(minutes=5)
MADE = datetime(2026, 11, 19, 8, 0, 0, tzinfo=UTC)


def version(number, created=MADE):
    return VersionSeen(number=number, created=created)


def model(name="dock-3", number=3, revision=None):
    return ModelSeen(model=name, version=number, revision=revision)


def project(name="dock", **seen):
    return ProjectSeen(workspace="acme", project=name, **seen)


def seen(*projects, taken=THEN):
    return Snapshot(taken=taken, projects=projects)


def told(before, *now):
    """What changed, in short, after the memory was brought up to date as a watcher does it."""
    merged = seen(*now, taken=NOW).over(before)
    return [
        (event.type.value, event.data.project, event.data.version, event.data.model, event.data.revision)
        for event in changes(before, merged)
    ]


VERSION = ("version.created", "dock", 3, None, None)


def test_the_first_look_announces_nothing():
    assert changes(None, seen(project(versions=(version(1),), models=(model(),)))) == ()


def test_a_version_is_new_once():
    before = seen(project(versions=(version(2),)))
    assert told(before, project(versions=(version(2), version(3)))) == [VERSION]
    assert told(before, project(versions=(version(2),))) == []


def test_a_version_that_was_being_generated_is_new_when_it_can_be_read():
    generating = seen(project())
    assert told(generating, project()) == []
    assert told(generating, project(versions=(version(3),))) == [VERSION]


def test_a_version_made_anew_under_an_old_number_is_new():
    before = seen(project(versions=(version(3),)))
    assert told(before, project(versions=(version(3, NOW),))) == [VERSION]
    assert told(before, project(versions=(version(3, None),))) == []


def test_a_new_project_is_new_with_all_it_has():
    spec = Mark(revision="s", version=3)
    new = project("gate", versions=(version(3),), models=(model("gate-3"),), specs=(spec,), datasets=(spec,))
    assert told(seen(project()), project(), new) == [
        ("version.created", "gate", 3, None, None),
        ("model.trained", "gate", 3, "gate-3", None),
    ]


def test_a_model_is_new_once_and_again_with_another_revision():
    before = seen(project(versions=(version(3),)))
    trained = project(versions=(version(3),), models=(model(revision="a"),))
    assert told(before, trained) == [("model.trained", "dock", 3, "dock-3", "a")]
    again = project(versions=(version(3),), models=(model(revision="b"),))
    assert told(seen(trained), again) == [("model.trained", "dock", 3, "dock-3", "b")]


def test_a_model_that_only_the_project_names():
    before = seen(project(versions=(version(3),)))
    loose = project(versions=(version(3),), other_models=(model("dock-3", None),))
    linked = loose.model_copy(update={"models": (model(),)})
    assert told(before, loose) == [("model.trained", "dock", None, "dock-3", None)]
    assert told(before, linked) == [("model.trained", "dock", 3, "dock-3", None)]
    assert told(seen(loose), linked) == []


def test_models_that_could_not_be_listed_are_not_new_afterwards():
    listed = project(other_models=(model("old", None),))
    unlisted = project(other_models=None)
    assert told(seen(unlisted), listed) == []
    assert told(seen(listed), unlisted) == []
    assert told(seen(unlisted.over(listed)), listed) == []


def test_a_spec_changes_appears_and_goes():
    with_spec = project(versions=(version(3),), specs=(Mark(revision="a", version=3),))
    without = project(versions=(version(3),))
    other = project(versions=(version(3),), specs=(Mark(revision="b", version=3),))
    assert told(seen(with_spec), other) == [("spec.changed", "dock", 3, None, "b")]
    assert told(seen(without), with_spec) == [("spec.changed", "dock", 3, None, "a")]
    assert told(seen(with_spec), without) == [("spec.changed", "dock", 3, None, None)]


def test_images_and_labels_change():
    before = seen(project(datasets=(Mark(revision="a"),)))
    assert told(before, project(datasets=(Mark(revision="b"),))) == [("dataset.changed", "dock", None, None, "b")]
    assert told(seen(project()), project(datasets=(Mark(revision="b"),))) == []


def test_what_is_not_listed_once_is_not_new_the_next_time():
    full = project(versions=(version(2), version(3)), models=(model(),))
    before = seen(full, project("gate", versions=(version(1),)))
    halved = seen(project(versions=(version(2),)), taken=NOW).over(before)
    assert changes(before, halved) == ()
    assert told(halved, full, project("gate", versions=(version(1),))) == []


def test_a_project_that_could_not_be_read_keeps_what_is_known():
    full, closed = project(versions=(version(3),)), project(read=False)
    assert told(seen(full), closed) == []
    assert told(seen(full).over(None), closed) == []
    assert told(seen(closed.over(full)), full) == []
    assert told(seen(closed), full) == []


def test_an_event_has_the_moment_of_what_happened_else_of_the_look_before():
    now = seen(project(versions=(version(2), version(3, None))), taken=NOW)
    assert [event.timestamp for event in changes(seen(project()), now)] == [MADE, THEN]


def test_a_spec_that_changes_back_and_forth_is_another_event_each_time():
    marks = (Mark(revision=name, version=3, at=MADE) for name in "ab")
    one, other = (project(versions=(version(3),), specs=(mark,)) for mark in marks)
    first = changes(seen(one, taken=THEN), seen(other))
    later = changes(seen(one, taken=NOW), seen(other))
    assert first[0].id != later[0].id


def test_history_is_every_version_and_model():
    now = seen(project(versions=(version(1), version(2)), models=(model("dock-2", 2),), datasets=(Mark(revision="a"),)))
    assert [event.type.value for event in history(now)] == ["version.created", "version.created", "model.trained"]


def test_a_snapshot_is_read_as_it_was_written():
    now = seen(project(versions=(version(1),), models=(model(),), specs=(Mark(revision="a", version=1, at=MADE),)))
    assert Snapshot.model_validate_json(now.model_dump_json()) == now


PROJECTS = st.builds(
    project,
    st.sampled_from(["dock", "gate", "yard"]),
    versions=st.lists(st.builds(version, st.integers(1, 4)), max_size=4, unique_by=lambda one: one.number).map(tuple),
    models=st.lists(st.builds(model, st.sampled_from("abc"), st.integers(1, 4)), max_size=3, unique=True).map(tuple),
    specs=st.lists(st.builds(Mark, revision=st.sampled_from("xy"), version=st.integers(1, 4)), max_size=3,
                   unique_by=lambda one: one.version).map(tuple),
    read=st.booleans(),
)  # fmt: skip
LOOKS = st.lists(PROJECTS, max_size=3, unique_by=lambda one: one.name).map(lambda found: seen(*found))


@given(LOOKS, LOOKS, st.randoms())
def test_order_of_what_is_listed_changes_nothing(before, now, shuffle):
    turned = []
    for one in now.projects:
        parts = {part: list(getattr(one, part)) for part in ("versions", "models", "specs")}
        for rows in parts.values():
            shuffle.shuffle(rows)
        turned.append(one.model_copy(update={part: tuple(rows) for part, rows in parts.items()}))
    shuffle.shuffle(turned)
    assert changes(before, now.over(before)) == changes(before, seen(*turned).over(before))


@given(LOOKS, LOOKS, LOOKS)
def test_a_version_is_announced_once_in_any_course_of_looks(first, second, third):
    memory, announced = first, []
    for look in (second, third, second, third):
        now = look.over(memory)
        announced += [
            (event.data.project, event.data.version)
            for event in changes(memory, now)
            if event.type.value == "version.created"
        ]
        memory = now
    assert len(announced) == len(set(announced))
    known = {(one.project, row.number) for one in first.projects if one.read for row in one.versions}
    assert not known & set(announced)


@given(LOOKS)
def test_nothing_changed_is_no_event(look):
    assert changes(look, look.over(look)) == ()
