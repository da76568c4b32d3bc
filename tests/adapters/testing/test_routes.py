from __future__ import annotations

import base64
import io
import re
import zipfile
from uuid import UUID

import numpy as np
import pytest

from tests.adapters.testing.every_call import PROJECT, event, every_call, inference, jpeg, other_requests
from tests.adapters.testing.hasty import talking
from tests.sdk.roboflow.scripted import EVERY_CALL
from vision_readiness.project import Split, Task
from vision_readiness.roboflow import evaluation_calls, exports, images, trainings, uploads, vision_events
from vision_readiness.roboflow.errors import BadRequestError, ConflictError, NotFoundError, ServerFailedError
from vision_readiness.roboflow.tasks import TaskHandle
from vision_readiness.roboflow.transport import Request
from vision_readiness_adapters.export_folder import ExportFolder
from vision_readiness_adapters.testing import ROUTES, Behaviour, Family

PLACE = ("acme", "dock-packages", 3)


def unzipped(client, place, format_, into):
    while not (export := client.export(*place, format_)).is_ready:
        pass
    with client.stream(exports.download(export.link)) as stream:
        packed = zipfile.ZipFile(io.BytesIO(b"".join(stream.chunks)))
    packed.extractall(into)
    return into


def test_every_call_of_the_client_is_answered_and_every_route_is_one_of_them(serving, client, tmp_path):
    made = every_call(client)
    assert set(made) == set(EVERY_CALL)
    for request in other_requests().values():
        assert client.send(request).status == 200
    unzipped(client, PLACE, "coco", tmp_path)
    client.send(Request("GET", made["image"].urls.original.removeprefix(serving.url)))
    asked = {(row.method, row.path) for row in ROUTES if any(_fits(row, seen) for seen in serving.fake.requests)}
    assert asked == {(row.method, row.path) for row in ROUTES}
    assert all(seen.key_in == _places(seen) for seen in serving.fake.requests)


def _places(seen):
    """Where a key goes: nowhere behind a link, to inference in the query too."""
    if seen.path.startswith(("/ds/", "/_store/")):
        return frozenset()
    family = next(row.family for row in ROUTES if _fits(row, seen))
    return frozenset({"header", "query"} if family is Family.INFERENCE or seen.path == "/info" else {"header"})


def _fits(row, seen):
    pattern = re.sub(r"\{\w+:int\}", r"\\d+", row.path)
    return row.method == seen.method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), seen.path)


def test_the_table_of_routes_says_what_is_made_up(client):
    told = client.transport.send(Request("GET", "/_about")).body
    assert told.count(b'"known"') == len(ROUTES)
    assert {row.known.value for row in ROUTES} == {"documented", "read", "ours"}
    assert all(row.ours for row in ROUTES if row.known.value == "ours")


def test_the_project_tells_what_the_folder_holds(client):
    (first, _) = client.projects()
    listed = client.versions(*PLACE[:2])
    assert (first.version_count, first.task, listed.numbers()) == (1, Task.DETECTION, (3,))
    assert listed.project.images == sum(listed.project.splits.values()) == 370
    assert client.version(*PLACE).classes == ("package", "pallet", "person")


def test_versions_may_be_nested(serving, client):
    serving.fake.behaviour = Behaviour(nested_versions=True)
    assert client.versions(*PLACE[:2]).numbers() == (3,)


def test_numbers_are_text_unless_told_otherwise(serving, client):
    assert client.version(*PLACE).preprocessing["resize"]["width"] == "128"
    serving.fake.behaviour = Behaviour(numbers_as_text=False, shuffled_classes=False)
    assert client.version(*PLACE).augmentation == {}


def test_classes_come_in_another_order_each_time(client):
    bodies = {
        tuple(client.transport.send(Request("GET", "/acme/dock-packages")).body.split(b'"classes"')[1:])
        for _ in range(3)
    }
    assert len(bodies) > 1
    assert len({tuple(client.versions(*PLACE[:2]).project.classes.items()) for _ in range(3)}) == 1


def test_a_version_is_generated_before_it_can_be_read(serving, client):
    serving.fake.behaviour = Behaviour(generating_answers=3)
    seen = [client.version(*PLACE) for _ in range(4)]
    assert [one.is_ready for one in seen] == [False, False, False, True]
    assert [one.progress for one in seen] == [0.41, 0.82, 1.0, 1.0]


@pytest.mark.parametrize("status", [500, 404])
def test_a_version_that_is_not_there_is_told_by_the_list(serving, client, status):
    serving.fake.behaviour = Behaviour(missing_version_status=status)
    with pytest.raises(NotFoundError, match="has no version 9; there is 3"):
        client.version("acme", "dock-packages", 9)
    with pytest.raises(NotFoundError):
        client.versions("acme", "nothing")
    with pytest.raises(NotFoundError):
        client.workspace("nobody")


def test_an_export_is_built_and_then_linked_afresh(serving, client):
    serving.fake.behaviour = Behaviour(export_answers=3)
    seen = [client.export(*PLACE, "coco") for _ in range(5)]
    assert [one.is_ready for one in seen] == [False, False, False, True, True]
    assert [one.progress for one in seen[:3]] == [None, 0.62, 1.0]
    assert seen[3].link != seen[4].link
    assert client.version(*PLACE).exports == ("coco",)


def test_an_export_of_no_such_format_is_refused(client):
    with pytest.raises(BadRequestError, match="not a format of this version"):
        client.export(*PLACE, "tfrecord")


def test_the_coco_export_is_the_folder_itself(serving, client, tmp_path):
    read = ExportFolder(unzipped(client, PLACE, "coco", tmp_path)).version().dataset
    held = serving.fake.service.shelf.version(*PLACE).held.dataset
    assert not list(tmp_path.rglob("model.onnx"))
    assert read.classes == held.classes
    assert np.array_equal(read.objects.box, held.objects.box)


@pytest.mark.parametrize(
    ("place", "format_"),
    [(PLACE, "yolov8"), (("acme", "parcel-masks", 2), "coco-segmentation"), (("acme", "crate-grading", 2), "folder")],
)
def test_other_formats_are_read_back_as_the_same_data_set(serving, many, tmp_path, place, format_):
    served = serving if place == PLACE else many
    with talking(served.url) as talked:
        read = ExportFolder(unzipped(talked, place, format_, tmp_path)).version().dataset
    held = served.fake.service.shelf.version(*place).held.dataset
    assert (read.task, read.classes, len(read.images)) == (held.task, held.classes, len(held.images))
    assert np.bincount(read.objects.label).tolist() == np.bincount(held.objects.label).tolist()


def test_coco_is_made_for_a_folder_that_has_another_layout(serving, client, tmp_path):
    shelved = tmp_path / "workspace" / "acme" / "dock" / "1"
    shelved.mkdir(parents=True)
    unzipped(client, PLACE, "yolov8", shelved)
    from tests.adapters.testing.hasty import KEY
    from vision_readiness_adapters.testing import serve  # the second fake of one test

    with serve(tmp_path / "workspace", Behaviour(export_answers=0), key=KEY) as second, talking(second.url) as talked:
        made = ExportFolder(unzipped(talked, ("acme", "dock", 1), "coco", tmp_path / "out")).version().dataset
        told = talked.version("acme", "dock", 1)
    held = serving.fake.service.shelf.version(*PLACE).held.dataset
    assert made.classes == told.classes == held.classes
    assert len(made.objects) == len(held.objects)
    assert told.images == 370


def test_a_download_goes_on_where_it_stopped(client):
    client.export(*PLACE, "coco")
    link = client.export(*PLACE, "coco").link
    with client.stream(exports.download(link)) as stream:
        whole, etag = b"".join(stream.chunks), stream.headers["etag"]
    with client.stream(exports.download(link, begin=1000, etag=etag)) as stream:
        assert (stream.status, b"".join(stream.chunks)) == (206, whole[1000:])
    with client.stream(exports.download(link, begin=1000, etag='"another"')) as stream:
        assert (stream.status, b"".join(stream.chunks)) == (200, whole)


def test_an_archive_may_come_without_length_and_ranges(serving, client):
    serving.fake.behaviour = Behaviour(export_answers=0, content_length=False, ranges=False)
    link = client.export(*PLACE, "coco").link
    with client.stream(exports.download(link, begin=5)) as stream:
        assert "content-length" not in stream.headers
        assert zipfile.is_zipfile(io.BytesIO(b"".join(stream.chunks)))


def test_both_shapes_of_health_say_the_same(serving, client):
    dumped = client.health(*PLACE[:2])
    serving.fake.behaviour = Behaviour(health_shape="published")
    published = client.health(*PLACE[:2])
    assert (dumped.published_shape, published.published_shape) == (False, True)
    assert (dumped.images, dumped.labels, len(dumped.classes)) == (published.images, published.labels, 3)


def test_training_results_are_measured_and_only_told_when_asked_for(serving, client):
    assert client.version(*PLACE).train is None
    serving.fake.behaviour = Behaviour(training_results=True)
    rows = client.version(*PLACE).train.results[Split.TEST]
    assert [row.name for row in rows] == ["all", "package", "pallet", "person"]
    assert rows[0].map50.value == pytest.approx(np.mean([row.map50.value for row in rows[1:]]), abs=0.001)


def test_a_training_that_is_not_there_is_not_found(client):
    with pytest.raises(NotFoundError):
        client.run(trainings.training(*PLACE, "t9"))
    with pytest.raises(NotFoundError):
        client.run(trainings.model("acme", "nothing"))
    with pytest.raises(BadRequestError):
        client.send(Request("GET", "/acme/dock-packages/3/v2/trainings/recipe"))


def test_the_panels_of_an_evaluation_agree(client):
    (row,) = client.evaluations("acme", project=PROJECT, number=3)
    found = client.run(evaluation_calls.map_results("acme", row.evaluation_id)).splits[Split.TEST]
    classes = client.run(evaluation_calls.performance_by_class("acme", row.evaluation_id)).classes
    matrix = client.run(evaluation_calls.confusion_matrix("acme", row.evaluation_id, confidence=0.5))
    page = client.run(evaluation_calls.image_predictions("acme", row.evaluation_id, confidence=0.5, limit=200))
    assert found.map50.value == pytest.approx(np.mean([one.map50.value for one in classes]))
    right = sum(image.stats.true_positives for image in page.images)
    missed = sum(image.stats.false_negatives for image in page.images)
    whole = np.array(matrix.matrix)
    assert (page.total, whole[:-1, :-1].trace(), matrix.threshold) == (140, right, 0.5)
    assert whole[:-1].sum() == right + missed


@pytest.mark.parametrize(("status", "pending"), [(402, False), (403, False), (409, True)])
def test_evaluations_may_be_out_of_reach(serving, client, status, pending):
    (row,) = client.evaluations("acme", project=PROJECT)
    serving.fake.behaviour = Behaviour(evaluations_status=status)
    found = client.optional(evaluation_calls.map_results("acme", row.evaluation_id))
    assert found.is_pending is pending
    serving.fake.behaviour = Behaviour(evaluations_status=404)
    assert client.evaluations("acme", project=PROJECT) == ()


@pytest.mark.parametrize("query", ["split=nothing", "confidence=170", "split=all"])
def test_a_panel_refuses_what_it_cannot_show(client, query):
    (row,) = client.evaluations("acme", project=PROJECT)
    panel = "performance-by-class" if query == "split=all" else "confusion-matrix"
    name, _, value = query.partition("=")
    with pytest.raises(BadRequestError) as caught:
        client.send(Request("GET", f"/acme/model-evals/{row.evaluation_id}/{panel}", query=((name, value),)))
    assert caught.value.code in ("invalid_split", "invalid_confidence")


def test_two_filters_of_evaluations_are_one_too_many(client):
    with pytest.raises(BadRequestError) as caught:
        client.send(Request("GET", "/acme/model-evals", query=(("project", "a"), ("version", "1"))))
    assert caught.value.code == "invalid_filter_combination"


def test_a_search_goes_through_its_pages(client):
    every = list(client.search(*PLACE[:2]))
    assert len({row.id for row in every}) == 370
    (first, *_) = list(client.search(*PLACE[:2], class_name="person"))
    assert "person" in client.image(*PLACE[:2], first.id).labels
    found = list(client.search_workspace("acme", "split:test AND class:person"))
    assert found
    assert len(found) == len({row.id for row in found})
    with pytest.raises(BadRequestError):
        list(client.search_workspace("acme", "like-image:1"))


def test_an_image_has_its_boxes_around_their_centres_and_its_file(serving, client):
    held = serving.fake.service.shelf.version(*PLACE)
    (row, *_) = client.run(images.search(*PLACE[:2], limit=1)).results
    found = client.image(*PLACE[:2], row.id)
    box, truth = found.annotation.boxes[0], held.held.dataset.objects.box[0]
    assert box.x == pytest.approx((truth[0] + truth[2]) / 2)
    assert client.send(Request("GET", found.urls.original.removeprefix(serving.url))).body[:2] == b"\xff\xd8"
    with pytest.raises(NotFoundError):
        client.image(*PLACE[:2], "nothing")
    with pytest.raises(NotFoundError):
        client.send(Request("GET", "/_source/acme/nothing/original.jpg"))


def test_tags_are_added_removed_and_set(client):
    (row, *_) = client.run(images.search(*PLACE[:2], limit=1)).results
    before = client.tags(*PLACE[:2], row.id)
    for operation, expected in [("add", (*before, "fix")), ("remove", before), ("set", ("fix",))]:
        client.run(images.tag(*PLACE[:2], row.id, ["fix"], operation))
        assert client.tags(*PLACE[:2], row.id) == expected
    assert next(iter(client.search(*PLACE[:2], tag="fix"))).id == row.id
    for image_id, operation in [("nothing", "add"), (row.id, "polish")]:
        with pytest.raises((NotFoundError, BadRequestError)):
            client.run(images.tag(*PLACE[:2], image_id, ["x"], operation))


def test_metadata_changes_in_a_task_that_ends(serving, client):
    serving.fake.behaviour = Behaviour(task_answers=2)
    (row, *_) = client.run(images.search(*PLACE[:2], limit=1)).results
    update = images.ImageUpdate(image_id=row.id, metadata={"a": 1, "b": True}, add_tags=("x",))
    done = client.finish("acme", client.run(images.update_images("acme", [update])))
    assert (done.status, done.progress.current) == ("completed", 1)
    client.run(
        images.update_image("acme", images.ImageUpdate(image_id=row.id, remove_metadata=("a",), remove_tags=("x",)))
    )
    (again, *_) = client.run(images.search(*PLACE[:2], limit=1)).results
    assert (again.metadata, "x" in again.tags) == ({"b": True}, False)
    failed = client.finish(
        "acme", client.run(images.update_images("acme", [images.ImageUpdate(image_id="nothing", add_tags=("x",))]))
    )
    assert (failed.status, failed.error) == ("failed", "Images not found: nothing")
    with pytest.raises(NotFoundError):
        client.finish("acme", TaskHandle(task_id="nothing"))
    with pytest.raises(NotFoundError):
        client.run(images.update_image("acme", images.ImageUpdate(image_id="nothing", add_tags=("x",))))
    with pytest.raises(BadRequestError):
        client.send(Request("POST", "/acme/images/metadata", json={"updates": []}))


def test_an_upload_is_kept_once_and_labelled_once(client):
    call = uploads.upload(
        PROJECT, "night.jpg", jpeg(), batch="captured", tags=["a", "b"], metadata={"camera": "yard-2"}
    )
    first, second = client.run(call), client.run(call)
    assert (first.image_id, first.duplicate, second.duplicate) == (second.image_id, None, True)
    assert client.tags("acme", PROJECT, first.image_id) == ("a", "b")
    assert {batch.name: batch.images for batch in client.batches("acme", PROJECT)}["captured"] == 1
    client.run(uploads.annotate(PROJECT, first.image_id, "a.xml", "<annotation/>"))
    with pytest.raises(ConflictError):
        client.run(uploads.annotate(PROJECT, first.image_id, "a.xml", "<annotation/>"))
    client.run(uploads.annotate(PROJECT, first.image_id, "a.xml", "<annotation/>", overwrite=True))


def test_uploads_come_in_base64_too_and_have_to_be_images(client):
    encoded = base64.b64encode(jpeg())
    path = f"/dataset/{PROJECT}/upload"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert b'"success": true' in client.send(Request("POST", path, body=encoded, headers=form)).body
    for request in (
        Request("POST", path, body=b"cGl4ZWxz", headers=form),
        Request("POST", path, query=(("image", "https://somewhere.test/a.jpg"),)),
    ):
        with pytest.raises(BadRequestError):
            client.send(request)
    with pytest.raises(NotFoundError):
        client.run(uploads.upload("nothing", "a.jpg", jpeg(), batch="b"))
    with pytest.raises(NotFoundError):
        client.run(uploads.annotate(PROJECT, "nothing", "a.xml", "<annotation/>"))


def test_jobs_need_a_batch_and_people(client):
    (batch,) = client.batches("acme", PROJECT)
    body = {"name": "n", "num_images": 2, "batch": batch.id, "labelerEmail": "a@b.c", "reviewerEmail": "d@e.f"}
    path = f"/acme/{PROJECT}/jobs"
    client.send(Request("POST", path, json=body))
    (job,) = client.jobs("acme", PROJECT)
    assert (job.images, job.status, client.batches("acme", PROJECT)[0].jobs) == (2, "assigned", 1)
    with pytest.raises(BadRequestError):
        client.send(Request("POST", path, json={**body, "labelerEmail": "nobody"}))
    for refused in (
        Request("POST", path, json={**body, "batch": "x"}),
        Request("GET", f"{path}/x"),
        Request("GET", f"/acme/{PROJECT}/batches/x"),
    ):
        with pytest.raises(NotFoundError):
            client.send(refused)


def test_events_are_kept_and_found_page_by_page(client):
    client.run(vision_events.write_events([event(number) for number in range(1, 6)]))
    first = client.run(vision_events.events("uc-1", limit=3))
    rest = client.run(vision_events.events("uc-1", limit=3, cursor=first.next_cursor))
    assert [UUID(row.event_id).int for row in (*first.events, *rest.events)] == [1, 2, 3, 4, 5]
    assert (first.has_more, rest.has_more) == (True, False)
    kind = client.run(vision_events.events("uc-1", kind="safety_alert"))
    met = client.run(vision_events.events("uc-1", metadata=[{"field": "state", "value": "blocked"}]))
    assert kind.events == met.events == ()


def test_events_that_lack_something_are_refused(client):
    good = event().body()
    for body in ({}, {**good, "eventType": "party"}, {**good, "customMetadata": {str(n): n for n in range(101)}}):
        with pytest.raises(BadRequestError):
            client.send(Request("POST", "/vision-events", json=body))
    with pytest.raises(BadRequestError):
        client.send(Request("POST", "/vision-events/batch", json={"events": []}))
    client.run(vision_events.create_use_case("readiness"))
    for name in ("readiness", ""):
        with pytest.raises(BadRequestError):
            client.run(vision_events.create_use_case(name))


def test_hosted_inference_answers_in_the_frame_of_the_image(serving, client):
    held = serving.fake.service.shelf.version(*PLACE)
    picture = next(one for one in held.pictures if one.split == "test")
    encoded = base64.b64encode(held.bytes_of(picture))
    path, form = f"/{PROJECT}/3", {"Content-Type": "application/x-www-form-urlencoded"}
    answers = [
        client.send(inference(path, body=encoded, headers=form, query=(("confidence", value),)))
        for value in ("50", "0.5", "1")
    ]
    bodies = [_json(answer) for answer in answers]
    assert bodies[0]["predictions"] == bodies[1]["predictions"]
    assert len(bodies[2]["predictions"]) >= len(bodies[0]["predictions"]) > 0
    assert bodies[0]["image"] == {"width": picture.width, "height": picture.height}
    best = max(bodies[0]["predictions"], key=lambda row: row["confidence"])
    near = [box for box in picture.boxes if box["label"] == best["class"] and abs(box["x"] - best["x"]) < 3]
    assert near
    assert [answer.headers["x-model-cold-start"] for answer in answers] == ["true", "false", "false"]
    assert float(answers[0].headers["x-processing-time"]) > 0
    form_body = uploads.multipart({}, "a.jpg", held.bytes_of(picture))
    posted = inference(
        path, body=form_body[1], headers={"Content-Type": f"multipart/form-data; boundary={form_body[0]}"}
    )
    assert len(_json(client.send(posted))["predictions"]) >= len(bodies[0]["predictions"])


def test_masks_and_classes_are_answered_too(many):
    shelf = many.fake.service.shelf
    with talking(many.url) as talked:
        for project, key in (("parcel-masks", "predictions"), ("crate-grading", "top")):
            held = shelf.version("acme", project, 2)
            value = base64.b64encode(held.bytes_of(held.pictures[0])).decode()
            body = {"model_id": f"{project}/2", "image": [{"type": "base64", "value": value}] * 2}
            first, second = _json(talked.send(inference("/infer/instance_segmentation", json=body)))
            assert first[key] == second[key]
        rle = {**body, "model_id": "parcel-masks/2", "response_mask_format": "rle"}
        held = shelf.version("acme", "parcel-masks", 2)
        rle["image"]["value" if isinstance(rle["image"], dict) else 0] = {
            "value": base64.b64encode(held.bytes_of(held.pictures[0])).decode()
        }
        (masked, *_) = _json(talked.send(inference("/infer/instance_segmentation", json=rle)))
        assert all(set(row["rle"]) == {"size", "counts"} for row in masked["predictions"])


def test_inference_says_what_it_cannot_do(client):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with pytest.raises(NotFoundError):
        client.send(inference("/nothing/1", body=base64.b64encode(jpeg()), headers=form))
    for request in (
        inference(f"/{PROJECT}/3", body=b"cGl4ZWxz", headers=form),
        inference(f"/{PROJECT}/3", query=(("image", "https://somewhere.test/a.jpg"),)),
    ):
        with pytest.raises(BadRequestError):
            client.send(request)


def test_an_address_that_is_none_is_not_found(client):
    with pytest.raises(NotFoundError):
        client.send(Request("GET", "/a/b/c/d/e/f"))
    with pytest.raises((NotFoundError, BadRequestError, ServerFailedError)):
        client.send(Request("DELETE", "/acme"))


def _json(answer):
    import json

    return json.loads(answer.body)
