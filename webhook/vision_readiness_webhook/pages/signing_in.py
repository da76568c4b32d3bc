"""Signing in with a token, which stays out of addresses and cookies; and out again."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from vision_readiness_webhook.access import COOKIE, SESSION_SECONDS, begin_session, end_session
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.visit import HEADERS, Visit, address, page, problem_page, read_form
from vision_readiness_webhook.service import Service

NO_ENTRY = "This token is not valid: it may have expired or been mistyped. Ask for another one."


async def ask(request: Request) -> Response:
    """The form that takes a token."""
    return page(request, "sign_in.html.j2", next=_inside(request, request.query_params.get("next", "")), wrong="")


async def sign_in(request: Request) -> Response:
    """A session for whoever has a token, and on to where they wanted; the form again for a token that opens nothing.

    Another site cannot sign somebody in: a browser says where a form comes from, and it has to come from here.
    """
    service: Service = request.app.state.service
    try:
        form = await read_form(request, service.settings.max_body_bytes)
        _from_here(request)
    except ProblemError as error:
        return problem_page(request, error, None)
    now = service.clock.now().timestamp()
    following = _inside(request, form.get("next", ""))
    begun = await run_in_threadpool(_begin, service, form.get("token", "").strip(), now)
    if begun is None:
        return page(request, "sign_in.html.j2", 401, next=following, wrong=NO_ENTRY)
    answer = RedirectResponse(following or address(request), 303, HEADERS)
    path, secure = request.app.state.prefix or "/", _is_https(request, service)
    answer.set_cookie(
        COOKIE, begun, max_age=int(SESSION_SECONDS), path=path, httponly=True, samesite="lax", secure=secure
    )
    return answer


def sign_out(visit: Visit) -> Response:
    """The session ends, here and in the database."""
    with visit.service.database.write() as connection:
        end_session(connection, visit.request.cookies.get(COOKIE, ""))
    answer = visit.go("login")
    answer.delete_cookie(COOKIE, path=visit.request.app.state.prefix or "/")
    return answer


def _begin(service: Service, token: str, now: float) -> str | None:
    with service.database.write() as connection:
        begun = begin_session(connection, token, now)
    return None if begun is None else begun[0]


def _inside(request: Request, wanted: str) -> str:
    """``wanted`` if it is a page of this service, and nothing else: no way out to another site."""
    base = request.app.state.prefix + "/"
    safe = wanted.startswith(base) and not wanted.startswith("//") and wanted.isprintable() and "\\" not in wanted
    return wanted if safe else ""


def _from_here(request: Request) -> None:
    """Raises ``ProblemError`` where the browser says that another site sent the form."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ProblemError(403, "form-expired", "The form is not from this page; load it and sign in again.")


def _is_https(request: Request, service: Service) -> bool:
    return request.url.scheme == "https" or service.settings.url.startswith("https://")
