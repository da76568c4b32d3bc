from __future__ import annotations

import pytest

from tests.adapters.testing.hasty import KEY
from tests.adapters.write_back.worlds import (
    PROJECT,
    WS,
    Died,
    Dying,
    captured,
    everything,
    plan_of,
    publisher_to,
    report_on,
    writing_calls,
    written,
)
from tests.small_workspace import small_workspace
from vision_readiness.advisor import Advisor
from vision_readiness.errors import InputError
from vision_readiness.project import VersionId
from vision_readiness.publish import Part, StepState, write_back
from vision_readiness.publish.interface import PublishError
from vision_readiness.testing import SilentProgress, StillClock
from vision_readiness_adapters.export_download import ExportStore
from vision_readiness_adapters.export_download.file_lock import file_lock
from vision_readiness_adapters.export_folder import ExportFolder
from vision_readiness_adapters.roboflow_source import RoboflowSource
from vision_readiness_adapters.testing import Behaviour, Fault, FaultKind
from vision_readiness_adapters.write_back import open_publisher
from vision_readiness_adapters.write_back.journal import Journal

CALLS = 15
"""Calls of a first run with every part; ``test_every_part_arrives_whole`` holds it to that."""


def apply(serving, folder, plan, transport=None):
    with publisher_to(serving.url, folder, transport) as publisher:
        return publisher.publish(plan)


@pytest.fixture(scope="module")
def uninterrupted(_small, tmp_path_factory):
    """What the fake holds after one run in which nothing went wrong."""
    folder = tmp_path_factory.mktemp("once")
    _small.fake.reset()
    assert apply(_small, folder / "journals", plan_of(_small.fake.service, captured(folder / "captured"))).complete
    return written(_small.fake)


def test_every_part_arrives_whole(serving, plan, tmp_path):
    came_of_it = apply(serving, tmp_path / "journals", plan)
    assert [result.state for result in came_of_it.steps] == [StepState.DONE] * len(Part)
    assert len(serving.fake.requests) == CALLS
    state = serving.fake.service.state
    (event,), (job,) = state.events, state.jobs.values()
    assert event["customMetadata"]["report"] == plan.report_id
    assert event["useCaseId"] in state.use_cases
    assert (job["numImages"], job["reviewer"]) == (3, "neha@acme.example")
    marked = {image: tags for image, tags in state.tags.items() if "vision-readiness" in tags}
    assert len(marked) == 5
    assert all(len(state.metadata[image]) == 2 for image in marked)
    assert {row["batch"] for row in state.uploads.values()} == {f"vision-readiness {plan.report_id}"}
    assert [row["name"].split(".")[0] for row in state.uploads.values()] == ["dock 0", "dock 1", "dock 2"]


@pytest.mark.parametrize("forget", [False, True], ids=["same machine", "another machine"])
def test_a_second_run_writes_nothing_and_changes_nothing(serving, plan, tmp_path, forget):
    apply(serving, tmp_path / "journals", plan)
    assert len(writing_calls(serving.fake)) == 7
    before = everything(serving.fake)
    serving.fake.requests.clear()
    again = apply(serving, tmp_path / ("others" if forget else "journals"), plan)
    assert [result.state for result in again.steps] == [StepState.ALREADY_THERE] * len(Part)
    assert writing_calls(serving.fake) == []
    assert everything(serving.fake) == before
    assert bool(serving.fake.requests) is forget


@pytest.mark.parametrize(
    ("before", "forget"),
    [(True, False), (False, False), (False, True)],
    ids=["before it is sent", "once it is answered", "once it is answered, to go on elsewhere"],
)
@pytest.mark.parametrize("at", range(1, CALLS + 1))
def test_a_run_that_dies_at_any_call_is_ended_by_the_next(serving, plan, tmp_path, uninterrupted, at, before, forget):
    with pytest.raises(Died):
        apply(serving, tmp_path / "journals", plan, Dying(serving.url, at, before=before))
    assert apply(serving, tmp_path / ("others" if forget else "journals"), plan).complete
    assert written(serving.fake) == uninterrupted


@pytest.mark.parametrize("kind", [FaultKind.RESET, FaultKind.TRUNCATED, FaultKind.HTML])
@pytest.mark.parametrize("at", range(1, CALLS + 1))
def test_an_answer_that_is_lost_leaves_nothing_twice(serving, plan, tmp_path, uninterrupted, at, kind):
    serving.fake.behaviour = Behaviour(faults=(Fault(kind, first=at),))
    first = apply(serving, tmp_path / "journals", plan)
    assert all(result.because for result in first.steps if not result.is_whole)
    serving.fake.behaviour = Behaviour()
    assert apply(serving, tmp_path / "journals", plan).complete
    assert written(serving.fake) == uninterrupted


def test_a_step_that_fails_keeps_no_other_from_being_done(serving, plan, tmp_path):
    serving.fake.behaviour = Behaviour(faults=(Fault(FaultKind.STATUS, "/vision-events*", status=402, times=None),))
    came_of_it = apply(serving, tmp_path / "journals", plan)
    event, *others = came_of_it.steps
    assert event.state is StepState.FAILED
    assert "402" in event.because[0]
    assert {result.state for result in others} == {StepState.DONE}
    with pytest.raises(PublishError, match="1 step of 4 could not be written whole"):
        came_of_it.raise_if_incomplete()


def test_a_key_that_may_not_is_told_for_every_step_and_shown_in_none(serving, plan, tmp_path):
    serving.fake.behaviour = Behaviour(scopes=frozenset({"project:read"}), scope_status=403)
    came_of_it = apply(serving, tmp_path / "journals", plan)
    assert not came_of_it.changed
    assert "403" in came_of_it.steps[0].because[0]
    assert KEY not in repr(came_of_it) + str(came_of_it.to_dict())


def test_two_reports_are_two_events_and_one_report_is_one(serving, tmp_path):
    plain = report_on(serving.fake.service).to_dict()
    for name in ("a" * 16, "b" * 16, "a" * 16):
        apply(serving, tmp_path / name, write_back({**plain, "id": name}))
    assert len(serving.fake.service.state.events) == 2
    assert len(serving.fake.service.state.use_cases) == 1


def test_what_people_took_away_again_is_not_put_back(serving, plan, tmp_path):
    apply(serving, tmp_path / "journals", plan)
    for tags in serving.fake.service.state.tags.values():
        tags.clear()
    assert apply(serving, tmp_path / "journals", plan).complete
    assert not any(serving.fake.service.state.tags.values())


def test_a_second_process_waits_for_the_first(serving, plan, tmp_path):
    apply(serving, tmp_path, plan)
    (lock,) = tmp_path.glob("*.lock")
    with (
        publisher_to(serving.url, tmp_path, busy_seconds=0.0) as publisher,
        file_lock(lock),
        pytest.raises(PublishError, match="Another process is at work"),
    ):
        publisher.publish(plan)


def test_a_journal_outlives_a_line_that_was_cut_short(tmp_path):
    path = tmp_path / "a.done"
    Journal(path).add("1" * 16)
    with path.open("a") as file:
        file.write("22222")
    Journal(path).add("3" * 16)
    known = Journal(path)
    assert ("1" * 16 in known, "2" * 16 in known, "3" * 16 in known) == (True, False, True)


def test_where_no_journal_can_be_kept_roboflow_is_asked(serving, plan, tmp_path):
    (tmp_path / "a-file").write_text("in the way")
    folder = tmp_path / "a-file" / "journals"
    assert apply(serving, folder, plan).changed
    assert not apply(serving, folder, plan).changed


def test_an_advisor_shows_before_it_writes_and_writes_where_it_reads_from(serving, tmp_path):
    report = report_on(serving.fake.service)
    with publisher_to(serving.url, tmp_path / "journals") as publisher:
        source = RoboflowSource(publisher.client, ExportStore(tmp_path / "store"), VersionId(WS, PROJECT, 3))
        advisor = Advisor(source, StillClock(), SilentProgress())
        shown = advisor.publish(report)
        assert [result.state for result in shown.steps] == [StepState.PLANNED]
        assert serving.fake.requests == []
        assert advisor.publish(report.to_dict(), dry_run=False).changed
        assert not advisor.publish(report, dry_run=False).changed
        assert len(serving.fake.service.state.events) == 1
    folder = Advisor(
        ExportFolder(small_workspace(tmp_path / "w") / WS / PROJECT / "3"), StillClock(), SilentProgress(), where="w"
    )
    with pytest.raises(InputError, match="w is read from, not written to"):
        folder.publish(report, dry_run=False)


def test_the_live_publisher_needs_a_key(serving, monkeypatch, tmp_path):
    monkeypatch.setenv("ROBOFLOW_API_URL", serving.url)
    monkeypatch.setenv("ROBOFLOW_CONFIG_DIR", str(tmp_path / "none.json"))
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ROBOFLOW_API_KEY", raising=False)
    with pytest.raises(InputError, match="To write to Roboflow a key is needed"):
        open_publisher(WS)
    plan = write_back(report_on(serving.fake.service))
    for expected in (True, False):
        with open_publisher(WS, api_key=KEY) as publisher:
            assert KEY not in repr(publisher)
            assert publisher.publish(plan).changed is expected
