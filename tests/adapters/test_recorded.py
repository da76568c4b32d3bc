from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sdk.roboflow.scripted import EVERY_CALL, Scripted, answer
from vision_readiness.roboflow import Host, Request, Response, RoboflowClient, projects, versions
from vision_readiness.roboflow.errors import NotFoundError, ServerFailedError, UnreadableAnswerError
from vision_readiness.roboflow.exports import download
from vision_readiness_adapters.recorded import RecordedTransport, Recorder

KEY = "Zq9vEryS3cretKey_42"
LINK = f"https://app.roboflow.com/ds/abc?key={KEY}&x=1"
JSON = {"content-type": "application/json", "set-cookie": KEY, "x-request-id": "r-1", "authorization": KEY}


def written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() + str(path).encode() for path in sorted(folder.rglob("*")) if path.is_file())


def record(folder: Path, *answers: Response, requests: list[Request]) -> RecordedTransport:
    recorder = Recorder(Scripted(list(answers)), folder, secrets=[KEY])
    for request in requests:
        recorder.send(request)
    return RecordedTransport(folder)


def test_what_was_recorded_is_answered_again(tmp_path):
    body = {"workspace": {"url": "acme", "projects": [{"id": "acme/dock", "versions": 2}]}}
    transport = record(tmp_path, answer(body), requests=[projects.workspace("acme").request])
    assert RoboflowClient(transport).projects("acme")[0].slug == "dock"


def test_answers_come_in_their_order_and_the_last_stays(tmp_path):
    building, done = answer({"progress": 0.5}, 202), answer({"export": {"link": LINK}})
    call = EVERY_CALL["export"]
    client = RoboflowClient(record(tmp_path, building, done, requests=[call.request, call.request]))
    assert [client.run(call).is_ready for _ in range(3)] == [False, True, True]


def test_the_order_of_a_query_and_a_key_in_it_do_not_matter(tmp_path):
    asked = Request("GET", "/acme", query=(("b", "2"), ("api_key", KEY), ("a", "1")))
    transport = record(tmp_path, answer({}), requests=[asked])
    assert transport.send(Request("GET", "/acme", query=(("a", "1"), ("b", "2")))).status == 200


def test_searches_are_told_apart_by_what_they_ask(tmp_path):
    first, second = (Request("POST", "/acme/dock/search", json={"offset": offset}) for offset in (0, 250))
    transport = record(tmp_path, answer({"results": [1]}), answer({"results": []}), requests=[first, second])
    assert [json.loads(transport.send(request).body)["results"] for request in (second, first)] == [[], [1]]


def test_a_recording_holds_no_secret(tmp_path):
    leaky = Response(200, JSON, json.dumps({"export": {"link": LINK}, "key": KEY, "note": f"for {KEY}"}).encode())
    page = Response(403, {"content-type": "text/html"}, f"<title>{KEY}</title>".encode())
    transport = record(tmp_path, leaky, page, requests=[EVERY_CALL["export"].request, download(LINK)])
    assert KEY.encode() not in written(tmp_path)
    read = RoboflowClient(transport).export("acme", "dock", 3, "coco")
    assert read.link == "https://app.roboflow.com/ds/abc?key=redacted&x=1"
    assert transport.send(download(read.link)).status == 403


def test_a_link_key_is_hidden_even_when_it_is_not_ours(tmp_path):
    record(tmp_path, answer({"export": {"link": "https://x.test/ds?key=0therS3cret"}}, content_type="application/json"),
           requests=[EVERY_CALL["export"].request])  # fmt: skip
    assert b"0therS3cret" not in written(tmp_path)


def test_a_download_is_recorded_byte_by_byte_once_it_is_whole(tmp_path):
    archive = Response(200, {"content-type": "application/zip"}, b"PK\x03\x04" + bytes(range(256)))
    recorder = Recorder(Scripted([archive]), tmp_path)
    with recorder.stream(download(LINK)) as stream:
        next(stream.chunks)
    assert written(tmp_path) == b""
    with recorder.stream(download(LINK)) as stream:
        whole = b"".join(stream.chunks)
    with RoboflowClient(RecordedTransport(tmp_path)).stream(download(LINK)) as stream:
        assert b"".join(stream.chunks) == whole == archive.body


def test_errors_are_recorded_too_and_waiting_for_them_takes_no_time(tmp_path):
    down = answer({"error": "down"}, 503, retry_after="100")
    transport = record(tmp_path, down, requests=[versions.version("acme", "dock", 3).request])
    with pytest.raises(ServerFailedError, match="down"):
        RoboflowClient(transport).run(EVERY_CALL["version"])
    assert transport.perf() == 0.0


def test_what_was_not_recorded_is_not_found(tmp_path):
    with pytest.raises(NotFoundError, match="no recorded answer to GET /acme/dock/3"):
        RoboflowClient(RecordedTransport(tmp_path)).run(EVERY_CALL["version"])


def test_a_recording_may_be_written_by_hand(tmp_path):
    folder = tmp_path / "the only version"
    folder.mkdir()
    (folder / "request.json").write_text('{"method": "POST", "path": "/acme/dock/search"}')
    (folder / "1.json").write_text('{"status": 200}')
    (folder / "1.body").write_text('{"results": []}')
    transport = RecordedTransport(tmp_path)
    assert RoboflowClient(transport).run(EVERY_CALL["search"]).results == ()


@pytest.mark.parametrize(
    "damage", ["", "{}", "[]", "null", '{"method": 1', '{"method": "GET", "path": "/", "query": 3}']
)
def test_a_damaged_recording_is_named(tmp_path, damage):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "request.json").write_text(damage)
    with pytest.raises(UnreadableAnswerError, match=r"request\.json is damaged"):
        RecordedTransport(tmp_path)


@pytest.mark.parametrize("damage", ["", "{}", "[]", '{"status": "x"}', '{"status": 200, "headers": []}'])
def test_a_damaged_answer_is_named(tmp_path, damage):
    record(tmp_path, answer({}), requests=[Request("GET", "/", host=Host.API)])
    next(tmp_path.glob("*/1.json")).write_text(damage)
    with pytest.raises(UnreadableAnswerError, match=r"1\.json is damaged"):
        RecordedTransport(tmp_path).send(Request("GET", "/"))
