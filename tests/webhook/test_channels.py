from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from tests.webhook.receiver import Receiver, receiving
from tests.webhook.serving import SECRET, Served, created, running, served, settings_in
from vision_readiness.deliveries import Secret, verify
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.callback_http import CallbackRules, CallbackSender
from vision_readiness_webhook.channels import Callbacks, Slack
from vision_readiness_webhook.registry import Callback, Mode, StaticRegistry, Workspace
from vision_readiness_webhook.store.schema import outbox

NAMED = {"CALLBACK_SECRET": SECRET}


def registry(receiver: Receiver, mode: Mode = Mode.WARN) -> StaticRegistry:
    callback = Callback(url=f"{receiver.url}/hook", secret_variable="CALLBACK_SECRET")  # noqa: S106 - a name
    source = str(bundled_workspace())
    slack = "SLACK_URL"
    return StaticRegistry(
        {"acme": Workspace(name="acme", source=source, mode=mode, callbacks=(callback,), slack_variable=slack)}
    )


def telling(tmp_path: Path, receiver: Receiver, mode: Mode = Mode.WARN):
    sender = CallbackSender(CallbackRules(inside=frozenset({receiver.url})))
    named = {**NAMED, "SLACK_URL": f"{receiver.url}/slack"}
    channels = {"callback": Callbacks(sender, "http://test", named), "slack": Slack(sender, "http://test", named)}
    return served(tmp_path, settings=settings_in(tmp_path), registry=registry(receiver, mode), channels=channels)


async def settled(service: Served, seconds: float = 20) -> dict[str, list[str]]:
    """The states of the messages by channel, once none is on its way."""
    for _ in range(int(seconds / 0.05)):
        with service.app.state.service.database.read() as connection:
            rows = connection.execute(sa.select(outbox.c.channel, outbox.c.state, outbox.c.attempts)).all()
        if all(row.state != "pending" for row in rows):
            break
        await asyncio.sleep(0.05)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.channel, []).append(row.state)
    return {name: sorted(states) for name, states in found.items()}


async def reported(service: Served, version: int = 5, project: str = "yard-safety") -> None:
    answer = await service.deliver(created(project, version))
    await service.ended(answer.json()["run"], service.token())


def test_a_result_goes_to_a_callback_signed_and_to_slack_in_words(tmp_path: Path) -> None:
    async def test() -> None:
        with receiving() as receiver:
            async with telling(tmp_path, receiver) as service:
                await reported(service)
                assert await settled(service) == {"callback": ["delivered"], "slack": ["delivered"]}
        hooks = [one for one in receiver.got if "webhook-id" in one[0]]
        assert len(hooks) == 1
        headers, body = hooks[0]
        assert verify([Secret.parse(SECRET)], headers, body, now=datetime.now(UTC)).id == headers["webhook-id"]
        told = json.loads(body)
        assert told["type"] == "readiness.reported"
        assert (told["data"]["readiness_state"], told["data"]["deployable"]) == ("blocked", False)
        page = f"http://test/app/yard-safety/reports/{told['data']['report_id']}"
        assert told["data"]["url"] == page
        slack = [json.loads(body) for headers, body in receiver.got if "webhook-id" not in headers]
        assert slack[0]["blocks"][0]["type"] == "header"
        assert "BLOCKED" in slack[0]["text"]
        assert "image" not in json.dumps([block["type"] for block in slack[0]["blocks"]])

    running(test)


def test_in_observe_nobody_is_told(tmp_path: Path) -> None:
    async def test() -> None:
        with receiving() as receiver:
            async with telling(tmp_path, receiver, Mode.OBSERVE) as service:
                await reported(service)
                assert await settled(service) == {}
            assert receiver.got == []

    running(test)


def test_an_address_that_is_gone_is_left_alone(tmp_path: Path) -> None:
    async def test() -> None:
        with receiving() as receiver:
            receiver.answers = [410]
            async with telling(tmp_path, receiver) as service:
                await reported(service)
                assert (await settled(service))["callback"] == ["gone"]
                receiver.answers = [204]
                await reported(service, 3, "dock-packages")
                assert (await settled(service))["callback"] == ["gone"]

    running(test)


def test_what_became_stale_while_it_waited_is_not_sent(tmp_path: Path) -> None:
    async def test() -> None:
        with receiving() as receiver:
            receiver.answers = [503]
            async with telling(tmp_path, receiver) as service:
                await reported(service)
                await asyncio.sleep(0.3)
                answer = await service.deliver(created("yard-safety", 5), delivery_id="again")
                assert not answer.json()["new"]
                with service.app.state.service.database.write() as connection:
                    connection.execute(sa.text("UPDATE projects SET run_id = 'a newer one'"))
                with service.app.state.service.database.read() as connection:
                    message = connection.execute(
                        sa.select(outbox.c.message_id).where(outbox.c.channel == "callback")
                    ).scalar_one()
                service.app.state.service.outbox.send(message)
                with service.app.state.service.database.read() as connection:
                    state = connection.execute(
                        sa.select(outbox.c.state).where(outbox.c.message_id == message)
                    ).scalar_one()
                assert state == "stale"

    running(test)
