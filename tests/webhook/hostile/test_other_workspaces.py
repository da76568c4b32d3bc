from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from pydantic import BaseModel
from starlette.routing import Route

from tests.webhook.api.asking import JobsOnPaper
from tests.webhook.serving import Served, running, served
from vision_readiness import Waiver
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_webhook.access import Role
from vision_readiness_webhook.api.dispatch import _Endpoint
from vision_readiness_webhook.registry import StaticRegistry, Workspace
from vision_readiness_webhook.store.given import add_waiver, save_spec
from vision_readiness_webhook.store.schema import metadata, outbox, pictures, reports

NOT_THERE = {
    "workspace": "nobody",
    "project": "no-such-project",
    "run_id": "0" * 32,
    "report_id": "0" * 16,
    "message_id": "0" * 32,
    "waiver_id": "0" * 32,
    "evidence_key": "0" * 64,
    "picture_id": "0" * 40,
}
SAME = {"number": "0", "name": "not-found", "code": "DATA101"}
"""Parts of a path that belong to no workspace."""

ALIASES = {"run": "run_id", "report": "report_id", "picture": "picture_id", "waiver": "waiver_id"}
SAID = {
    "version": 5,
    "text": "approved_by: Mallory",
    "code": "MODEL401",
    "subject": "forklift",
    "reason": "none of your business",
    "expires": "2099-01-01",
    "fix": "Label more",
    "step": "opened",
    "type": "version.created",
    "timestamp": "2026-11-20T12:00:00Z",
    "data": {},
}
OF_WORKSPACES = [one for one in metadata.sorted_tables if "workspace" in one.c and one.name != "audit_heads"]


def test_what_is_anothers_is_answered_as_what_is_not_there_on_every_route(judged: Path) -> None:
    """Asked for by each route of the table that the application is made of, so that a new route is asked too."""

    async def test() -> None:
        two = {name: Workspace(name=name, source=str(bundled_workspace())) for name in ("acme", "beta")}
        async with served(judged, job_engine=JobsOnPaper(), registry=StaticRegistry(two)) as service:
            there = _everything_of_acme(service)
            token = service.token(Role.DEPLOYER, "beta", "mallory@beta.example")
            before = _rows_of_acme(service)
            probed = 0
            for method, route in _routes(service):
                answers = [
                    _normal(await _probe(service, token, method, route, ids), there) for ids in (there, NOT_THERE)
                ]
                assert answers[0] == answers[1], (method, route.path)
                assert "forklift" not in answers[0][2], (method, route.path)
                probed += 1
            assert probed > 40
            assert _rows_of_acme(service) == before

    running(test)


def test_lists_hold_nothing_of_anothers(judged: Path) -> None:
    async def test() -> None:
        two = {name: Workspace(name=name, source=str(bundled_workspace())) for name in ("acme", "beta")}
        async with served(judged, job_engine=JobsOnPaper(), registry=StaticRegistry(two)) as service:
            there = _everything_of_acme(service)
            token = service.token(Role.DEPLOYER, "beta", "mallory@beta.example")
            for method, route in _routes(service):
                if method == "GET" and "{" not in route.path:
                    answer = await _probe(service, token, method, route, NOT_THERE)
                    for one in (*there.values(), "yard-safety", "neha@acme.example"):
                        if route.path != "/openapi.json":
                            assert one not in answer.text, (route.path, one)

    running(test)


def _routes(service: Served) -> Iterator[tuple[str, Route]]:
    for route in service.app.routes:
        assert isinstance(route, Route), f"{route} is of a kind that is not probed yet"
        for method in sorted((route.methods or set()) - {"HEAD"}):
            yield method, route


async def _probe(service: Served, token: str, method: str, route: Route, ids: Mapping[str, str]) -> httpx.Response:
    """The answer to a request of somebody else's for what ``ids`` name."""
    values = {}
    for name in re.findall(r"\{(\w+)(?::\w+)?\}", route.path):
        known = {**ids, **SAME}
        assert ALIASES.get(name, name) in known, f"what may stand for {name} in {route.path}?"
        values[name] = known[ALIASES.get(name, name)]
    path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values[found[1]], route.path)
    headers = {"authorization": f"Bearer {token}"}
    endpoint = getattr(route.endpoint, "__self__", None)
    if not isinstance(endpoint, _Endpoint):
        form = {"a": "b"} if method == "POST" else None
        query = {"with": ids["report_id"]}
        return await service.client.request(method, path, headers=headers, params=query, data=form)
    operation = endpoint.operations[method]
    query = _filled(operation.query, ids)
    body = _filled(operation.body, ids) if operation.takes_body else None
    return await service.client.request(method, path, headers=headers, params=query, json=body)


def _filled(model: type[BaseModel], ids: Mapping[str, str]) -> dict[str, Any]:
    """What the model cannot do without, about what ``ids`` name."""
    about = {
        **SAID,
        **ids,
        "dataset": ids["project"],
        "with": ids["report_id"],
        "train": f"{ids['project']}/5",
        "model": f"{ids['project']}/5",
    }
    found = {}
    for name, one in model.model_fields.items():
        called = one.alias or name
        if one.is_required() or called in ids:
            assert called in about, f"what may stand for {called} of {model.__name__}?"
            found[called] = about[called]
    return found


def _normal(answer: httpx.Response, there: Mapping[str, str]) -> tuple[int, dict[str, str], str]:
    """The answer without what was asked for, and without what is new each time."""
    text = answer.text
    passing = {"date", "etag", "content-length", "set-cookie"}
    headers = {name: value for name, value in answer.headers.items() if name not in passing}
    for value in sorted((*there.values(), *NOT_THERE.values()), key=len, reverse=True):
        text = text.replace(value, "ID")
        headers = {name: one.replace(value, "ID") for name, one in headers.items()}
    new = re.compile(r"\b[0-9a-f]{32}\b|\d{4}-\d\d-\d\dT[\d:.]+Z?")
    return answer.status_code, {name: new.sub("NEW", one) for name, one in headers.items()}, new.sub("NEW", text)


def _everything_of_acme(service: Served) -> dict[str, str]:
    """The ids of one of each thing that acme has."""
    service.token()
    with service.app.state.service.database.write() as connection:
        row = connection.execute(sa.select(reports).where(reports.c.project == "yard-safety")).one()
        save_spec(connection, "acme", "yard-safety", "approved_by: Neha", "neha@acme.example", time.time())
        waiver = Waiver("MODEL401", "forklift", "Neha", "seen", date(2099, 1, 1))
        waiver_id = add_waiver(connection, "acme", "yard-safety", waiver, "neha@acme.example", time.time())
        message = {"message_id": "a" * 32, "workspace": "acme", "project": "yard-safety", "run_id": row.run_id}
        more = {"channel": "slack", "address": "https://hooks.example/x", "state": "dead", "attempts": 9}
        connection.execute(outbox.insert().values(**message, **more, created_at=1.0))
        picture = {"workspace": "acme", "evidence_key": row.evidence_key, "picture_id": "b" * 40, "jpeg": b"jpeg"}
        connection.execute(pictures.insert().values(**picture))
    return {
        "workspace": "acme",
        "project": "yard-safety",
        "run_id": row.run_id,
        "report_id": row.report_id,
        "message_id": "a" * 32,
        "waiver_id": waiver_id,
        "evidence_key": row.evidence_key,
        "picture_id": "b" * 40,
    }


def _rows_of_acme(service: Served) -> dict[str, list[Any]]:
    with service.app.state.service.database.read() as connection:
        return {
            one.name: sorted(map(repr, connection.execute(sa.select(one).where(one.c.workspace == "acme"))))
            for one in OF_WORKSPACES
        }
