"""The fake's answers beside Roboflow's own mocked responses: nothing that those hold is missing here."""

from __future__ import annotations

import base64
import json

import httpx
import pytest

from tests.adapters.testing.every_call import PROJECT, event, jpeg
from vision_readiness.roboflow import annotation, images, trainings, uploads, vision_events
from vision_readiness.roboflow.transport import Request
from vision_readiness_adapters.testing import Behaviour

pytestmark = pytest.mark.real_data

OPEN = {("classes",), ("colors",), ("augmentation",), ("preprocessing",), ("splits",), ("models",)}
"""Objects whose keys are names or settings of the project, not of the service."""

TEMPLATES = [("job", "num_images"), ("job", "created")]
"""Where the mock holds a variable of the test as text, or a time that the other mock of jobs has as Firestore's."""

EMPTY = {("embedding",)}
"""Lists that have nothing in them here."""


@pytest.fixture
def mocked(real_data):
    def of(file, line):
        (path,) = (real_data / "roboflow-json").glob(f"*{file}")
        return next(item["body"] for item in json.loads(path.read_text())["items"] if item["line"] == line)

    return of


def missing(mock, answer, where=()):
    """What the mock holds and the answer does not, as paths; a list is held against its first row."""
    if isinstance(mock, dict):
        if where[-1:] in OPEN:
            return [] if isinstance(answer, dict) else [where]
        gone = [(*where, name) for name in mock if not isinstance(answer, dict) or name not in answer]
        both = [name for name in mock if isinstance(answer, dict) and name in answer]
        return gone + [path for name in both for path in missing(mock[name], answer[name], (*where, name))]
    if isinstance(mock, list) and mock and where[-1:] not in EMPTY:
        return missing(mock[0], answer[0], where) if isinstance(answer, list) and answer else [where]
    kinds = {int: (int, float), float: (int, float), str: str, bool: bool, list: list, type(None): object}
    return [] if answer is None or isinstance(answer, kinds[type(mock)]) else [where]


def asked(client, request):
    answer = client.transport.send(request)
    return json.loads(answer.body)


SDK, PROJECTS, EVENTS = "tests____init__.py.json", "test_project.py.json", "test_vision_events.py.json"
CORE, EVALS, RFAPI = "core__test_roboflow_api.py.json", "test_model_eval.py.json", "test_rfapi.py.json"
SEARCHED = Request(
    "POST", "/acme/dock-packages/search", json={"fields": ["id", "name", "created", "labels", "annotations"]}
)

READS = [
    (SDK, 44, Request("POST", "/")),
    (SDK, 57, Request("GET", "/acme")),
    (SDK, 92, Request("GET", "/acme/dock-packages")),
    (SDK, 165, Request("GET", "/acme/dock-packages/3")),
    (CORE, 490, Request("GET", "/")),
    (CORE, 708, Request("GET", "/serverless/usage-check")),
    (CORE, 2547, Request("GET", "/acme/dock-packages/batches")),
    (EVALS, 253, Request("GET", "/acme/model-evals", query=(("project", PROJECT),))),
    (PROJECTS, 522, Request("GET", "/acme/dock-packages/batches")),
    (PROJECTS, 799, SEARCHED),
    (RFAPI, 215, trainings.recipe("acme", PROJECT, 3, "rfdetr-medium").request),
    (RFAPI, 308, trainings.trainings("acme", PROJECT, 3).request),
    (EVENTS, 96, vision_events.write_events([event(8), event(9)]).request),
    (EVENTS, 142, vision_events.events("uc-1").request),
    (EVENTS, 285, vision_events.use_cases().request),
    (EVENTS, 323, vision_events.create_use_case("QA").request),
    (EVENTS, 552, vision_events.write_event(event()).request),
]


@pytest.mark.parametrize(
    ("file", "line", "request_"), READS, ids=lambda value: value if isinstance(value, int) else None
)
def test_an_answer_holds_what_the_mock_holds(client, mocked, file, line, request_):
    assert missing(mocked(file, line), asked(client, request_)) == []


def test_a_finished_export_holds_what_the_mock_holds(serving, client, mocked):
    serving.fake.behaviour = Behaviour(export_answers=0)
    answer = asked(client, Request("GET", "/acme/dock-packages/3/coco"))
    assert missing(mocked("test_version.py.json", 89), answer) == []


def test_an_evaluation_holds_what_the_mock_holds(client, mocked):
    (row,) = client.evaluations("acme", project=PROJECT)
    answer = asked(client, Request("GET", f"/acme/model-evals/{row.evaluation_id}"))
    assert missing(mocked(EVALS, 28), answer) == []


def test_an_image_a_job_and_an_upload_hold_what_the_mocks_hold(client, mocked):
    (row, *_) = client.run(images.search("acme", PROJECT, limit=1)).results
    assert missing(mocked(PROJECTS, 161), asked(client, images.image("acme", PROJECT, row.id).request)) == []
    (batch,) = client.batches("acme", PROJECT)
    made = annotation.create_job(
        "acme", PROJECT, name="n", batch_id=batch.id, images=1, labeler="a@b.c", reviewer="d@e.f"
    )
    assert missing(mocked(PROJECTS, 226), asked(client, made.request)) == TEMPLATES
    assert missing(mocked(CORE, 2707), asked(client, annotation.jobs("acme", PROJECT).request)) == []
    sent = uploads.upload(PROJECT, "a.jpg", jpeg(), batch="b").request
    assert missing(mocked(CORE, 1762), asked(client, sent)) == []
    assert missing(mocked(CORE, 1824), asked(client, sent)) == []


def test_a_task_holds_what_the_mocks_hold(client, mocked):
    (row, *_) = client.run(images.search("acme", PROJECT, limit=1)).results
    update = images.update_images("acme", [images.ImageUpdate(image_id=row.id, add_tags=("x",))]).request
    answer = asked(client, update)
    assert missing(mocked(CORE, 2257), answer) == []
    polled = Request("GET", answer["url"])
    assert missing(mocked("test_workspace.py.json", 85), asked(client, polled)) == []
    assert missing(mocked("test_workspace.py.json", 171), asked(client, polled)) == []


def test_a_prediction_holds_what_the_mock_holds(serving, client, mocked):
    held = serving.fake.service.shelf.version("acme", PROJECT, 3)
    body = base64.b64encode(held.bytes_of(held.pictures[-1]))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = asked(client, Request("POST", f"/{PROJECT}/3", body=body, headers=form))
    assert missing(mocked("test_object_detection.py.json", 11), answer) == []


def test_the_errors_are_those_of_the_mocks(serving, client, mocked):
    unknown = Request("GET", "/acme/dock-packages/images/nothing")
    assert asked(client, unknown) == mocked(PROJECTS, 198)
    stranger = httpx.get(serving.url, params={"api_key": "my_api_key"}, trust_env=False)
    assert stranger.json() == mocked(CORE, 423)
    job = {"name": "n", "batch": "b", "num_images": 1, "labelerEmail": "a@b.c", "reviewerEmail": "d@e.f"}
    assert asked(client, Request("POST", "/acme/dock-packages/jobs", json=job)) == mocked(PROJECTS, 280)
    invalid = asked(client, uploads.upload(PROJECT, "a.jpg", b"pixels", batch="b").request)
    assert missing(mocked(PROJECTS, 106), invalid) == []
    (row, *_) = client.run(images.search("acme", PROJECT, limit=1)).results
    again = asked(client, uploads.annotate(PROJECT, row.id, "a.xml", "<annotation/>").request)
    assert missing(mocked(PROJECTS, 140), again) == []
