import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.sdk.render.parts import FINDINGS
from tests.sdk.render.reports import blocked, but, hostile, ready
from vision_readiness.errors import InputError
from vision_readiness.publish import EdgeCase, Part, StepState, planned, write_back
from vision_readiness.publish.plan import LONGEST_INSTRUCTIONS
from vision_readiness.roboflow.images import MOST_UPDATES
from vision_readiness.roboflow.uploads import LARGEST_BYTES
from vision_readiness.roboflow.vision_events import VisionEvent

PEOPLE = {"labeler": "ada@acme.example", "reviewer": "neha@acme.example"}
FILES = (EdgeCase("b.jpg", "bb" * 32, 2_000_000, "/here/b.jpg"), EdgeCase("a.jpg", "aa" * 32, 500_000, "/here/a.jpg"))


def whole(report, **options):
    return write_back(report, parts=Part, edge_cases=FILES, **PEOPLE, **options)


def only(report, part, **options):
    (step,) = write_back(report, parts=[part], **options).steps
    return step


def test_every_part_is_planned_in_order_with_its_counts():
    plan = whole(blocked())
    assert [step.part for step in plan.steps] == list(Part)
    assert [(step.count, step.unit, step.calls) for step in plan.steps[::2]] == [(1, "event", 2), (2, "image", 2)]
    assert (plan.report_id, plan.workspace, plan.project) == (blocked().id, "acme", "warehouse-packages")
    assert {result.state for result in planned(plan).steps} == {StepState.PLANNED}
    assert not planned(plan).changed
    assert not planned(plan).complete


def test_only_the_event_is_written_unless_more_is_asked_for():
    assert [step.part for step in write_back(blocked()).steps] == [Part.EVENT]


def test_a_plan_is_the_same_for_the_same_report_however_it_is_given():
    report = blocked()
    assert whole(report) == whole(json.loads(report.to_json())) == whole(blocked())


def test_when_a_report_was_made_and_where_a_file_lies_changes_no_key():
    report = blocked()
    later = but(report, provenance=replace(report.provenance, created_at="2027-05-05T05:05:05+00:00"))
    elsewhere = tuple(replace(file, path="/there") for file in reversed(FILES))
    plans = whole(report), write_back(later, parts=Part, edge_cases=elsewhere, report_url="https://a.example", **PEOPLE)
    keys, event_ids = zip(*([[step.key for step in p.steps], p.steps[0].work.event_id] for p in plans), strict=True)
    assert keys[0] == keys[1]
    assert event_ids[0] == event_ids[1]
    assert len(set(keys[0])) == len(Part)


def test_another_report_or_another_project_has_other_keys():
    report = blocked()
    others = [report, but(report, id="0" * 16), but(report, subject=replace(report.subject, project="other"))]
    keys = [step.key for other in others for step in whole(other).steps]
    assert len(set(keys)) == len(keys) == 3 * len(Part)


def test_the_event_says_what_the_report_says_and_can_be_sent():
    report = blocked()
    work = only(report, "event", report_url="https://reports.example/1").work
    sent = VisionEvent(id=work.event_id, use_case="uc", at=work.at, metadata=work.metadata).body()
    assert work.event_id.version == 4
    assert sent["eventType"] == "custom"
    assert "eventData" not in sent
    told = sent["customMetadata"]
    assert (told["report"], told["readiness_state"], told["deployable"]) == (report.id, "blocked", False)
    assert (told["headline"], told["url"]) == (report.headline, "https://reports.example/1")
    plain = {name: value for name, value in report.to_dict().items() if name != "provenance"}
    assert told["digest"] == hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    assert json.loads(json.dumps(sent)) == sent


@pytest.mark.parametrize("make", [blocked, ready, hostile])
def test_an_event_keeps_to_the_limits_whatever_the_report_says(make):
    report = replace(make(), headline="H" * 10_000, provenance=blocked().provenance)
    report = but(report, subject=replace(report.subject, workspace="acme", project="p"))
    told = only(report, "event").work.metadata
    assert len(told) < 100
    assert all(isinstance(value, str | float | int | bool) for value in told.values())
    assert max(len(value) for value in told.values() if isinstance(value, str)) == 500
    assert not any(char < " " for value in told.values() if isinstance(value, str) for char in value)


def test_a_moment_without_a_zone_is_utc_and_one_that_is_none_is_refused():
    report = blocked()

    def at(written):
        return only(but(report, provenance=replace(report.provenance, created_at=written)), "event").work.at

    assert at("2026-01-01T12:00:00") == datetime(2026, 1, 1, 12, tzinfo=UTC)
    with pytest.raises(InputError, match="which is not a time"):
        at("yesterday")


def test_marks_go_out_a_thousand_images_a_call():
    keys = tuple(f"test/{n}.jpg" for n in range(2 * MOST_UPDATES + 1))
    report = but(blocked(), findings=(replace(FINDINGS[0], examples=keys),), examples=())
    steps = write_back(but(report, costly_images=()), parts=["tags"]).steps
    assert [step.count for step in steps] == [MOST_UPDATES, MOST_UPDATES, 1]
    assert [mark.image for step in steps for mark in step.work.marks] == list(keys)
    assert len({step.key for step in steps}) == 3


def test_a_report_that_names_no_image_leaves_the_marks_out_and_says_so():
    report = but(ready(), findings=(), examples=(), costly_images=())
    plan = write_back(report, parts=["tags", "job"], batch="b", **PEOPLE)
    assert plan.steps == ()
    assert plan.left_out == ("tags: the report names no image.", "job: there is no image to label.")


def test_edge_cases_are_uploaded_once_a_content_in_the_order_of_their_names():
    twin = replace(FILES[1], name="c.jpg")
    step = only(blocked(), "upload", edge_cases=(*FILES, twin))
    assert [file.name for file in step.work.files] == ["a.jpg", "b.jpg"]
    assert step.work.batch == f"vision-readiness {blocked().id}"
    assert "2.50 MB" in step.cost


def test_a_job_is_of_the_edge_cases_or_of_a_batch_that_is_named():
    with_files = only(blocked(), "job", edge_cases=FILES, **PEOPLE)
    assert (with_files.work.images, with_files.work.batch) == (2, f"vision-readiness {blocked().id}")
    of_batch = only(blocked(), "job", batch="night", **PEOPLE)
    assert of_batch.work.batch == "night"
    assert of_batch.work.images == len(write_back(blocked(), parts=["tags"]).steps[0].work.marks)
    assert len(of_batch.work.instructions) <= LONGEST_INSTRUCTIONS
    assert blocked().id in of_batch.work.name


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"parts": ["notes"]}, "'notes' cannot be written back: give event, tags, upload, job"),
        ({"parts": ["job"], "batch": "b"}, "needs people: give --reviewer"),
        ({"parts": ["job"], "batch": "b", "labeler": "a@b.c"}, "needs people: give --reviewer"),
        ({"parts": ["job"], "batch": "b", "reviewer": "neha"}, "'neha' is not an e-mail address"),
        ({"parts": ["job"], "reviewer": "a@b.c"}, "name it with --batch"),
        ({"parts": ["upload"]}, "there is nothing to upload"),
        ({"parts": ["upload"], "edge_cases": [replace(FILES[0], size=LARGEST_BYTES + 1)]}, "takes up to 20,000,000"),
        ({"report_url": "ftp://files.example"}, "must be a web address"),
        ({"report_url": "https://[broken"}, "must be a web address"),
        ({"report_url": "https://a.example/" + "x" * 500}, "at most 500 characters"),
        ({"report_url": "https://user:pw@a.example"}, "holds a secret"),
        ({"report_url": "https://a.example/?api_key=k"}, "holds a secret"),
    ],
)
def test_a_part_that_lacks_what_it_needs_says_what(options, said):
    with pytest.raises(InputError, match=said):
        write_back(blocked(), **options)


def test_a_report_on_no_workspace_and_what_is_no_report_are_refused():
    report = blocked()
    with pytest.raises(InputError, match="names no workspace to write to"):
        write_back(but(report, subject=replace(report.subject, workspace=None)))
    with pytest.raises(InputError, match="not a report: id missing"):
        write_back({"schema": "something else"})
