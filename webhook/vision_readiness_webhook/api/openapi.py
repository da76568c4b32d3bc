"""The OpenAPI of the service, made from the operations that its routes are made of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic.json_schema import DEFAULT_REF_TEMPLATE

from vision_readiness.report import Report
from vision_readiness_webhook.api.names import MEANINGS, PATTERNS
from vision_readiness_webhook.api.operation import Operation
from vision_readiness_webhook.problems import MEDIA_TYPE, PROBLEMS, problem_url

REF = DEFAULT_REF_TEMPLATE.replace("$defs", "components/schemas")
ABOUT = (
    "Is this vision model ready to ship? Everything belongs to the workspace of the token that asks; what is another's "
    "is answered as what is not there. An error is `application/problem+json`, and its `type` leads to a page about it."
)
_PART = re.compile(r"\{(\w+)\}")


class ProblemDetails(BaseModel):
    """RFC 9457: what went wrong, and where to read about it."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


def openapi(operations: Sequence[Operation[Any, Any]], base: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of ``operations``, served below ``base``."""
    schemas, components = _schemas(operations)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in operations:
        paths[operation.path][operation.method.lower()] = _described(operation, schemas, base)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vision Readiness", "version": version("vision-readiness"), "description": ABOUT},
        "servers": [{"url": base}],
        "paths": dict(paths),
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "vr_…"}},
        },
    }


def problems_of(operation: Operation[Any, Any]) -> tuple[str, ...]:
    """Every problem that the operation can answer with, its own and those that its kind brings along."""
    names = list(operation.problems)
    names += [] if operation.role is None else ["not-signed-in", "role-too-small"]
    names += ["not-found"] if _PART.search(operation.path) else []
    if operation.endpoint is None:
        names += ["not-valid"]
        names += ["too-large", "too-slow"] if operation.changes else []
        names += ["form-expired"] if operation.changes and operation.role is not None else []
        names += ["bad-idempotency-key", "key-in-use", "key-of-another"] if operation.changes else []
        names += ["not-json", "not-a-json-request"] if operation.takes_body else []
    return tuple(name for name in PROBLEMS if name in names)


_Mode = Literal["validation", "serialization"]
_Key = tuple[Any, _Mode]


def _schemas(operations: Sequence[Operation[Any, Any]]) -> tuple[Mapping[_Key, Any], dict[str, Any]]:
    """The schema of each type by what it is used for, and what they refer to."""
    wanted: dict[_Key, TypeAdapter[Any]] = {(ProblemDetails, "serialization"): TypeAdapter(ProblemDetails)}
    for operation in operations:
        wanted |= {(one, "serialization"): TypeAdapter(one) for one in operation.answers.values() if one is not None}
        wanted |= {(one, "validation"): TypeAdapter(one) for one in (operation.body, operation.query)}
    named = {str(index): key for index, key in enumerate(wanted)}
    inputs: list[tuple[str, _Mode, TypeAdapter[Any]]] = [(index, key[1], wanted[key]) for index, key in named.items()]
    found, rest = TypeAdapter.json_schemas(inputs, ref_template=REF)
    components = rest.get("$defs", {})
    report = components.get(Report.__name__)
    if report is not None:
        report["properties"]["deployable"] = {"type": "boolean"}
        report["required"] = sorted({*report["required"], "deployable", "schema"})
    return {key: found[index, key[1]] for index, key in named.items()}, components


def _described(operation: Operation[Any, Any], schemas: Mapping[_Key, Any], base: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_path_parameters(operation), *_query_parameters(operation, schemas), *_headers(operation)],
        "responses": _responses(operation, schemas, base),
    }
    if operation.role is not None:
        described |= {"security": [{"token": []}], "description": f"Needs the role {operation.role}, or a larger one."}
    if operation.takes_body:
        content = {"application/json": {"schema": schemas[operation.body, "validation"]}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _path_parameters(operation: Operation[Any, Any]) -> Iterator[dict[str, Any]]:
    for name in _PART.findall(operation.path):
        schema = {"type": "string", "pattern": f"^{PATTERNS[name]}$"}
        yield {"name": name, "in": "path", "required": True, "description": MEANINGS[name], "schema": schema}


def _query_parameters(operation: Operation[Any, Any], schemas: Mapping[_Key, Any]) -> Iterator[dict[str, Any]]:
    adapter = TypeAdapter(operation.query)
    schema = adapter.json_schema(ref_template=REF)
    for name, one in schema.get("properties", {}).items():
        plain = {key: value for key, value in one.items() if key not in {"title", "description"}}
        if plain.get("default", 0) is None:
            del plain["default"]  # absent, which a query cannot write
            plain = _without_null(plain)
        found = {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": plain}
        yield found if "description" not in one else {**found, "description": one["description"]}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of what a query can hold: there is no null in one."""
    choices = [one for one in schema.pop("anyOf", []) if one != {"type": "null"}]
    return {**schema, **choices[0]} if len(choices) == 1 else schema


def _headers(operation: Operation[Any, Any]) -> Iterator[dict[str, Any]]:
    if operation.endpoint is not None:
        return
    if operation.changes:
        about = "the same key with the same request is answered as the first time, for 24 hours"
        schema = {"type": "string", "pattern": "^[!-~]{1,200}$"}
        yield {"name": "Idempotency-Key", "in": "header", "description": about, "schema": schema}
    else:
        about = "the ETag of what is known; 304 where that still holds"
        yield {"name": "If-None-Match", "in": "header", "description": about, "schema": {"type": "string"}}


def _responses(operation: Operation[Any, Any], schemas: Mapping[_Key, Any], base: str) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, kind in operation.answers.items():
        answer: dict[str, Any] = {"description": "Done." if kind is None else _first_line(kind)}
        if kind is not None:
            whole = schemas[kind, "serialization"]
            answer["content"] = {
                name: {"schema": whole if name == "application/json" else {"type": "string"}}
                for name in operation.media_types
            }
        responses[str(status)] = answer
    if not operation.changes and operation.endpoint is None:
        responses["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
        responses["304"] = {"description": "What is known still holds."}
    by_status: dict[int, list[str]] = defaultdict(list)
    for name in problems_of(operation):
        by_status[PROBLEMS[name].status].append(name)
    details = schemas[ProblemDetails, "serialization"]
    for status, names in sorted(by_status.items()):
        types = {"properties": {"type": {"enum": [problem_url(name, base) for name in names]}}}
        content = {MEDIA_TYPE: {"schema": {"allOf": [details, types]}}}
        responses[str(status)] = {"description": "; ".join(PROBLEMS[name].title for name in names), "content": content}
    return responses


def _first_line(kind: Any) -> str:
    origin = getattr(kind, "__pydantic_generic_metadata__", {}).get("origin") or kind
    return (origin.__doc__ or "What was asked for.").strip().splitlines()[0]
