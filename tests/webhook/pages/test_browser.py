"""The pages in a real Chromium: by people, by keyboard, on every screen, in every state."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from tests.chromium import OUTSIDE, WIDTHS
from tests.sdk.render import reports
from tests.webhook.pages.stored import PLACES, gathered, keep, keep_made
from tests.webhook.serving import SECRET, created, settings_in
from vision_readiness.deliveries import Secret, sign
from vision_readiness_webhook import create_app
from vision_readiness_webhook.access import Role, create_token
from vision_readiness_webhook.store.runs import Asked, RunState, add_run, change_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PROJECTS = {name: place.parent.name for name, place in PLACES.items()}
LONG = "a-very-long-project-name-" * 7
SMALL = """() => [...document.querySelectorAll('.button, .tabs a, .filters a, .crumbs a, .cta, summary, input, select')]
  .filter(one => one.checkVisibility() && !['hidden', 'checkbox'].includes(one.type))
  .filter(one => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().width < 24)
  .map(one => one.outerHTML.slice(0, 120))"""
EVERY_PAGE = (
    "/",
    "/?state=not_proven&name=gate",
    "/?name=nobody-has-this-name",
    "/app/yard-safety",
    "/app/yard-safety/report",
    "/app/yard-safety/compare",
    "/app/yard-safety/what-if?t.1=0.3&device=jetson",
    "/app/yard-safety/what-if?t.1=many",
    "/app/yard-safety/spec",
    "/app/yard-safety/risks",
    "/app/yard-safety/support",
    "/app/yard-safety/fixes/1",
    "/app/dock-packages",
    "/app/crate-grading/rollout",
    "/app/parcel-masks/rollout",
    "/app/night-gate/rollout",
    "/app/odd",
    "/app/odd/report",
    "/app/odd/what-if",
    "/app/odd/spec",
    "/app/odd/risks",
    "/app/odd/support",
    "/app/odd/fixes/1",
    f"/app/{LONG}",
    "/app/nowhere",
)


@dataclass(frozen=True, slots=True)
class Site:
    """A service behind a socket of this machine."""

    app: Starlette
    url: str

    def token(self, role: Role, person: str = "Neha Kapoor") -> str:
        with self.app.state.service.database.write() as connection:
            return create_token(connection, "acme", person, role, time.time())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    app = create_app(settings_in(tmp_path_factory.mktemp("service"), workers=1))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        time.sleep(0.05)
    database, now = app.state.service.database, time.time()
    for days, name in enumerate(PLACES):
        keep(database, gathered(name), now - 86400 * (len(PLACES) - days))
    keep_made(database, reports.hostile(), now - 500, project="odd")
    keep_made(database, replace(reports.not_proven(), id="0" * 16), now - 400, project=LONG)
    yield Site(app, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
    server.should_exit = True
    thread.join()


def signed_in(
    site: Site, browser: Browser, role: Role = Role.DEPLOYER, **options: object
) -> tuple[BrowserContext, Page]:
    context = browser.new_context(**options)  # type: ignore[arg-type]  # the options of a context, as they are
    page = context.new_page()
    page.goto(f"{site.url}/login")
    page.get_by_label("Token").fill(site.token(role))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/")
    return context, page


def barriers(page: Page) -> list[tuple[str, list[str]]]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(*WIDTHS[0], "dark"), (*WIDTHS[1], "light"), (*WIDTHS[2], "light")]
)
def test_every_page_fits_every_screen_and_has_no_barrier(
    width: int, height: int, scheme: str, site: Site, browser: Browser
) -> None:
    viewport = {"width": width, "height": height}
    context, page = signed_in(site, browser, viewport=viewport, color_scheme=scheme)
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "the server responded" not in message.text else None,
    )
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    for path in EVERY_PAGE:
        answer = page.goto(site.url + path)
        assert answer is not None
        assert answer.status == (404 if "nowhere" in path else 200), path
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(OUTSIDE.replace(".scroll,", ".scroll, .tabs,")) == [], path
        assert page.evaluate(SMALL) == [], path
        assert width == WIDTHS[1][0] or barriers(page) == [], path
        assert complaints == [], path
    context.close()


def test_the_sign_in_page_has_no_barrier(site: Site, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{site.url}/login")
    assert barriers(page) == []
    page.get_by_label("Token").fill("vr_wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert barriers(page) == []
    page.close()


def reach(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until what has the focus, and shows it, says ``name``."""
    for _ in range(most):
        page.keyboard.press("Tab")
        said, outline = page.evaluate(
            """() => { const one = document.activeElement, label = one.labels && one.labels[0];
            const shown = one.closest('.project') || one;
            return [(label ? label.textContent : one.textContent).trim(), getComputedStyle(shown).outlineStyle]; }"""
        )
        if said.startswith(name):
            assert outline != "none", f"{name} does not show that it has the focus"
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_the_way_from_signing_in_to_what_if_by_keyboard_alone(site: Site, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/login")
    page.wait_for_function("document.activeElement.id === 'token'")
    page.keyboard.type(site.token(Role.VIEWER))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/")
    for name, ends in (("yard-safety", "/app/yard-safety"), ("Full report", "/reports/"), ("What if", "/what-if")):
        reach(page, name)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(re.escape(ends)))
    reach(page, "forklift")
    page.keyboard.type("0.3")
    reach(page, "Decide again")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Then it would be").wait_for()
    assert page.get_by_role("status").inner_text() == "It is further from a release."
    page.close()


@pytest.mark.parametrize(
    ("name", "says", "confirm"),
    [
        ("ready", "Deploy with monitoring to this-machine", None),
        (
            "warning",
            "Review the warnings, then deploy to this-machine",
            "I have read 1 warning and ship in spite of it.",
        ),
        ("monitor_required", "Set up monitoring, then deploy to this-machine", "Monitoring is set up, and somebody"),
    ],
)
def test_what_may_be_deployed_is_rolled_out_by_name(
    name: str, says: str, confirm: str | None, site: Site, browser: Browser
) -> None:
    context, page = signed_in(site, browser)
    page.goto(f"{site.url}/app/{PROJECTS[name]}")
    page.get_by_role("link", name=says).first.click()
    deploy = page.get_by_role("button", name="Deploy")
    if confirm is not None:
        deploy.click()
        assert "decision=" not in page.url, "a rollout needs the word of the person who decides it"
        page.get_by_label(confirm).check()
    deploy.click()
    page.wait_for_url(re.compile("decision="))
    assert "Rollout decided by Neha Kapoor" in page.get_by_role("status").inner_text()
    page.goto(f"{site.url}/app/{PROJECTS[name]}")
    assert page.get_by_role("heading", name="Rollouts decided").is_visible()
    context.close()


@pytest.mark.parametrize("name", ["blocked", "retrain_required", "not_proven"])
def test_what_may_not_be_deployed_has_no_call_to_action_anywhere(name: str, site: Site, browser: Browser) -> None:
    context, page = signed_in(site, browser)
    for place in ("", "/report", "/rollout"):
        page.goto(f"{site.url}/app/{PROJECTS['leak' if name == 'blocked' else name]}{place}")
        assert page.locator(".cta, button:has-text('Deploy'), a:has-text('deploy to')").count() == 0
    context.close()


def test_a_viewer_is_shown_no_button_that_is_not_theirs(site: Site, browser: Browser) -> None:
    context, page = signed_in(site, browser, Role.VIEWER)
    for path in ("/app/dock-packages/rollout", "/app/yard-safety/risks", "/app/yard-safety", "/app/yard-safety/spec"):
        page.goto(site.url + path)
        assert page.locator("main form[method=post] button:visible:enabled").count() == 0, path
    context.close()


def test_a_specification_shows_what_it_would_change_and_is_decided_under_once_saved(
    site: Site, browser: Browser
) -> None:
    context, page = signed_in(site, browser, Role.EDITOR, java_script_enabled=False)
    page.goto(f"{site.url}/app/shelf-stock/spec")
    bottle = page.get_by_role("group", name="bottle")
    bottle.get_by_label("Finds at least").fill("ninety")
    page.get_by_role("button", name="Show what would change").first.click()
    assert bottle.locator(".wrong-field").inner_text() == "Give a percentage from 0 to 100, such as 90."
    bottle.get_by_label("Finds at least").fill("99.9")
    page.get_by_role("button", name="Show what would change").first.click()
    assert page.get_by_text("recall of bottle, at least 0.999").first.is_visible()
    assert "min_recall: 0.999" in page.get_by_label("As it stands in a file").input_value()
    page.get_by_role("button", name="Save and decide again").first.click()
    page.wait_for_url(f"{site.url}/app/shelf-stock")
    page.goto(f"{site.url}/app/shelf-stock/spec")
    assert page.get_by_text("Saved by Neha Kapoor").is_visible()
    assert page.get_by_role("group", name="bottle").get_by_label("Finds at least").input_value() == "99.9"
    context.close()


def test_a_risk_is_accepted_with_a_reason_and_withdrawn_again_and_a_leak_never_is(site: Site, browser: Browser) -> None:
    context, page = signed_in(site, browser)
    page.goto(f"{site.url}/app/night-gate/risks")
    page.get_by_role("link", name="Accept this risk").first.click()
    page.get_by_label("Why it is accepted").fill("A guard stands beside it until March.")
    page.get_by_role("button", name="Accept the risk").click()
    page.wait_for_url(f"{site.url}/app/night-gate")
    page.goto(f"{site.url}/app/night-gate/risks")
    assert page.get_by_text("A guard stands beside it until March.").is_visible()
    page.get_by_role("button", name="Withdraw").click()
    page.wait_for_url(f"{site.url}/app/night-gate")
    page.goto(f"{site.url}/app/shelf-stock/risks")
    leak = page.locator("li", has_text="SPLIT302")
    assert leak.get_by_text("Cannot be accepted").is_visible()
    assert leak.get_by_role("link").count() == 0
    context.close()


def test_a_run_is_followed_while_it_goes_on_with_and_without_scripts(site: Site, browser: Browser) -> None:
    database, now = site.app.state.service.database, time.time()
    with database.write() as connection:
        run_id, _ = add_run(connection, Asked("acme", "dock-packages", 3, None, "scan", (str(now),)), now - 300)
        begun = {"state": RunState.RUNNING, "stage": "looking at images", "done": 40, "total": 400}
        change_run(connection, run_id, started_at=now - 290, stage_at=now - 100, **begun)
    plain, still = signed_in(site, browser, java_script_enabled=False)
    still.goto(f"{site.url}/progress/{run_id}")
    assert still.get_by_text("40 of 400").is_visible()
    assert still.get_by_text("No progress for over a minute").is_visible()
    assert still.get_by_role("link", name="Look again").is_visible()
    context, page = signed_in(site, browser)
    page.goto(f"{site.url}/progress/{run_id}")
    with database.write() as connection:
        change_run(connection, run_id, done=399, stage_at=time.time())
    page.get_by_text("399 of 400").wait_for()
    with database.write() as connection:
        change_run(connection, run_id, state=RunState.FAILED, stage="failed", detail="The source did not answer.")
    page.get_by_role("heading", name="Failed").wait_for()
    assert page.get_by_text("The source did not answer.").is_visible()
    for one in (plain, context):
        one.close()


def test_a_signed_delivery_is_followed_to_a_report_with_pictures_that_support_is_not_shown(
    site: Site, browser: Browser
) -> None:
    event = created("yard-safety", 5)
    body, now = event.to_bytes(), datetime.now(UTC)
    headers = dict(sign(Secret.parse(SECRET), event.id, now, body))
    answer = httpx.post(f"{site.url}/webhooks/roboflow", content=body, headers=headers)
    assert answer.status_code == 202
    context, page = signed_in(site, browser, viewport={"width": 820, "height": 1180})
    page.goto(f"{site.url}/progress/{answer.json()['run']}")
    page.get_by_role("link", name="The full report").click(timeout=120_000)
    page.wait_for_load_state("networkidle")
    pictures = page.locator("figure.example img")
    assert pictures.count() > 3
    assert pictures.evaluate_all("all => all.every(one => one.naturalWidth > 0 && one.alt)")
    address = pictures.first.get_attribute("src")
    assert address is not None
    assert httpx.get(site.url + address).status_code == 200
    assert httpx.get(site.url + address.partition("?")[0]).status_code == 404
    watched, other = signed_in(site, browser, Role.SUPPORT)
    other.goto(page.url)
    assert other.locator("figure.example img").count() == 0
    for one in (context, watched):
        one.close()


def test_a_version_is_looked_at_when_somebody_asks(site: Site, browser: Browser) -> None:
    context, page = signed_in(site, browser, Role.EDITOR)
    page.locator("summary", has_text="Scan a version now").click()
    page.get_by_label("Project", exact=True).fill("no such project")
    page.get_by_role("button", name="Look at it").click()
    assert page.get_by_text("Name the project as its address does").is_visible()
    page.goto(f"{site.url}/app/night-gate")
    page.get_by_role("button", name="Scan the newest version again").click()
    page.wait_for_url(re.compile("/progress/"))
    context.close()


def test_a_fix_is_opened_and_begun(site: Site, browser: Browser) -> None:
    context, page = signed_in(site, browser, Role.EDITOR)
    page.goto(f"{site.url}/app/yard-safety")
    page.get_by_role("button", name="Open fix 1").click()
    page.get_by_role("button", name="Retraining started").click()
    page.goto(f"{site.url}/app/yard-safety")
    assert page.get_by_text("Retraining started by Neha Kapoor, just now").is_visible()
    context.close()
