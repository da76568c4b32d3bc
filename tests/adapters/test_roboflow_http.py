from __future__ import annotations

import gzip
import io
import logging
import pickle
import socket
import threading
import traceback
from contextlib import contextmanager
from urllib.parse import quote

import httpx
import pytest
import respx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sdk.roboflow.scripted import EVERY_CALL
from vision_readiness.roboflow import Host, Request, RoboflowClient, RoboflowError, projects
from vision_readiness.roboflow.errors import (
    DeadlineError,
    KeyRejectedError,
    NoAnswerError,
    RedirectedError,
    UnreadableAnswerError,
)
from vision_readiness.roboflow.exports import download
from vision_readiness_adapters.roboflow_http import LiveTransport, open_roboflow
from vision_readiness_adapters.roboflow_settings import Secret, Settings

KEY = "Zq9vEryS3cretKey_42"
API = "https://api.roboflow.com"
LINK = f"https://app.roboflow.com/ds/abc?key=L1nk{KEY}"


@pytest.fixture
def transport(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LiveTransport(Settings(key=Secret(KEY))) as live:
        monkeypatch.setattr(live, "sleep", lambda _: None)
        yield live


@pytest.fixture
def client(transport):
    return RoboflowClient(transport)


@respx.mock
def test_the_key_travels_in_a_header_and_not_in_the_address(client):
    route = respx.get(f"{API}/").respond(json={"workspace": "acme"})
    assert client.run(projects.key_owner()).workspace == "acme"
    sent = route.calls[0].request
    assert sent.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in str(sent.url)
    assert sent.headers["user-agent"].startswith("vision-readiness/")


def where_keyed(call):
    return ("header" if "authorization" in call.request.headers else "", call.request.url.params.get("api_key"))


@respx.mock
@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_the_header_does_not_carry_is_asked_with_in_the_query_and_that_is_remembered(client, status):
    route = respx.get(f"{API}/").mock(
        side_effect=lambda sent: httpx.Response(
            200 if "api_key" in sent.url.params else status, json={"workspace": "a"}
        )
    )
    for _ in range(2):
        assert client.run(projects.key_owner()).workspace == "a"
    assert [where_keyed(call) for call in route.calls] == [("header", None), ("header", KEY), ("header", KEY)]


@respx.mock
def test_a_key_that_is_wrong_everywhere_is_asked_with_twice_and_then_no_more(client):
    route = respx.get(f"{API}/").respond(401, json={"error": f"no such key {KEY}"})
    for _ in range(2):
        with pytest.raises(KeyRejectedError) as caught:
            client.run(projects.key_owner())
        assert KEY not in "".join(traceback.format_exception(caught.value))
    assert [where_keyed(call)[1] for call in route.calls] == [None, KEY, None]


@respx.mock
def test_without_a_key_none_is_sent():
    route = respx.get(f"{API}/").respond(401, json={"error": "no key"})
    with LiveTransport(Settings()) as live, pytest.raises(KeyRejectedError, match="ROBOFLOW_API_KEY"):
        RoboflowClient(live).run(projects.key_owner())
    assert "authorization" not in route.calls[0].request.headers


@respx.mock
def test_a_search_is_sent_as_json_and_a_query_as_it_is(client):
    search = respx.post(f"{API}/acme/dock/search").respond(json={"results": []})
    version = respx.get(f"{API}/acme/dock%207/3", params={"nocache": "true"}).respond(json={"version": {"images": 1}})
    assert list(client.search("acme", "dock", tag="nächtlich & nass")) == []
    assert search.calls[0].request.headers["content-type"] == "application/json"
    assert "nächtlich & nass".encode() in search.calls[0].request.content
    assert client.version("acme", "dock 7", 3).images == 1
    assert version.called


@respx.mock
def test_a_write_carries_its_key_of_one_use_over_its_attempts(client):
    route = respx.post(f"{API}/acme/dock/images/i1/tags").mock(
        side_effect=[httpx.Response(503), httpx.Response(200, json={"success": True})]
    )
    client.run(EVERY_CALL["tag"])
    first, second = (call.request.headers["idempotency-key"] for call in route.calls)
    assert first == second
    assert len(first) > 20


@respx.mock
def test_an_answer_sent_elsewhere_is_not_followed_with_the_key(client):
    respx.get(f"{API}/").respond(302, headers={"location": f"https://evil.test/?k={KEY}"})
    stolen = respx.get("https://evil.test/").respond(json={"workspace": "x"})
    with pytest.raises(RedirectedError):
        client.run(projects.key_owner())
    assert not stolen.called


@respx.mock
def test_a_link_is_followed_without_the_key(client):
    first = respx.get("https://app.roboflow.com/ds/abc").respond(302, headers={"location": "https://store.test/z?X=1"})
    stored = respx.get("https://store.test/z").respond(content=b"PK..", headers={"content-length": "4"})
    with client.stream(download(LINK, begin=2)) as stream:
        assert (b"".join(stream.chunks), stream.headers["content-length"]) == (b"PK..", "4")
    for route in (first, stored):
        assert "authorization" not in route.calls[0].request.headers
        assert route.calls[0].request.headers["range"] == "bytes=2-"
    assert first.calls[0].request.url.params["key"] == f"L1nk{KEY}"


@respx.mock
@pytest.mark.parametrize("location", ["http://store.test/z", "ftp://store.test/z", "", "https://[", "/ds/abc"])
def test_a_link_that_leads_nowhere_good_is_left(client, location):
    respx.get("https://app.roboflow.com/ds/abc").respond(302, headers={"location": location})
    with pytest.raises(UnreadableAnswerError, match="link"), client.stream(download(LINK)):
        pass


@pytest.mark.parametrize("link", ["", "/ds/abc", "file:///etc/passwd", "https://[", "javascript:1", "https://\x00"])
def test_what_is_no_web_address_is_no_link(client, link):
    with pytest.raises(RoboflowError), client.stream(download(link)):
        pass


@respx.mock
@pytest.mark.parametrize(
    ("raised", "kind", "attempts"),
    [(httpx.ConnectError, NoAnswerError, 3), (httpx.ReadError, NoAnswerError, 3), (httpx.ReadTimeout, DeadlineError, 3),
     (httpx.RemoteProtocolError, NoAnswerError, 3), (httpx.ConnectTimeout, DeadlineError, 3),
     (httpx.ProxyError, NoAnswerError, 3)],
)  # fmt: skip
def test_no_answer_is_an_error_of_the_tree_after_two_retries(client, raised, kind, attempts):
    route = respx.get(f"{API}/acme/dock").mock(side_effect=raised(f"https://x/?api_key={KEY}"))
    with pytest.raises(kind, match=r"GET /acme/dock") as caught:
        client.run(EVERY_CALL["project"])
    assert type(caught.value) is kind
    assert route.call_count == attempts
    assert caught.value.__context__ is None


@respx.mock
@pytest.mark.parametrize(
    ("raised", "attempts"), [(httpx.ConnectError, 3), (httpx.ReadTimeout, 1), (httpx.ReadError, 1)]
)
def test_what_must_not_happen_twice_is_sent_again_only_if_it_never_left(client, raised, attempts):
    route = respx.post(f"{API}/acme/dock/jobs").mock(side_effect=raised("x"))
    with pytest.raises(NoAnswerError):
        client.run(EVERY_CALL["create_job"])
    assert route.call_count == attempts


@respx.mock
def test_an_answer_above_the_limit_is_refused(transport):
    respx.get(f"{API}/big").respond(content=b"x" * 2048)
    with pytest.raises(UnreadableAnswerError, match="above 0 MB"):
        transport.send(Request("GET", "/big", most_bytes=1024))


@respx.mock
def test_a_compressed_answer_is_opened_and_one_that_unpacks_too_far_refused(transport):
    packed = gzip.compress(b"[" + b" " * 10**6 + b"]")
    respx.get(f"{API}/z").respond(content=packed, headers={"content-encoding": "gzip"})
    response = transport.send(Request("GET", "/z"))
    assert len(response.body) == 10**6 + 2
    assert "content-length" not in response.headers
    with pytest.raises(UnreadableAnswerError, match="above"):
        transport.send(Request("GET", "/z", most_bytes=10**5))


def test_a_transport_is_shown_without_its_key_and_can_be_handed_to_a_worker(transport):
    assert KEY not in repr(transport)
    with pickle.loads(pickle.dumps(transport)) as again:  # noqa: S301 - our own
        assert again.settings == transport.settings


def test_the_client_is_opened_with_the_key_that_is_given(monkeypatch, tmp_path):
    monkeypatch.setenv("ROBOFLOW_API_KEY", "of-the-environment")
    monkeypatch.setenv("ROBOFLOW_CONFIG_DIR", str(tmp_path / "none"))
    assert open_roboflow().transport.settings.key.reveal() == "of-the-environment"
    assert open_roboflow(api_key="mine").transport.settings.key.reveal() == "mine"


@contextmanager
def everything_logged():
    """All that any logger says, at its lowest level."""
    said = io.StringIO()
    handler, root = logging.StreamHandler(said), logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("", "httpx", "httpcore")}
    root.addHandler(handler)
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        root.removeHandler(handler)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def shown(error):
    """An error as it may meet an eye: its text, its traceback, and the local variables of our frames and below."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename != __file__]
    text = [f"{error} {error!r} {vars(error)}", *traceback.format_exception(error)]
    return "\n".join(text + [f"{name}={value!r}" for frame in frames for name, value in frame.f_locals.items()])


FAILURES = st.one_of(
    st.sampled_from([httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]).map(
        lambda kind: kind(f"GET {API}/?api_key={KEY} b'Bearer {KEY}'")
    ),
    st.builds(
        lambda status, body, headers: httpx.Response(status, content=body, headers=headers),
        st.sampled_from([200, 302, 400, 401, 404, 423, 429, 500, 501]),
        st.sampled_from([
            f'{{"error": {{"message": "The key {KEY} is revoked", "key": "{KEY}"}}}}', f"<title>{KEY}</title>", KEY,
            f'{{"error": "{KEY}", "message": "{quote(KEY)}", "hint": "?api_key={KEY}"}}', f'["{KEY}"]',
            f'{{"version": "{KEY}", "detail": [{{"loc": ["{KEY}"], "msg": "{KEY}"}}]}}', "x" * 65530 + KEY,
        ]),
        st.dictionaries(st.sampled_from(["location", "x-request-id", "retry-after", "content-type"]),
                        st.sampled_from([KEY, f"https://x.test/?api_key={KEY}", f"text/{KEY}"])),
    ),
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(failure=FAILURES, name=st.sampled_from(["version", "project", "create_job", "key_owner"]))
def test_no_failure_shows_the_key(transport, failure, name):
    effect = failure if isinstance(failure, Exception) else (lambda _: failure)
    with everything_logged() as said, respx.mock:
        respx.route().mock(side_effect=effect)
        with pytest.raises(RoboflowError) as caught:
            RoboflowClient(transport).run(EVERY_CALL[name])
    assert KEY not in shown(caught.value)
    assert KEY not in said.getvalue()
    assert f"{API}/" in said.getvalue() or isinstance(failure, Exception)


@contextmanager
def serving(*answers):
    """A server on this machine that gives each connection one answer: bytes, slowly if there are several."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def serve():
        for pieces in answers:
            connection, _ = listener.accept()
            with connection:
                heard.append(connection.recv(65536))
                for piece in pieces:
                    if over.wait(0.05 if len(pieces) > 1 else 0):
                        break
                    try:
                        connection.sendall(piece)
                    except OSError:
                        break

    over = threading.Event()
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
    finally:
        over.set()
        listener.close()
        thread.join(5)


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"


ASKED_OF_A_MODEL = Request("POST", "/dock/3", Host.INFERENCE, (("overlap", "0.5"),), body=b"x")


def everything_of(error):
    """The traceback with the values of every frame but the test's own, as services that collect errors keep it."""
    below = error.__traceback__.tb_next
    return "".join(traceback.TracebackException(type(error), error, below, capture_locals=True).format())


@respx.mock
@pytest.mark.parametrize("raised", [httpx.ConnectError, httpx.ReadTimeout, httpx.InvalidURL])
def test_no_failure_of_an_endpoint_shows_the_key_that_stands_in_its_address(transport, raised):
    route = respx.post("https://serverless.roboflow.com/dock/3").mock(side_effect=raised("x"))
    with pytest.raises(RoboflowError) as caught:
        RoboflowClient(transport).send(ASKED_OF_A_MODEL)
    assert route.calls[0].request.url.params["api_key"] == KEY
    assert KEY not in everything_of(caught.value)


def test_over_a_real_socket_nothing_is_logged_of_the_key_or_a_link_but_the_server_gets_them():
    body = b'{"workspace": "acme"}'
    refused = b'{"message": "Unauthorized api_key ' + KEY.encode() + b'"}'
    answers = ([OK % len(body) + body], [OK % 2 + b"PK"], [(OK % len(refused)).replace(b"200 OK", b"401 X") + refused])
    with (
        everything_logged() as said,
        serving(*answers) as (url, heard),
        LiveTransport(Settings(api_url=url, inference_url=url, key=Secret(KEY))) as live,
    ):
        assert RoboflowClient(live).run(projects.key_owner()).workspace == "acme"
        with RoboflowClient(live).stream(download(f"{url}/ds?key=L1nk{KEY}")) as stream:
            assert b"".join(stream.chunks) == b"PK"
        with pytest.raises(KeyRejectedError) as caught:
            RoboflowClient(live).send(ASKED_OF_A_MODEL)
    assert f"POST /dock/3?overlap=0.5&api_key={KEY} ".encode() in heard[2]
    assert KEY not in everything_of(caught.value)
    assert f"Bearer {KEY}".encode() in heard[0]
    assert f"?key=L1nk{KEY}".encode() in heard[1]
    assert f"Bearer {KEY}".encode() not in heard[1]
    assert KEY not in said.getvalue()
    assert "send_request_headers" in said.getvalue()


@pytest.mark.parametrize(
    "cut", [b"", b"HTTP/1.1 200", OK % 100 + b"{", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"]
)
def test_an_answer_that_breaks_off_is_no_answer(cut):
    with serving([cut]) as (url, _), LiveTransport(Settings(api_url=url, key=Secret(KEY))) as live:
        with pytest.raises(NoAnswerError, match="broke off") as caught:
            live.send(Request("GET", "/acme"))
        assert KEY not in shown(caught.value)


def test_an_answer_that_is_compressed_wrongly_is_unreadable():
    wrong = (OK % 4).replace(b"Connection", b"Content-Encoding: gzip\r\nConnection") + b"nope"
    with (
        serving([wrong]) as (url, _),
        LiveTransport(Settings(api_url=url)) as live,
        pytest.raises(UnreadableAnswerError, match="wrongly"),
    ):
        live.send(Request("GET", "/acme"))


def test_a_body_that_drips_meets_the_deadline():
    drips = [OK % 10**6, *([b" "] * 100)]
    with serving(drips) as (url, _), LiveTransport(Settings(api_url=url)) as live, pytest.raises(DeadlineError):
        live.send(Request("GET", "/acme", deadline_seconds=0.3))


def test_a_server_that_says_nothing_meets_the_deadline():
    silence = serving([b""] * 40)
    with silence as (url, _), LiveTransport(Settings(api_url=url)) as live, pytest.raises(DeadlineError, match="/acme"):
        live.send(Request("GET", "/acme", deadline_seconds=0.2))


def test_a_port_where_nobody_listens_is_not_reached():
    with serving() as (url, _):
        pass
    with (
        LiveTransport(Settings(api_url=url)) as live,
        pytest.raises(NoAnswerError, match="cannot be reached") as caught,
    ):
        live.send(Request("GET", "/acme"))
    assert not caught.value.sent


def test_the_proxy_of_the_machine_is_used_but_not_for_what_it_leaves_out(monkeypatch):
    body = b'{"workspace": "acme"}'
    answers = [OK % len(body) + body]
    with serving(answers) as (proxy, through), serving(answers) as (direct, straight):
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        for address in ("http://roboflow.local", direct):
            with LiveTransport(Settings(api_url=address)) as live:
                assert live.send(Request("GET", "/acme")).body == body
    assert through[0].startswith(b"GET http://roboflow.local/acme ")
    assert straight[0].startswith(b"GET /acme ")
