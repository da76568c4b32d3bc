"""Answers held against the OpenAPI that the service gives of itself, by somebody else's validator."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import httpx
import jsonschema

from vision_readiness_webhook.api.openapi import openapi
from vision_readiness_webhook.api.table import described

BASE = "http://127.0.0.1:8000"


@cache
def description() -> dict[str, Any]:
    """The OpenAPI of a service with no settings of its own."""
    return openapi(described(), BASE)


def template_of(path: str) -> str:
    """The path of the OpenAPI that an address is of."""
    for template in description()["paths"]:
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return str(template)
    raise AssertionError(f"{path} is not described")


def check_fits(answer: httpx.Response) -> None:
    """Raise ``AssertionError`` or ``ValidationError`` for an answer that the OpenAPI does not promise."""
    request = answer.request
    here = description()["paths"][template_of(request.url.path)].get(request.method.lower())
    assert here is not None, f"{request.method} {request.url.path} is not described"
    promised = here["responses"].get(str(answer.status_code))
    assert promised is not None, f"{request.method} {request.url.path}: {answer.status_code} is not promised"
    if answer.status_code in {204, 304}:
        assert answer.content == b""
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    schema = promised["content"][media_type]["schema"]
    if media_type.endswith("json"):
        _validator(schema).validate(answer.json())


def _validator(schema: Any) -> Any:
    whole = {**schema, "components": description()["components"]}
    return jsonschema.Draft202012Validator(whole)
