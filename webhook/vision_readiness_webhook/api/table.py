"""The table of all operations, and the routes that are made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.routing import Route

from vision_readiness.deliveries import Event
from vision_readiness_webhook.api import (
    deploy,
    explained,
    messages,
    model,
    people,
    reports,
    risks,
    rollouts,
    runs,
    scan,
    specs,
)
from vision_readiness_webhook.api.dispatch import routes_of
from vision_readiness_webhook.api.openapi import openapi
from vision_readiness_webhook.api.operation import Answer, Nothing, Operation
from vision_readiness_webhook.api.shown import HintTicket, Ticket
from vision_readiness_webhook.door import Door
from vision_readiness_webhook.keyring import Keyring
from vision_readiness_webhook.service import Service


def routes(service: Service, door: Door) -> list[Route]:
    """Every route for programs: deliveries, the API, and the description of both."""
    return routes_of(service, operations(door))


def operations(door: Door) -> Sequence[Operation[Any, Any]]:
    """Every operation, the one that describes them included."""
    table: list[Operation[Any, Any]] = [
        *_deliveries(door),
        *scan.OPERATIONS,
        *model.OPERATIONS,
        *deploy.OPERATIONS,
        *reports.OPERATIONS,
        *runs.OPERATIONS,
        *messages.OPERATIONS,
        *specs.OPERATIONS,
        *risks.OPERATIONS,
        *rollouts.OPERATIONS,
        *people.OPERATIONS,
        *explained.OPERATIONS,
    ]

    @cache  # some tenths of a second, and the same for as long as the process lives
    def text(base: str) -> str:
        return json.dumps(openapi(table, base), sort_keys=True)

    table.append(
        Operation(
            "GET",
            "/openapi.json",
            "describe",
            "This description.",
            None,
            {200: dict[str, Any]},
            lambda call: Answer(text(call.base)),
            Nothing,
            Nothing,
        )
    )
    return table


def described() -> Sequence[Operation[Any, Any]]:
    """Every operation, to be read about: there is no service behind them."""
    nowhere: Any = None
    return operations(Door(nowhere, Keyring((), ())))


class AnyMessage(BaseModel):
    """What senders that cannot sign say; little of it is read."""

    model_config = ConfigDict(extra="allow")


def _deliveries(door: Door) -> Iterator[Operation[Any, Any]]:
    problems = ("signature-refused", "not-an-event", "not-found", "too-large", "too-slow")
    yield Operation(
        "POST",
        "/webhooks/roboflow",
        "deliver",
        "Something changed: an event, signed as Standard Webhooks has it.",
        None,
        {202: Ticket},
        None,
        Nothing,
        Event,
        problems,
        endpoint=door.receive,
    )
    yield Operation(
        "POST",
        "/webhooks/roboflow/{workspace}/{project}",
        "hint",
        "Something may have changed: a notification of a sender that cannot sign, with a token that only hints.",
        None,
        {202: HintTicket},
        None,
        Nothing,
        AnyMessage,
        problems,
        endpoint=door.receive_hint,
    )
