"""Pages over 10,000 stored reports: what a project's pages ask of the database does not grow, nor what they show."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.sdk.render import reports as made
from tests.webhook.pages.stored import keep_made
from tests.webhook.serving import Served, running, served
from vision_readiness_webhook.store.schema import projects, reports

FEW, MANY = 100, 10_000
STRIDE = 10
"""Steps of SQLite's machine that count as one: an entry of an index is read and counted in eight."""
OVERVIEW = ("/", "/?state=not_proven")
PAGES = (*OVERVIEW, "/app/busy", "/app/busy/compare", "/app/busy/support")


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
    costs: dict[int, dict[str, int]] = {}

    async def test() -> None:
        for total in (FEW, MANY):
            async with served(tmp_path / str(total)) as service:
                filled(service, total)
                await service.client.post("/login", data={"token": service.token()})
                costs[total] = {path: await cost(service, path) for path in PAGES}

    running(test)
    more_projects = (MANY - FEW) // 2
    for path in PAGES:
        allowed = more_projects if path in OVERVIEW else 1  # the states of projects are counted
        assert costs[MANY][path] <= costs[FEW][path] + allowed, path


async def cost(service: Served, path: str) -> int:
    """The steps of SQLite's machine that the page takes, in units of ``STRIDE``, and its letters in thousands."""
    with counting(service.app.state.service.database.engine) as steps:
        answer = await service.client.get(path)
    assert answer.status_code == 200
    return len(steps) + len(answer.text) // 1000


@contextmanager
def counting(engine: sa.Engine) -> Iterator[list[None]]:
    """A list that grows by one with every ``STRIDE`` steps that a statement of ``engine`` takes."""
    steps: list[None] = []

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(lambda: steps.append(None), STRIDE)

    engine.dispose()
    sa.event.listen(engine, "checkout", watch)
    yield steps
    sa.event.remove(engine, "checkout", watch)
    engine.dispose()
