"""The pages without a browser: who gets in, what stands in the headers, what is escaped."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.sdk.render import reports
from tests.webhook.pages.stored import gathered, keep, keep_made
from tests.webhook.serving import Served, running, served, settings_in
from vision_readiness import DeploymentSpec
from vision_readiness_webhook import create_app, lifespan
from vision_readiness_webhook.access import COOKIE, Role
from vision_readiness_webhook.pages.visit import POLICY

ODD_ADDRESSES = (
    "/app/%00",
    "/app/..%2F..%2Fetc",
    "/app/dock%0d%0aset-cookie:x",
    "/app/" + "x" * 5000,
    "/app/dock/reports/%00",
    "/app/dock/reports/';--",
    "/app/dock/fixes/99999999999999999999",
    "/app/dock/fixes/-1",
    "/progress/%ED%A0%80",
    "/static/..%2F__init__.py",
    "/?after=nan+x&state=nothing&name=%00%25_",
    "/?after=1e999&name=%ED%A0%80",
    "/app/dock/compare?now=%00&before=%ED%A0%80",
    "/app/dock/what-if?t.0=nan&t.1=1e400&p95_ms=-1&device=%00",
    "/app/dock/spec?t.0=2&device=" + "x" * 5000,
    "/app/dock/risks?risk=%00",
    "/app/dock/rollout?decision=%00",
    "/login?next=%00",
)

ODD_FORMS = (
    (b"step=opened&csrf=%00", "application/x-www-form-urlencoded", 403),
    (b"\xff\xfe=\xff", "application/x-www-form-urlencoded", 400),
    (b"a=b&" * 6000, "application/x-www-form-urlencoded", 400),
    (b"x" * 300_000, "application/x-www-form-urlencoded", 413),
    (b"{}", "application/json", 415),
    (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
)


async def sign_in(service: Served, role: Role = Role.DEPLOYER, workspace: str = "acme") -> None:
    answer = await service.client.post("/login", data={"token": service.token(role, workspace)})
    assert answer.status_code == 303


def test_who_is_not_signed_in_is_sent_to_sign_in_and_then_on_to_where_they_wanted(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            sent = await service.client.get("/app/dock?x=1")
            assert sent.headers["location"] == "/login?next=%2Fapp%2Fdock%3Fx%3D1"
            form = {"token": service.token(), "next": "/app/dock?x=1"}
            answer = await service.client.post("/login", data=form)
            assert (answer.status_code, answer.headers["location"]) == (303, "/app/dock?x=1")
            cookie = answer.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=lax" in cookie
            assert "Secure" not in cookie

    running(test)


def test_signing_in_leads_nowhere_else(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            for wanted in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1", "/a\nb"):
                answer = await service.client.post("/login", data={"token": service.token(), "next": wanted})
                assert answer.headers["location"] == "/", wanted

    running(test)


def test_a_wrong_token_and_another_site_open_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            answer = await service.client.post("/login", data={"token": "vr_wrong"})
            assert answer.status_code == 401
            assert "is not valid" in answer.text
            assert COOKIE not in answer.cookies
            foreign = {"sec-fetch-site": "cross-site"}
            answer = await service.client.post("/login", data={"token": service.token()}, headers=foreign)
            assert answer.status_code == 403

    running(test)


def test_every_page_brings_the_strict_policy_and_no_inline_style_or_script(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            report_id = keep_made(service.app.state.service.database, reports.hostile(), 1e9, project="odd")
            await sign_in(service)
            for path in (
                "/",
                "/app/odd",
                f"/app/odd/reports/{report_id}",
                "/app/odd/support",
                "/nowhere-run",
            ):
                answer = await service.client.get(path)
                if path == "/nowhere-run":
                    assert answer.status_code == 404
                    continue
                assert answer.status_code == 200, path
                assert answer.headers["content-security-policy"] == POLICY
                assert answer.headers["cache-control"] == "private, no-store"
                assert "<script>" not in answer.text
                assert not re.search(
                    r"<style|\sstyle=|\son\w+=|javascript:", re.sub(r"&[#\w]+;", "", _tags(answer.text))
                )

    running(test)


def test_a_form_of_another_session_changes_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            keep_made(service.app.state.service.database, reports.blocked(), 1e9, project="dock")
            await sign_in(service)
            page = (await service.client.get("/app/dock")).text
            word = re.search(r'name="csrf" value="(\w+)"', page)
            assert word is not None
            for csrf in ("", "0" * 64):
                answer = await service.client.post("/app/dock/fixes/1", data={"step": "opened", "csrf": csrf})
                assert answer.status_code == 403
            answer = await service.client.post("/app/dock/fixes/1", data={"step": "opened", "csrf": word[1]})
            assert answer.status_code == 303
            assert "Opened" in (await service.client.get("/app/dock/fixes/1")).text

    running(test)


def test_another_workspace_finds_nothing_by_any_page(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            report_id = keep_made(service.app.state.service.database, reports.blocked(), 1e9, project="dock")
            await sign_in(service, workspace="other")
            assert "dock" not in (await service.client.get("/")).text
            for path in ("", f"/reports/{report_id}", "/report", "/compare", "/support", "/fixes/1"):
                answer = await service.client.get(f"/app/dock{path}")
                assert answer.status_code == 404, path
                assert "forklift" not in answer.text

    running(test)


def test_under_a_prefix_every_link_form_and_cookie_stays_under_it(tmp_path: Path) -> None:
    async def test() -> None:
        inner = create_app(settings_in(tmp_path), prefix="/ready")
        outer = Starlette(routes=[Mount("/ready", inner)])
        transport = httpx.ASGITransport(outer)
        async with lifespan(inner), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            service = Served(inner, client)
            keep_made(inner.state.service.database, reports.warning(), 1e9, project="dock")
            sent = await client.get("/ready/app/dock")
            assert sent.headers["location"] == "/ready/login?next=%2Fready%2Fapp%2Fdock"
            form = {"token": service.token(), "next": "/ready/app/dock"}
            answer = await client.post("/ready/login", data=form)
            assert answer.headers["location"] == "/ready/app/dock"
            assert "Path=/ready" in answer.headers["set-cookie"]
            for path in ("/ready/", "/ready/app/dock", "/ready/app/dock/spec", "/ready/app/dock/rollout"):
                page = await client.get(path)
                assert page.status_code == 200, path
                places = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
                assert places
                assert all(place.startswith("/ready/") for place in places), path

    running(test)


def test_an_address_where_nothing_is_says_so_in_html_to_browsers_alone(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            page = await service.client.get("/nowhere", headers={"accept": "text/html,*/*;q=0.8"})
            assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
            plain = await service.client.get("/nowhere")
            assert plain.headers["content-type"] == "application/problem+json"

    running(test)


def test_odd_addresses_are_answered_and_never_fall(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            keep_made(service.app.state.service.database, reports.blocked(), 1e9, project="dock")
            await sign_in(service)
            for path in ODD_ADDRESSES:
                assert (await service.client.get(path)).status_code < 500, path

    running(test)


def test_odd_forms_change_nothing(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            keep_made(service.app.state.service.database, reports.blocked(), 1e9, project="dock")
            await sign_in(service)
            for body, kind, status in ODD_FORMS:
                for place in ("fixes/1", "spec", "risks", "rollout"):
                    headers = {"content-type": kind}
                    answer = await service.client.post(f"/app/dock/{place}", content=body, headers=headers)
                    assert answer.status_code == status, (place, body[:40])

    running(test)


def test_hundreds_of_projects_come_a_page_at_a_time_each_once_the_cheapest_first(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            made = [reports.blocked(), reports.ready(), reports.not_proven(), reports.retrain(), reports.warning()]
            for n in range(130):
                keep_made(service.app.state.service.database, made[n % 5], 1e9 + n, project=f"project-{n:03}")
            await sign_in(service)
            seen: list[str] = []
            path: str | None = "/"
            while path:
                page = (await service.client.get(path)).text
                seen += re.findall(r'href="/app/(project-\d+)"', page)
                following = re.search(r'href="([^"]*after=[^"]*)"', page)
                path = html.unescape(following[1]) if following else None
            assert len(seen) == len(set(seen)) == 130
            ready = {f"project-{n:03}" for n in range(130) if n % 5 in (1, 4)}
            assert set(seen[-len(ready) :]) == ready
            found = (await service.client.get("/?name=12&state=not_proven")).text
            assert re.findall(r'href="/app/(project-\d+)"', found) == [f"project-{n:03}" for n in (12, 112, 122, 127)]

    running(test)


def test_a_specification_that_stands_on_another_is_not_changed_here(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            known = replace(gathered("not_proven"), spec=DeploymentSpec(project="acme/gate", extends="company.yaml"))
            keep(service.app.state.service.database, known, 1e9)
            await sign_in(service)
            page = (await service.client.get("/app/night-gate/spec")).text
            assert "stands on company.yaml" in page
            word = re.search(r'name="csrf" value="(\w+)"', page)
            assert word is not None
            answer = await service.client.post("/app/night-gate/spec", data={"csrf": word[1], "do": "save"})
            assert answer.status_code == 409

    running(test)


def _tags(page: str) -> str:
    """The page's tags without the values in quotes, where escaped text may say what it likes."""
    return " ".join(re.sub(r'"[^"]*"', '""', tag) for tag in re.findall(r"<[^>]+>", page))
