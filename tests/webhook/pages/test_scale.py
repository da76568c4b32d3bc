"""A page over 10,000 stored reports costs no more than three times one over a hundred."""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa

from tests.sdk.render import reports as made
from tests.webhook.pages.stored import keep_made
from tests.webhook.serving import Served, running, served
from vision_readiness_webhook.store.schema import projects, reports

FEW, MANY = 100, 10_000
PAGES = ("/", "/?state=not_proven", "/app/busy", "/app/busy/compare", "/app/busy/support")


def filled(service: Served, total: int) -> None:
    """Half of ``total`` reports are the history of one project, each of the others is of a project of its own."""
    database = service.app.state.service.database
    for n, report in enumerate((made.not_proven(), made.blocked(), made.ready())):
        keep_made(database, report, 1e9 + n, project="busy")
    with database.write() as connection:
        first = dict(connection.execute(sa.select(reports).limit(1)).mappings().one())
        place = dict(connection.execute(sa.select(projects)).mappings().one())
        rows = [{**first, "run_id": f"run-{n}", "report_id": f"{n:016x}", "sequence": -n} for n in range(1, total)]
        alone = rows[::2]
        for row in alone:
            row["project"] = f"project{row['run_id']}"
        shared = ("project", "run_id", "sequence")
        connection.execute(reports.insert(), rows)
        connection.execute(projects.insert(), [{**place, **{name: row[name] for name in shared}} for row in alone])


def test_a_page_costs_the_same_however_many_reports_are_stored(tmp_path: Path) -> None:
    costs: dict[int, dict[str, float]] = {}

    async def test() -> None:
        for total in (FEW, MANY):
            async with served(tmp_path / str(total)) as service:
                filled(service, total)
                await service.client.post("/login", data={"token": service.token()})
                costs[total] = {path: await cost(service, path) for path in PAGES}

    running(test)
    dear = {path: (costs[FEW][path], costs[MANY][path]) for path in PAGES if costs[MANY][path] > 3 * costs[FEW][path]}
    assert dear == {}


async def cost(service: Served, path: str) -> float:
    """The seconds of the page, the least of several."""
    spent = []
    for _ in range(8):
        begun = time.perf_counter()
        answer = await service.client.get(path)
        spent.append(time.perf_counter() - begun)
        assert answer.status_code == 200
    return min(spent)
