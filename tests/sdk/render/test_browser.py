"""The page in a real Chromium: nothing clipped, nothing blocked, readable in light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import OUTSIDE, WIDTHS
from tests.sdk.render import reports
from tests.sdk.render.parts import camera_image
from vision_readiness.render.html import page_html
from vision_readiness.render.pictures import failure_picture, picture_id, picture_requests

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll('.contents a, .cta, summary')]
  .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 44)
  .map(element => element.outerHTML.slice(0, 120))"""

FAINT = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((part, n) => n === 3 ? part / 255 : part);
  };
  const over = (top, under) => [0, 1, 2].map(n => top[n] * top[3] + under[n] * (1 - top[3])).concat(1);
  const light = colour => [0.2126, 0.7152, 0.0722].reduce((sum, weight, n) => {
    const part = colour[n] / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
  const behind = element => element
    ? over(rgba(getComputedStyle(element).backgroundColor), behind(element.parentElement)) : [255, 255, 255, 1];
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())) continue;
    if (!element.checkVisibility() || element.closest('.hidden, .skip')) continue;
    const style = getComputedStyle(element), paper = behind(element);
    const ink = over(rgba(element.closest('svg') ? style.fill : style.color), paper);
    const [high, low] = [light(ink), light(paper)].sort((a, b) => b - a);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) faint.push([contrast.toFixed(2), element.outerHTML.slice(0, 120)]);
  }
  return faint;
}"""


def written(name: str, folder: Path) -> str:
    report = reports.ALL[name]()
    image = camera_image(160, 120)
    pictures = {picture_id(example): failure_picture(image, example) for example in picture_requests(report)}
    path = folder / f"{name}.html"
    path.write_text(page_html(report, pictures), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("name", ["blocked", "ready", "not_proven", "no_model", "hostile"])
def test_nothing_is_clipped_or_blocked_at_any_width_without_javascript(name: str, browser: Browser, tmp_path: Path):
    address = written(name, tmp_path)
    for width, height in WIDTHS:
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=False)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message, to=complaints: to.append(message.text))
        page.on("requestfailed", lambda request, to=complaints: to.append(request.url[:80]))
        page.goto(address)
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), f"overflows at {width}"
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
        assert complaints == []
        context.close()


def test_the_answer_and_what_is_next_are_above_the_fold(browser: Browser, tmp_path: Path):
    for name in ("blocked", "ready", "not_proven"):
        for width, height in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(written(name, tmp_path))
            for part in (".badge", "h1", ".proof", ".next"):
                box = page.locator(part).first.bounding_box()
                assert box is not None
                assert box["y"] + box["height"] <= height, (name, width, part)
            page.close()


@pytest.mark.parametrize("name", ["ready", "warning", "monitor_required", "retrain", "blocked", "not_proven"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_contrast_enough(name: str, scheme: str, browser: Browser, tmp_path: Path):
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1440, "height": 900})  # type: ignore[arg-type]  # a scheme is a word here
    page = context.new_page()
    page.goto(written(name, tmp_path))
    assert page.evaluate(FAINT) == []
    context.close()


def test_on_paper_every_drawer_is_open(browser: Browser, tmp_path: Path):
    page = browser.new_page()
    page.goto(written("blocked", tmp_path))
    page.emulate_media(media="print")
    assert page.locator("#details .drawer-body").bounding_box() is not None
    assert not page.locator(".contents").is_visible()
    page.close()
