from __future__ import annotations

from pathlib import Path

import pytest

from tests.webhook.api.asking import asking
from tests.webhook.serving import running


def test_a_model_is_explained_by_its_weak_classes_and_their_pictures(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            plain = (await client.get("/vision-readiness/model?train=yard-safety/5")).json()
            assert [one["figures"]["label"] for one in plain["weak_classes"]] == ["forklift"]
            assert plain["examples"]
            assert plain["risk_score"] > 0.99
            assert (plain["redecided"], plain["is_newest"]) == (False, True)

    running(test)


def test_thresholds_that_are_given_decide_again(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            one = (await client.get("/vision-readiness/model?train=dock-packages/3&threshold=0.9999")).json()
            assert one["redecided"]
            assert set(one["thresholds"].values()) == {0.9999}
            assert not one["deployable"]
            two = (await client.get("/vision-readiness/model?train=yard-safety/5&threshold=person:0.5")).json()
            assert two["thresholds"]["person"] == 0.5
            assert two["thresholds"]["cone"] != 0.5

    running(test)


@pytest.mark.parametrize(
    "query",
    [
        "train=yard-safety/5&threshold=nobody:0.5",
        "train=yard-safety/5&threshold=2",
        "train=yard-safety/5&threshold=nan",
        "train=yard-safety/5&threshold=person:",
        "train=yard-safety/5&eval_set=valid",
        "train=yard-safety",
        "train=yard-safety/0",
        "train=yard-safety/5&train=yard-safety/5",
        "train=yard-safety/5&unheard=of",
        "",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(judged: Path, query: str) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            answer = await client.get(f"/vision-readiness/model?{query}")
            assert answer.status_code == 422
            assert answer.json()["type"].endswith("/problems/not-valid")

    running(test)
