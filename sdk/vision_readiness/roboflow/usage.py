"""What a workspace may still spend, and how much it has done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from vision_readiness.roboflow.call import Call, reading
from vision_readiness.roboflow.payload import Flag, Payload, Text, mapping, text
from vision_readiness.roboflow.redact import plain
from vision_readiness.roboflow.transport import Request, path_of, query_of


def _line(value: object) -> str | None:
    read = text(value)
    return None if read is None else plain(read)


class UsageCheck(Payload):
    """Whether hosted inference would be answered: ``under_cap``, and why not."""

    workspace: Annotated[Text, BeforeValidator(_line)] = None
    under_cap: Flag
    error: Annotated[Text, BeforeValidator(_line)] = None


def usage_check() -> Call[UsageCheck]:
    """Whether the key's workspace has hosted inference left to spend.

    ``GET /serverless/usage-check``: inference, core/roboflow_api.py (2026-08)
    """
    return Call(Request("GET", path_of("serverless", "usage-check"), query=query_of(nocache=True)), reading(UsageCheck))


def labelling_stats(workspace: str) -> Call[Mapping[str, Any]]:
    """Labelling statistics as they come; no page fixes their shape. ``GET /{ws}/stats``."""
    return Call(Request("GET", path_of(workspace, "stats")), mapping)


def plan() -> Call[Mapping[str, Any]]:
    """The plan and its limits as they come; no page fixes their shape. ``GET /usage/plan``."""
    return Call(Request("GET", path_of("usage", "plan")), mapping)
