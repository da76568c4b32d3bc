from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute, Mount, Route

from tests.webhook.api.asking import JobsOnPaper, asking
from tests.webhook.api.described import BASE, description
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


def test_what_the_service_says_of_itself_is_what_answers_are_held_against(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            assert (await client.get("/openapi.json")).json() == json.loads(json.dumps(description()))

    running(test)


def test_everything_that_can_be_asked_for_is_answered_as_promised(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            report = (await client.get("/projects/yard-safety")).json()["standing"]["report_id"]
            run = (await client.service.deliver(created("yard-safety", 6))).json()["run"]
            await client.ask("PUT", "/projects/yard-safety/spec", {"text": "approved_by: Neha"})
            query = {
                "/vision-readiness/model": "?train=yard-safety/5",
                "/projects/{project}/compare": f"?with={report}",
                "/projects/{project}/what-if": "?threshold=0.5",
            }
            ids = {"project": "yard-safety", "report_id": report, "run_id": run, "name": "stale-model"}
            for path, here in description()["paths"].items():
                if "get" in here:
                    answer = await client.get(path.format(**ids, code="DATA101") + query.get(path, ""))
                    assert answer.status_code == 200, (path, answer.text)

    running(test)


def test_a_refusal_leads_to_a_page_about_it(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            for method, place, body, status in (
                ("GET", f"/runs/{'0' * 32}", None, 404),
                ("GET", "/vision-readiness/model", None, 422),
                ("POST", "/vision-readiness/scan", {"dataset": 5}, 422),
                ("POST", "/vision-readiness/deploy", {"model": "nobody/1"}, 404),
                ("POST", "/webhooks/roboflow", {}, 401),
                ("POST", "/webhooks/roboflow/acme/yard-safety", {}, 401),
            ):
                answer = await client.ask(method, place, body)
                assert answer.status_code == status
                assert answer.headers["content-type"] == "application/problem+json"
                assert (await client.get(answer.json()["type"].removeprefix(BASE))).status_code == 200

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
            for place, word in (("/problems/stale-model", "newer"), ("/reasons/DATA101", "few training objects")):
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
