from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.webhook.serving import Served, created, running, served
from vision_readiness import write_spec
from vision_readiness_webhook.access import Actor, Role
from vision_readiness_webhook.actions import Actions
from vision_readiness_webhook.audit import entries, verify_log
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.store.given import unpack_spec
from vision_readiness_webhook.store.people import FixStep, decisions_of
from vision_readiness_webhook.store.reports import newest_report

PERSON = "neha@acme.example"


def actions(service: Served, person: str = PERSON) -> Actions:
    return Actions(service.app.state.service, Actor("acme", person, Role.DEPLOYER))


async def reported(service: Served, project: str, version: int) -> str:
    answer = await service.deliver(created(project, version))
    run = await service.ended(answer.json()["run"], service.token())
    return str(run["report_id"])


def log(service: Served) -> list[str]:
    with service.app.state.service.database.read() as connection:
        assert verify_log(connection, "acme").broken is None
        return [entry.action for entry in reversed(entries(connection, "acme"))]


def current_spec(service: Served, project: str) -> str:
    with service.app.state.service.database.read() as connection:
        kept = newest_report(connection, "acme", project)
    assert kept is not None
    return write_spec(unpack_spec(kept.spec_text))


def test_what_is_ready_is_rolled_out_and_the_path_is_kept(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            report = await reported(service, "dock-packages", 3)
            made = actions(service).roll_out(report)
            assert made.decided == "rollout"
            assert all(question["holds"] for question in made.path)
            assert log(service) == ["rollout.decided"]

    running(test)


def test_what_is_blocked_is_refused_and_the_refusal_is_kept(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            report = await reported(service, "yard-safety", 5)
            with pytest.raises(ProblemError) as refused:
                actions(service).roll_out(report)
            assert refused.value.status == 409
            with service.app.state.service.database.read() as connection:
                kept = decisions_of(connection, "acme", "yard-safety")
            assert [one.decided for one in kept] == ["refused"]
            assert log(service) == ["rollout.refused"]

    running(test)


def test_a_new_specification_decides_again_without_a_look_at_an_image(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            before = await reported(service, "dock-packages", 3)
            stricter = current_spec(service, "dock-packages").replace("approved_by: ", "approved_by: null #")
            assert actions(service).preview_spec("dock-packages", stricter).readiness_state == "warning"
            _, receipt = actions(service).save_spec("dock-packages", stricter, expected="")
            run = await service.ended(receipt.run_id, service.token())
            assert (run["state"], run["because"]) == ("succeeded", "spec.changed")
            assert run["report_id"] != before
            with pytest.raises(ProblemError, match="newer report"):
                actions(service).roll_out(before)
            with pytest.raises(ProblemError, match="meanwhile"):
                actions(service).save_spec("dock-packages", stricter, expected="")
            assert log(service) == ["spec.saved", "rollout.refused"]

    running(test)


def test_a_rollout_waits_for_the_people_whom_the_specification_names(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            await reported(service, "dock-packages", 3)
            asking = current_spec(service, "dock-packages")
            asking += "\nrollout: {strategy: shadow, rollback_triggers: [p95], sign_off: [asha@acme.example]}\n"
            lines = [line for line in asking.splitlines() if not line.startswith("rollout:")]
            lines.append("rollout: {strategy: shadow, rollback_triggers: [p95], sign_off: [asha@acme.example]}")
            _, receipt = actions(service).save_spec("dock-packages", "\n".join(lines) + "\n")
            report = (await service.ended(receipt.run_id, service.token()))["report_id"]
            assert actions(service).gate(report).missing == ("asha@acme.example",)
            with pytest.raises(ProblemError, match="Still to sign"):
                actions(service).roll_out(report)
            with pytest.raises(ProblemError, match="does not name you"):
                actions(service).sign_off(report)
            assert actions(service, "asha@acme.example").sign_off(report).opens
            assert actions(service).roll_out(report).decided == "rollout"

    running(test)


def test_a_risk_is_accepted_with_a_reason_and_an_end_but_never_leakage(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            report = await reported(service, "yard-safety", 5)
            later = date.today() + timedelta(days=30)  # noqa: DTZ011 - any day to come
            mine = actions(service)
            for code, reason, until, problem in (
                ("SPLIT302", "we know", later, "not-waivable"),
                ("NOPE999", "we know", later, "no-such-reason"),
                ("DATA101", " ", later, "no-reason"),
                ("DATA101", "we know", date(2020, 1, 1), "already-expired"),
            ):
                with pytest.raises(ProblemError) as refused:
                    mine.accept_risk("yard-safety", code, "all", reason, until)
                assert refused.value.problem == problem
            with pytest.raises(ProblemError) as refused:
                mine.accept_risk("yard-safety", "DATA101", "all", "two cameras only", later)
            assert (refused.value.status, refused.value.problem) == (404, "no-such-risk")
            open_now = next(one for one in mine.look_at(report).report().findings if one.severity == "P1")
            waiver_id, receipt = mine.accept_risk(
                "yard-safety", open_now.code, open_now.subject, "two cameras only", later
            )
            assert (await service.ended(receipt.run_id, service.token()))["state"] == "succeeded"
            receipt = mine.withdraw_risk("yard-safety", waiver_id)
            again = await service.ended(receipt.run_id, service.token())
            assert again["report_id"] == report
            assert log(service) == ["report.viewed", "risk.accepted", "risk.withdrawn"]

    running(test)


def test_a_look_and_a_step_are_on_record_and_nothing_of_another_workspace_is_found(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            report = await reported(service, "yard-safety", 5)
            fix = actions(service).look_at(report).report().fixes[0]
            actions(service).fix_step(report, fix.title, FixStep.RELABEL_STARTED)
            with pytest.raises(ProblemError) as refused:
                actions(service).fix_step(report, "sweep the floor", FixStep.DONE)
            assert (refused.value.status, refused.value.problem) == (404, "no-such-fix")
            assert log(service) == ["report.viewed", "fix.relabel_started"]
            stranger = Actions(service.app.state.service, Actor("globex", "eve", Role.DEPLOYER))
            for attempt in (
                lambda: stranger.look_at(report),
                lambda: stranger.roll_out(report),
                lambda: stranger.preview_spec("yard-safety", "classes: {}"),
            ):
                with pytest.raises(ProblemError) as refused:
                    attempt()
                assert refused.value.status in {404, 422}

    running(test)
