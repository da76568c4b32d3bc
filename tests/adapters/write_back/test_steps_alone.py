"""Each step over a transport that answers as it is told: what no fake of a whole service can be brought to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.adapters.served import Served, said
from tests.adapters.write_back.worlds import PROJECT, WS, captured, publisher_to
from tests.sdk.render.reports import blocked, but
from vision_readiness.errors import InputError
from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.publish import StepState, write_back
from vision_readiness_adapters.write_back import captured_images

SEARCH, METADATA = f"/{WS}/{PROJECT}/search", f"/{WS}/images/metadata"
BATCHES, JOBS, UPLOAD = f"/{WS}/{PROJECT}/batches", f"/{WS}/{PROJECT}/jobs", f"/dataset/{PROJECT}/upload"
TASK = said({"taskId": "t1", "status": "completed"})
USE_CASES = said({"useCases": [{"id": "uc", "name": "Vision Readiness", "status": "active"}]})


def report_of(*keys):
    report = blocked()
    box = (0.0, 0.0, 1.0, 1.0)
    return but(
        report,
        subject=replace(report.subject, workspace=WS, project=PROJECT),
        findings=(),
        examples=tuple(FailureExample(key, FailureKind.MISSED, "person", box) for key in keys),
        costly_images=(),
    )


def published(folder, routes, report, part, **options):
    served = Served(routes)
    with publisher_to("", folder, served) as publisher:
        (result,) = publisher.publish(write_back(report, parts=[part], **options)).steps
    return result, served


def marking(folder, rows, *keys, task=TASK):
    routes = {SEARCH: said({"results": rows, "total": len(rows)}), METADATA: said({"taskId": "t1"}, 202)}
    return published(folder, {**routes, f"/{WS}/asynctasks/t1": task}, report_of(*keys), "tags")


def sent(served, path):
    return [request.json for request in served.sent if request.path == path]


@pytest.mark.parametrize("name", ["dock 7.jpg", "Dock_7.jpg", "dock-7.jpg", "dock_7_jpg.rf.0a1b2c3d4e5f.jpg"])
def test_an_image_is_known_by_the_name_it_had_before_the_export(tmp_path, name):
    result, served = marking(tmp_path, [{"id": "i7", "name": name}], "test/dock_7_jpg.rf.0a1b2c3d4e5f.jpg")
    assert result.state is StepState.DONE
    (body,) = sent(served, METADATA)
    assert [update["imageId"] for update in body["updates"]] == ["i7"]


def test_an_image_that_is_not_there_or_there_twice_is_left_alone_and_named(tmp_path):
    twins = [{"id": "a", "name": "dock 7.jpg"}, {"id": "b", "name": "dock_7.jpg"}, {"id": "c", "name": "dock_8.jpg"}]
    keys = ("test/dock_7_jpg.rf.0a1b2c.jpg", "test/dock_8_jpg.rf.0a1b2c.jpg", "test/dock_9_jpg.rf.0a1b2c.jpg")
    result, served = marking(tmp_path, twins, *keys)
    assert (result.state, result.done) == (StepState.PARTLY, 1)
    assert "2 images of the fix queue cannot be told in acme/dock-packages: test/dock_7_jpg" in result.because[0]
    (body,) = sent(served, METADATA)
    assert [update["imageId"] for update in body["updates"]] == ["c"]


def test_only_what_an_image_lacks_is_sent(tmp_path):
    row = {"id": "a", "name": "a.jpg", "tags": ["vision-readiness", "mine"]}
    kept = {**row, "user_metadata": {"vision_readiness_report": blocked().id, "camera": "dock-1"}}
    _, served = marking(tmp_path, [kept], "test/a.jpg")
    (body,) = sent(served, METADATA)
    (update,) = body["updates"]
    assert update["addTags"] == ["vision-readiness-missed"]
    assert update["metadata"] == {"vision_readiness_why": "missed `person`"}
    assert "removeTags" not in update


def test_a_task_is_awaited_and_its_failure_is_told(tmp_path):
    row = [{"id": "a", "name": "a.jpg"}]
    running, failed = (said({"taskId": "t1", "status": name, "error": "no room"}) for name in ("running", "failed"))
    result, served = marking(tmp_path / "1", row, "test/a.jpg", task=[running, running, TASK])
    assert (result.state, served.asked(f"/{WS}/asynctasks/t1"), served.now) == (StepState.DONE, 3, 10.0)
    result, _ = marking(tmp_path / "2", row, "test/a.jpg", task=[running, failed])
    assert (result.state, result.because) == (
        StepState.FAILED,
        ("Roboflow's task of changing 1 image failed: no room.",),
    )
    result, served = marking(tmp_path / "3", row, "test/a.jpg", task=running)
    assert result.state is StepState.FAILED
    assert "is not over yet" in result.because[0]
    assert served.now <= 600


def test_an_event_is_looked_for_on_every_page(tmp_path):
    report = report_of()
    event_id = str(write_back(report).steps[0].work.event_id)
    pages = [
        said({"events": [{"eventId": "other"}], "nextCursor": "2", "hasMore": True}),
        said({"events": [{"eventId": event_id}], "nextCursor": None, "hasMore": False}),
    ]
    routes = {"/vision-events/use-cases": USE_CASES, "/vision-events/query": pages}
    result, served = published(tmp_path, routes, report, "event")
    assert result.state is StepState.ALREADY_THERE
    assert [body.get("cursor") for body in sent(served, "/vision-events/query")] == [None, "2"]


def test_pages_without_end_are_left_at_the_first_cursor_that_comes_again(tmp_path):
    page = said({"events": [], "nextCursor": "1", "hasMore": True})
    routes = {"/vision-events/use-cases": USE_CASES, "/vision-events/query": page}
    routes["/vision-events"] = said({"eventId": "e", "created": True}, 201)
    result, served = published(tmp_path, routes, report_of(), "event")
    assert result.state is StepState.DONE
    assert served.asked("/vision-events/query") == 2


def test_a_file_that_is_refused_or_has_changed_keeps_no_other_from_being_sent(tmp_path):
    files = captured(tmp_path / "captured")
    (tmp_path / "captured" / "dock 1.jpg").write_bytes(b"another")
    answers = [said({"error": "Invalid image."}, 400), said({"success": True, "id": "u2"})]
    routes = {BATCHES: said({"batches": []}), UPLOAD: answers}
    result, _ = published(tmp_path / "j", routes, report_of(), "upload", edge_cases=files)
    assert (result.state, result.done, result.there) == (StepState.PARTLY, 1, 0)
    assert "dock 0.jpg: " in result.because[0]
    assert "Invalid image" in result.because[0]
    assert "has changed since it was planned" in result.because[1]


def test_uploads_stop_where_no_further_one_can_work(tmp_path):
    routes = {BATCHES: said({"batches": []}), UPLOAD: said({"error": "out of credits"}, 402)}
    files = captured(tmp_path / "captured")
    result, served = published(tmp_path / "j", routes, report_of(), "upload", edge_cases=files)
    assert (result.state, served.asked(UPLOAD), len(result.because)) == (StepState.FAILED, 1, 1)


def test_an_image_that_the_project_holds_elsewhere_is_there(tmp_path):
    routes = {BATCHES: said({"batches": []}), UPLOAD: said({"duplicate": True, "id": "u"})}
    files = captured(tmp_path / "captured")
    result, _ = published(tmp_path / "j", routes, report_of(), "upload", edge_cases=files)
    assert (result.state, result.there) == (StepState.ALREADY_THERE, 3)


def test_a_job_takes_no_more_images_than_its_batch_has_and_needs_one(tmp_path):
    report, options = report_of("test/a.jpg", "test/b.jpg"), {"batch": "night", "reviewer": "neha@acme.example"}
    listed = said({"batches": [{"id": "b1", "name": "night", "images": 1}]})
    routes = {JOBS: [said({"jobs": []}), said({"job": {"id": "j1"}})], BATCHES: listed}
    result, served = published(tmp_path / "1", routes, report, "job", **options)
    assert result.state is StepState.DONE
    assert [body["num_images"] for body in sent(served, JOBS) if body] == [1]
    assert "a.jpg: missed `person`" in sent(served, JOBS)[-1]["instructionText"]
    routes = {JOBS: said({"jobs": []}), BATCHES: said({"batches": [{"id": "b2", "name": "day"}]})}
    result, _ = published(tmp_path / "2", routes, report, "job", **options)
    assert result.because == ("acme/dock-packages has no batch 'night'; there is day.",)


def test_captured_images_are_those_right_in_the_folder(tmp_path):
    files = captured(tmp_path / "captured")
    (tmp_path / "captured" / ".hidden.jpg").write_bytes(b"x")
    (tmp_path / "captured" / "folder.jpg").mkdir()
    assert captured_images(tmp_path / "captured") == files
    assert [file.name for file in files] == ["dock 0.jpg", "dock 1.jpg", "dock 2.jpg"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no image that Roboflow takes"):
        captured_images(tmp_path / "empty")
    with pytest.raises(InputError, match="cannot be read"):
        captured_images(tmp_path / "nowhere")
