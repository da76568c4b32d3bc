"""A rollout that people have to sign first: each signs for themselves, and only then it goes out."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from tests.webhook.pages.stored import gathered, keep
from tests.webhook.serving import Served, running, served
from vision_readiness.spec import Rollout
from vision_readiness_webhook.access import Role

PAGE = "/app/dock-packages/rollout"


async def sign_in(service: Served, person: str, role: Role) -> str:
    """The word that the person's forms need."""
    service.client.cookies.clear()
    await service.client.post("/login", data={"token": service.token(role, person=person)})
    word = re.search(r'name="csrf" value="(\w+)"', (await service.client.get("/")).text)
    assert word is not None
    return word[1]


def test_only_when_everybody_named_has_signed_is_there_a_way_out(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            known = gathered("ready")
            spec = known.spec.model_copy(update={"rollout": Rollout(sign_off=("Neha Kapoor", "Riya Shah"))})
            report = keep(service.app.state.service.database, replace(known, spec=spec), 1e9)

            async def send(word: str, do: str, of: str = report) -> int:
                form = {"csrf": word, "do": do, "report": of}
                return (await service.client.post(PAGE, data=form)).status_code

            word = await sign_in(service, "Kabir Khan", Role.DEPLOYER)
            page = (await service.client.get(PAGE)).text
            assert "Still to sign" in page
            assert "Sign as" not in page
            assert ">Deploy with" not in page
            assert (await send(word, "sign"), await send(word, "roll_out")) == (403, 409)

            for person in ("Neha Kapoor", "Riya Shah"):
                word = await sign_in(service, person, Role.VIEWER)
                assert f"Sign as {person}" in (await service.client.get(PAGE)).text
                assert await send(word, "sign", of="another") == 409
                assert await send(word, "sign") == 303
                assert await send(word, "roll_out") == 403

            word = await sign_in(service, "Kabir Khan", Role.DEPLOYER)
            page = (await service.client.get(PAGE)).text
            assert "Signed by Neha Kapoor, Riya Shah." in page
            assert ">Deploy with monitoring to this-machine<" in page
            assert await send(word, "roll_out") == 303
            assert "Rolled out" in (await service.client.get(PAGE)).text

    running(test)
