from __future__ import annotations

from pathlib import Path

from tests.webhook.hostile.live import Live, live

TRICKS = (
    "/../etc/passwd",
    "/static/../../settings.py",
    "/static/..%2f..%2fsettings.py",
    "/static/%2e%2e/%2e%2e/settings.py",
    "/static/..%5c..%5csettings.py",
    "/static//etc/passwd",
    "/static/%00",
    "/problems/../openapi.json",
    "/problems/%2e%2e%2fopenapi.json",
    "/reasons/DATA101%0a",
    "/reasons/DATA101%00",
    "/runs/..%2f..%2fopenapi.json",
    "/runs/%00",
    "/runs/%ff%fe",
    "/runs/%c0%ae%c0%ae",
    "/projects/..",
    "/projects/.",
    "/projects/%2e%2e/history",
    "/projects/yard-safety%0a",
    "/projects/yard-safety;a=b",
    "/projects/" + "a" * 60_000,
    "//projects",
    "///",
    "/openapi.json/",
    "/openapi.json%3f",
    "/\\projects",
    "/projects\\yard-safety",
    "/app/..%2f..%2fopenapi.json",
    "/app/%00",
    "/app/%ff",
    "/pictures/acme/../../x",
    "/pictures/%2e/%2e/%2e",
    "*",
    "http://elsewhere.example/projects",
    "/%",
    "/%zz",
)


def test_a_path_that_is_led_astray_leads_nowhere(judged: Path) -> None:
    with live(judged) as service:
        token = service.token()
        for trick in TRICKS:
            status, body = _get(service, trick, token)
            assert status in {303, 400, 401, 404, 405, 422}, (trick, status, body[:500])
            assert b"root:" not in body
            assert b"yard-safety" not in body, trick


def test_no_answer_takes_its_address_from_the_request(judged: Path) -> None:
    with live(judged) as service:
        for place in ("/projects", "/openapi.json", "/nowhere", "/projects/", "/", "/login"):
            status, body = _get(service, place, service.token(), host="evil.example")
            assert b"evil.example" not in body, place
            assert status < 500


def _get(service: Live, target: str, token: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
    """Status and the whole answer to a request with exactly this target."""
    with service.connect() as one:
        head = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        one.sendall(head.encode("latin-1"))
        answer = b""
        while part := one.recv(65_536):
            answer += part
    return int(answer.split(b" ", 2)[1]), answer
