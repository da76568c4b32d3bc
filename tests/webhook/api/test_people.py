from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.webhook.api.asking import asking
from tests.webhook.serving import running
from vision_readiness_webhook.access import Role

STRICT = "project: acme/dock-packages\napproved_by: Neha\nclasses: {package: {min_recall: 0.9999}}\n"
BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
RISK = {"code": "MODEL401", "subject": "forklift", "reason": "a person looks at each picture"}


def test_a_saved_specification_is_in_force_and_decides_again(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged, Role.EDITOR) as client:
            place = "/projects/dock-packages/spec"
            assert (await client.get(place)).status_code == 404
            saved = await client.ask("PUT", place, {"text": STRICT, "replaces": ""})
            assert saved.status_code == 202
            assert (await client.get(f"/runs/{saved.json()['run']}")).json()["because"] == "spec.changed"
            shown = (await client.get(place)).json()
            assert (shown["text"], shown["digest"]) == (STRICT, saved.json()["digest"])
            late = await client.ask("PUT", place, {"text": STRICT, "replaces": ""})
            assert late.json()["type"].endswith("/problems/changed-meanwhile")

    running(test)


@pytest.mark.parametrize(
    "text", ["[", "classes: 5", "nonsense: 1", "classes: {package: {min_recall: 2}}", "- a\n- b", BOMB]
)
def test_what_is_no_specification_is_refused(judged: Path, text: str) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            for method, place in (("PUT", "spec"), ("POST", "spec/preview")):
                answer = await client.ask(method, f"/projects/dock-packages/{place}", {"text": text})
                assert answer.json()["type"].endswith("/problems/not-a-specification"), answer.text

    running(test)


def test_a_specification_is_tried_and_nothing_is_kept(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged, Role.VIEWER) as client:
            answer = await client.post("/projects/dock-packages/spec/preview", {"text": STRICT})
            assert (answer.json()["state"], answer.json()["deployable"]) == ("blocked", False)
            report = (await client.get("/projects/dock-packages")).json()["standing"]["report_id"]
            labels = [one["label"] for one in (await client.get(f"/reports/{report}")).json()["figures"]["classes"]]
            careless = json.dumps({"classes": {label: {"critical": False} for label in labels}})
            none = await client.post("/projects/dock-packages/spec/preview", {"text": careless})
            assert none.json()["type"].endswith("/problems/not-a-specification")
            assert (await client.get("/projects/dock-packages/spec")).status_code == 404

    running(test)


def test_a_risk_is_accepted_in_ones_own_name_and_withdrawn(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            risk = {**RISK, "expires": _day(30)}
            accepted = (await client.post("/projects/yard-safety/waivers", risk)).json()
            (waiver,) = (await client.get("/projects/yard-safety")).json()["waivers"]
            assert (waiver["waiver_id"], waiver["person"]) == (accepted["waiver_id"], "neha@acme.example")
            place = f"/projects/yard-safety/waivers/{waiver['waiver_id']}"
            assert (await client.ask("DELETE", place)).status_code == 202
            assert (await client.ask("DELETE", place)).status_code == 404
            assert (await client.get("/projects/yard-safety")).json()["waivers"] == []

    running(test)


def test_a_risk_that_cannot_be_accepted_is_not(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            risk = {**RISK, "expires": _day(30)}
            for change, problem in (
                ({"code": "SPLIT302"}, "not-waivable"),
                ({"code": "DATA999"}, "no-such-reason"),
                ({"subject": "unicorn"}, "no-such-risk"),
                ({"expires": _day(-2)}, "already-expired"),
                ({"reason": "  "}, "no-reason"),
                ({"person": "somebody else"}, "not-valid"),
                ({"subject": "a\0b"}, "not-valid"),
            ):
                answer = await client.post("/projects/yard-safety/waivers", {**risk, **change})
                assert answer.json()["type"].rpartition("/")[2] == problem

    running(test)


def test_a_rollout_passes_the_gate_or_is_refused_with_its_path_and_both_are_on_record(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            for project, opens in (("dock-packages", True), ("yard-safety", False)):
                report = (await client.get(f"/projects/{project}")).json()["standing"]["report_id"]
                gate = (await client.get(f"/reports/{report}/gate")).json()
                assert gate["opens"] is opens
                answer = await client.post(f"/reports/{report}/rollouts", {})
                assert answer.status_code == (201 if opens else 409)
                assert all(one["holds"] for one in answer.json()["path"]) is opens
                assert (await client.post(f"/reports/{report}/sign-offs")).status_code == 403
            log = (await client.get("/audit")).json()["items"]
            decided = [one["action"] for one in log if one["action"].startswith("rollout")]
            assert decided == ["rollout.refused", "rollout.decided"]
            assert log[0]["previous"] == log[1]["digest"]

    running(test)


def test_a_rollout_in_spite_of_warnings_takes_the_word_of_whoever_decides_it(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged, works=True) as client:
            unapproved = {"text": "approved_by: null\nclasses: {package: {min_recall: 0.5}}"}
            run = (await client.ask("PUT", "/projects/dock-packages/spec", unapproved)).json()["run"]
            assert (await client.service.ended(run, client.token))["state"] == "succeeded"
            report = (await client.get("/projects/dock-packages")).json()["standing"]["report_id"]
            gate = (await client.get(f"/reports/{report}/gate")).json()
            assert (gate["state"], gate["opens"]) == ("warning", True)
            place = f"/reports/{report}/rollouts"
            for word in (None, "I have read them"):
                refused = await client.post(place, {"confirmed": word})
                assert (refused.status_code, refused.json()["to_confirm"]) == (422, gate["to_confirm"])
            made = await client.post(place, {"confirmed": gate["to_confirm"]})
            assert made.json()["path"][-1]["answer"] == gate["to_confirm"]

    running(test)


def test_a_fix_that_somebody_began_is_noted(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            report = (await client.get("/projects/yard-safety")).json()["standing"]["report_id"]
            fixes = (await client.get(f"/reports/{report}")).json()["fixes"]
            noted = {"fix": fixes[0]["title"], "step": "relabel_started"}
            assert (await client.post(f"/reports/{report}/fixes", noted)).status_code == 204
            unknown = await client.post(f"/reports/{report}/fixes", {**noted, "fix": "Sweep the floor"})
            assert (unknown.status_code, unknown.json()["type"].rpartition("/")[2]) == (404, "no-such-fix")
            (line,) = (await client.get("/audit?limit=1")).json()["items"]
            assert (line["action"], line["detail"]["fix"]) == ("fix.relabel_started", noted["fix"])

    running(test)


def test_each_change_takes_its_role(judged: Path) -> None:
    async def test() -> None:
        async with asking(judged) as client:
            report = (await client.get("/projects/dock-packages")).json()["standing"]["report_id"]
            editor, viewer = client.other(Role.EDITOR), client.other(Role.VIEWER)
            risk = {**RISK, "expires": _day(30)}
            changes = (
                (viewer, "PUT", "/projects/dock-packages/spec", {"text": STRICT}),
                (viewer, "POST", f"/reports/{report}/fixes", {"fix": "x", "step": "done"}),
                (editor, "POST", "/projects/yard-safety/waivers", risk),
                (editor, "DELETE", f"/projects/yard-safety/waivers/{'0' * 32}", None),
                (editor, "POST", f"/reports/{report}/sign-offs", None),
                (editor, "POST", f"/reports/{report}/rollouts", {}),
            )
            for who, method, place, body in changes:
                answer = await who.ask(method, place, body)
                assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (403, "role-too-small")

    running(test)


def _day(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
