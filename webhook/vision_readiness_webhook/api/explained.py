"""The pages that answers link to: what a problem is, what a reason code means. For anybody, as HTML or as JSON."""

from __future__ import annotations

from html import escape
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from vision_readiness.reasons import REASONS
from vision_readiness_webhook.api.operation import Nothing, Operation, Shown, not_found
from vision_readiness_webhook.problems import PROBLEMS

BOTH = ("application/json", "text/html")
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>{title}</title></head>
<body><main><h1>{title}</h1><p><code>{name}</code></p>{parts}</main></body>
</html>
"""


class ProblemPage(Shown):
    """A kind of refusal."""

    name: str
    status: int
    title: str
    meaning: str
    mend: str


class ReasonPage(Shown):
    """A reason code: what it stands for, and what mends it."""

    code: str
    name: str
    severity: str
    unit: str
    meaning: str
    fix: str
    owner: str
    waivable: bool


async def explain_problem(request: Request) -> Response:
    """What the problem is, and what to do about it."""
    name = request.path_params["name"]
    problem = PROBLEMS.get(name)
    if problem is None:
        raise not_found("problem")
    page = ProblemPage(
        name=name, status=problem.status, title=problem.title, meaning=problem.meaning, mend=problem.mend
    )
    return _page(request, page, problem.title, f"{problem.status} {name}", (problem.meaning, problem.mend))


async def explain_reason(request: Request) -> Response:
    """What the code means, and what mends it."""
    reason = REASONS.get(request.path_params["code"])
    if reason is None:
        raise not_found("reason")
    page = ReasonPage(
        code=reason.code,
        name=reason.name,
        severity=str(reason.severity),
        unit=reason.unit,
        meaning=reason.meaning,
        fix=reason.fix,
        owner=str(reason.owner),
        waivable=reason.waivable,
    )
    waiver = "A named person may accept the risk." if reason.waivable else "It cannot be waived."
    title = reason.name.replace("-", " ").capitalize()
    return _page(request, page, title, f"{reason.code} {reason.severity}", (reason.meaning, reason.fix, waiver))


def _page(request: Request, page: BaseModel, title: str, name: str, parts: tuple[str, ...]) -> Response:
    headers = {"vary": "Accept", "cache-control": "public, max-age=3600", "x-content-type-options": "nosniff"}
    if "text/html" not in request.headers.get("accept", ""):
        return Response(page.model_dump_json(), headers=headers, media_type="application/json")
    headers["content-security-policy"] = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    text = "".join(f"<p>{escape(part)}</p>" for part in parts)
    html = PAGE.format(title=escape(title), name=escape(name), parts=text)
    return Response(html, headers=headers, media_type="text/html")


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "GET",
        "/problems/{name}",
        "explain_problem",
        "What a problem is and what to do about it: where the `type` of an error leads.",
        None,
        {200: ProblemPage},
        None,
        Nothing,
        Nothing,
        media_types=BOTH,
        endpoint=explain_problem,
    ),
    Operation(
        "GET",
        "/reasons/{code}",
        "explain_reason",
        "What a reason code means and what mends it.",
        None,
        {200: ReasonPage},
        None,
        Nothing,
        Nothing,
        media_types=BOTH,
        endpoint=explain_reason,
    ),
)
