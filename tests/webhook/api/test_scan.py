from __future__ import annotations

from pathlib import Path

from tests.webhook.api.asking import asking
from tests.webhook.serving import running
from vision_readiness_webhook.access import Role


def test_a_scan_of_what_is_known_answers_with_score_blockers_and_slices(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged, Role.SUPPORT) as client:
            answer = await client.post("/vision-readiness/scan", {"dataset": "yard-safety", "version": 5})
            plain = answer.json()
            assert answer.status_code == 200
            assert (plain["state"], plain["blockers"]) == ("warning", [])
            assert [one["code"] for one in plain["warnings"]] == ["DATA101"]
            assert plain["checks_passed"] == plain["checks"] - 1
            assert 90 < plain["quality_score"] < 100
            assert {"label", "condition", "level", "images"} <= set(plain["slices"][0])

    running(test)


def test_a_scan_of_what_is_not_known_gives_a_run_that_leads_to_the_answer(tmp_path: Path) -> None:
    async def test() -> None:
        async with asking(tmp_path, works=True) as client:
            asked = {"dataset": "yard-safety", "version": 5, "task": "object-detection"}
            first = await client.post("/vision-readiness/scan", asked)
            again = await client.post("/vision-readiness/scan", asked)
            assert (first.status_code, again.status_code) == (202, 202)
            assert first.headers["location"] == first.json()["url"]
            assert first.json()["run"] == again.json()["run"]
            assert (first.json()["new"], again.json()["new"]) == (True, False)
            await client.service.ended(first.json()["run"], client.token)
            assert (await client.post("/vision-readiness/scan", asked)).status_code == 200

    running(test)


def test_a_scan_again_is_one_run_until_it_ends(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            asked = {"dataset": "yard-safety", "version": 5, "again": True}
            runs = [(await client.post("/vision-readiness/scan", asked)).json()["run"] for _ in range(2)]
            assert len(set(runs)) == 1
            assert (await client.get(f"/runs/{runs[0]}")).json()["state"] == "queued"

    running(test)


def test_a_scan_for_another_task_is_refused_and_says_which_it_is_for(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            asked = {"dataset": "yard-safety", "version": 5, "task": "single-label-classification"}
            task = {"dataset": "yard-safety", "version": 5, "task": "classification"}
            answers = [await client.post("/vision-readiness/scan", one) for one in (asked, task)]
            assert {one.status_code for one in answers} == {422}
            assert [one.json().get("task") for one in answers if "other-task" in one.json()["type"]] == [
                "object-detection"
            ]

    running(test)


def test_who_may_only_look_starts_no_run(tmp_path: Path) -> None:
    async def test() -> None:
        async with asking(tmp_path, Role.VIEWER) as client:
            answer = await client.post("/vision-readiness/scan", {"dataset": "yard-safety", "version": 5})
            assert answer.status_code == 403
            assert (await client.get("/runs")).json()["items"] == []

    running(test)
