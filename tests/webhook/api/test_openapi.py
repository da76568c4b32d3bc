from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from starlette.routing import BaseRoute, Mount, Route

from tests.webhook.api.asking import Asking, JobsOnPaper, asking
from tests.webhook.serving import created, running, settings_in
from vision_readiness_webhook import create_app
from vision_readiness_webhook.api.dispatch import _Endpoint
from vision_readiness_webhook.api.names import MEANINGS, PATTERNS
from vision_readiness_webhook.api.openapi import problems_of
from vision_readiness_webhook.problems import PROBLEMS

PACKAGE = Path(__file__).parents[3] / "webhook" / "vision_readiness_webhook"


def test_every_route_of_the_api_is_described_and_nothing_else(tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path), job_engine=JobsOnPaper())
    served = {
        (method.lower(), path)
        for path, route in _routes(app.routes)
        if isinstance(getattr(route.endpoint, "__self__", None), _Endpoint)
        for method in (route.methods or set()) - {"HEAD"}
    }
    app.state.service.database.close()
    described: set[tuple[str, str]] = set()

    async def test() -> None:
        async with asking(tmp_path) as client:
            paths = (await client.get("/openapi.json")).json()["paths"]
            described.update((method, path) for path, here in paths.items() for method in here)

    running(test)
    assert served == described
    assert len(served) > 15


def test_every_answer_fits_its_schema(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            document = (await client.get("/openapi.json")).json()
            report = (await client.get("/projects/yard-safety")).json()["standing"]["report_id"]
            run = (await client.service.deliver(created("yard-safety", 6))).json()["run"]
            seen = set()
            for method, path, place, body in _questions(report, run):
                answer = await _ask(client, method, place, body)
                seen.add((method, path))
                _fits(document, method, path, answer.status_code, answer.json())
                assert answer.status_code < 300, (place, answer.text)
            gets = {(method, path) for path, here in document["paths"].items() for method in here if method == "get"}
            assert gets - seen == set()

    running(test)


def test_every_refusal_fits_its_schema(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            document = (await client.get("/openapi.json")).json()
            for method, path, body, status in (
                ("get", "/runs/{run_id}", None, 404),
                ("get", "/vision-readiness/model", None, 422),
                ("post", "/vision-readiness/scan", {"dataset": 5}, 422),
                ("post", "/vision-readiness/deploy", {"model": "nobody/1"}, 404),
                ("post", "/webhooks/roboflow", {}, 401),
            ):
                answer = await _ask(client, method, path.format(run_id="0" * 32), body)
                assert answer.status_code == status
                assert answer.headers["content-type"] == "application/problem+json"
                _fits(document, method, path, status, answer.json(), "application/problem+json")
                page = answer.json()["type"].removeprefix("http://127.0.0.1:8000")
                assert (await client.get(page)).status_code == 200

    running(test)


def test_every_problem_that_is_raised_is_in_the_table_with_its_status() -> None:
    raised = [
        (int(status), name, path.name)
        for path in PACKAGE.rglob("*.py")
        for status, name in re.findall(r"ProblemError\(\s*(\d{3}),\s*\"([a-z-]+)\"", path.read_text("utf-8"))
    ]
    assert len(raised) > 15
    for status, name, where in raised:
        assert (name in PROBLEMS, status) == (True, PROBLEMS[name].status), where


def test_pages_of_problems_and_reasons_are_for_anybody_and_escaped(tmp_path: Path) -> None:
    async def test() -> None:
        async with asking(tmp_path) as client:
            for place, word in (("/problems/stale-model", "stands"), ("/reasons/DATA101", "few training objects")):
                page = await client.service.client.get(place, headers={"accept": "text/html"})
                assert page.headers["content-type"] == "text/html; charset=utf-8"
                assert "default-src 'none'" in page.headers["content-security-policy"]
                assert word in page.text.lower()
            for place in ("/problems/nothing-such", "/reasons/DATA999", "/problems/%3Cscript%3E"):
                assert (await client.service.client.get(place)).status_code == 404

    running(test)


def test_every_part_of_a_path_is_explained() -> None:
    assert set(PATTERNS) == set(MEANINGS)


def test_what_a_handler_may_raise_is_declared(tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path), job_engine=JobsOnPaper())
    for _, route in _routes(app.routes):
        endpoint = getattr(route.endpoint, "__self__", None)
        if isinstance(endpoint, _Endpoint):
            for operation in endpoint.operations.values():
                assert set(operation.problems) <= set(problems_of(operation)), operation.name
    app.state.service.database.close()


def _routes(routes: Any, prefix: str = "") -> Iterator[tuple[str, Route]]:
    for route in routes:
        assert isinstance(route, BaseRoute)
        if isinstance(route, Mount):
            yield from _routes(route.routes, prefix + route.path)
        elif isinstance(route, Route):
            yield prefix + route.path, route


def _questions(report: str, run: str) -> list[tuple[str, str, str, Any]]:
    here = "/projects/{project}"
    return [
        ("get", "/projects", "/projects?limit=1", None),
        ("get", here, "/projects/yard-safety", None),
        ("get", f"{here}/history", "/projects/yard-safety/history", None),
        ("get", f"{here}/compare", f"/projects/yard-safety/compare?with={report}", None),
        ("get", f"{here}/what-if", "/projects/yard-safety/what-if?threshold=0.5", None),
        ("get", "/reports/{report_id}", f"/reports/{report}", None),
        ("get", "/runs", "/runs", None),
        ("get", "/runs/{run_id}", f"/runs/{run}", None),
        ("get", "/outbox", "/outbox", None),
        ("get", "/problems/{name}", "/problems/not-found", None),
        ("get", "/reasons/{code}", "/reasons/DATA101", None),
        ("get", "/openapi.json", "/openapi.json", None),
        ("get", "/vision-readiness/model", "/vision-readiness/model?train=yard-safety/5", None),
        ("get", "/vision-readiness/model", "/vision-readiness/model?train=yard-safety/5&threshold=0.9", None),
        ("post", "/vision-readiness/deploy", "/vision-readiness/deploy", {"model": "dock-packages/3", "target": "x"}),
        ("post", "/vision-readiness/scan", "/vision-readiness/scan", {"dataset": "dock-packages", "version": 3}),
        ("post", "/vision-readiness/scan", "/vision-readiness/scan", {"dataset": "dock-packages", "version": 9}),
    ]


async def _ask(client: Asking, method: str, place: str, body: Any) -> Any:
    return await (client.get(place) if method == "get" else client.post(place, body))


def _fits(document: Any, method: str, path: str, status: int, plain: Any, media_type: str = "application/json") -> None:
    schema = document["paths"][path][method]["responses"][str(status)]["content"][media_type]["schema"]
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(plain)
