from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.webhook.api.asking import asking
from tests.webhook.serving import running
from vision_readiness.report import report_from_dict
from vision_readiness_webhook.store.schema import reports


def test_a_report_is_given_whole(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            shown = (await client.get("/projects/yard-safety")).json()["standing"]
            answer = await client.get(f"/reports/{shown['report_id']}")
            report = report_from_dict(answer.json())
            assert report.to_json() == answer.text
            assert (report.id, str(report.subject)) == (shown["report_id"], "acme/yard-safety/5")

    running(test)


def test_pages_of_a_list_hold_each_project_once_the_cheapest_first(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            whole = (await client.get("/projects")).json()
            assert [one["project"] for one in whole["items"]] == ["yard-safety", "dock-packages"]
            assert whole["next"] is None
            first = (await client.get("/projects?limit=1")).json()
            second = (await client.get(f"/projects?limit=1&cursor={first['next']}")).json()
            assert first["items"] + second["items"] == whole["items"]
            assert second["next"] is None

    running(test)


@pytest.mark.parametrize(
    "cursor", ["x", "WzFd", "W10", "bnVsbA", "WyJhIiwiYiJd", "W1tdLFtdXQ", "WzFlOTk5LCAiYSJd", "%00"]
)
def test_a_cursor_of_another_list_is_refused(judged: Path, cursor: str) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            for place in ("/projects", "/outbox"):
                answer = await client.get(f"{place}?cursor={cursor}")
                assert answer.status_code == 422, place
            assert (await client.get("/projects/yard-safety/history?cursor=WyJhIl0")).status_code == 422

    running(test)


def test_history_and_comparison(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            (only,) = (await client.get("/projects/yard-safety/history")).json()["items"]
            same = (await client.get(f"/projects/yard-safety/compare?with={only['report_id']}")).json()
            assert not same["is_worse"]
            assert same["change"]["new"] == same["change"]["fixed"] == []
            assert {one["change"] for one in same["figures"]} <= {0.0, None}
            other = (await client.get("/projects/dock-packages")).json()["standing"]["report_id"]
            assert (await client.get(f"/projects/yard-safety/compare?with={other}")).status_code == 404

    running(test)


def test_pages_of_history_follow_each_other(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            with client.service.app.state.service.database.write() as connection:
                _copy_report(connection, 120)
            seen, cursor = [], ""
            while cursor is not None:
                answer = (
                    await client.get(f"/projects/yard-safety/history?limit=50{cursor and f'&cursor={cursor}'}")
                ).json()
                seen += [one["run_id"] for one in answer["items"]]
                cursor = answer["next"]
            assert len(seen) == len(set(seen)) == 121

    running(test)


def test_what_if_says_what_would_change_and_what_each_class_would_do(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            place = "/projects/dock-packages/what-if"
            nothing = (await client.get(place)).json()
            assert nothing["before"] == nothing["after"]
            assert nothing["moves"] == []
            one = (await client.get(f"{place}?threshold=package:0.9999")).json()
            assert one["before"]["deployable"]
            assert not one["after"]["deployable"]
            assert [move["label"] for move in one["moves"]] == ["package"]
            assert (await client.get(f"{place}?p95_ms=0.001")).json()["after"]["blocked_by"] == "failure"
            every = (await client.get(f"{place}?threshold=0.5")).json()
            assert set(every["after"]["thresholds"].values()) == {0.5}

    running(test)


def test_what_did_not_change_is_not_sent_again(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            report = (await client.get("/projects/yard-safety")).json()["standing"]["report_id"]
            for place in (f"/reports/{report}", "/projects/yard-safety/history", "/projects", "/openapi.json"):
                first = await client.get(place)
                etag = first.headers["etag"]
                for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
                    again = await client.get(place, **{"if-none-match": known})
                    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
                assert (await client.get(place, **{"if-none-match": '"other"'})).content == first.content
                assert first.headers["cache-control"] == "private, no-cache"

    running(test)


def test_names_with_markup_stay_data(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            nasty = "<script>alert(1)</script>"
            with client.service.app.state.service.database.write() as connection:
                connection.execute(reports.update().values(headline=nasty))
            answer = await client.get("/projects/yard-safety")
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert json.loads(answer.text)["standing"]["headline"] == nasty

    running(test)


def _copy_report(connection: sa.Connection, times: int) -> None:
    found = connection.execute(sa.select(reports).where(reports.c.project == "yard-safety"))
    row = dict(found.mappings().one())
    connection.execute(
        reports.insert(), [row | {"run_id": f"{number:032x}", "sequence": 1000 + number} for number in range(times)]
    )
