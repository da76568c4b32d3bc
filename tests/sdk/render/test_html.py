from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.sdk.render import reports
from tests.sdk.render.parts import ATTACKS, camera_image
from vision_readiness.render.html import card_html, page_html
from vision_readiness.render.pictures import failure_picture, picture_id, picture_requests

VOID = {"meta", "link", "img", "br"}


class Page(HTMLParser):
    """Every element with its attributes and the text under it, and a complaint about any tag left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def pictured(report) -> dict[str, bytes]:
    return {picture_id(example): failure_picture(camera_image(64, 48), example) for example in picture_requests(report)}


def hero(html: str) -> str:
    return re.sub(r"<[^>]*>", " ", html[html.index('<section class="hero"') : html.index('<nav class="contents"')])


@pytest.fixture(params=list(reports.ALL), scope="module")
def page(request: pytest.FixtureRequest) -> Page:
    report = reports.ALL[request.param]()
    return Page(page_html(report, pictured(report)))


def test_every_tag_is_closed_and_every_id_is_used_once(page: Page):
    assert not page.open
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    anchors = [attributes["href"] for attributes in page.all("a")]
    assert all(anchor and anchor[0] == "#" and anchor[1:] in ids for anchor in anchors)


def test_there_is_no_script_no_handler_and_nothing_is_fetched(page: Page):
    assert not {"script", "iframe", "object", "form", "base"} & {tag for tag, _ in page.elements}
    for tag, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:")), (tag, attributes)


def test_the_policy_forbids_everything_but_inline_style_and_pictures(page: Page):
    (policy,) = [meta for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy["content"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def test_tables_regions_and_pictures_can_be_read_without_seeing_them(page: Page):
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(header.get("scope") in ("col", "row", "colgroup") for header in page.all("th"))
    regions = [at for at in page.all("div") if "scroll" in (at.get("class") or "").split()]
    assert regions
    assert all(at.get("tabindex") == "0" and at.get("aria-label") and at.get("role") == "region" for at in regions)
    assert all(image.get("alt") for image in page.all("img"))
    assert all(svg.get("aria-label") and svg.get("role") == "img" for svg in page.all("svg"))


def test_headings_skip_no_level(page: Page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_text_overrides_and_control_characters_never_reach_the_page(page: Page):
    text = "".join(page.text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)


@pytest.mark.parametrize("name", reports.ALL)
def test_the_call_to_action_is_there_exactly_when_it_may_be_followed(name: str):
    report = reports.ALL[name]()
    html = page_html(report)
    assert ('class="cta"' in html) is report.deployable
    assert ('id="rollout"' in html) is report.deployable
    assert "disabled" not in html


@pytest.mark.parametrize("name", [name for name in reports.ALL if name != "hostile"])
def test_the_first_screen_speaks_a_product_managers_words(name: str):
    report = reports.ALL[name]()
    text = hero(page_html(report, pictured(report)))
    assert report.next_action.sentence in text
    assert not re.search(r"\bmAP\b|\bAP\b|p99|score|IoU|matrix|[A-Z]{4,}\d{3}", text)
    assert report.id not in text


def test_the_first_screen_shows_three_pictures_of_the_failure_and_none_when_ready():
    for report, shown in ((reports.blocked(), 3), (reports.ready(), 0), (reports.not_proven(), 0)):
        html = page_html(report, pictured(report))
        part = html[html.index('<section class="hero"') : html.index('<nav class="contents"')]
        assert part.count("<img") == shown


def test_without_pictures_the_examples_are_named_in_words():
    html = page_html(reports.blocked())
    assert "<img" not in html
    assert "forklift missed · lighting night" in html
    assert "dock-2/img_0000.jpg" in html


def test_one_missing_picture_leaves_no_broken_box():
    report = reports.blocked()
    pictures = pictured(report)
    dropped = picture_id(picture_requests(report)[0])
    html = page_html(report, {key: jpeg for key, jpeg in pictures.items() if key != dropped})
    assert len(Page(html).all("img")) == len(Page(page_html(report, pictures)).all("img")) - 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_names_are_text_and_never_markup(attack: str):
    html = page_html(reports.hostile())
    if "<" in attack or '"' in attack:
        assert attack not in html
    assert "{{" in "".join(Page(html).text)


def test_what_is_missing_is_explained_with_the_command_that_provides_it():
    html = page_html(reports.no_model())
    assert html.count("vision-readiness check ./warehouse --model model.onnx") == 2
    assert "its speed is not known" in page_html(reports.no_latency())
    assert "vision-readiness benchmark model.onnx" in page_html(reports.no_latency())


def test_a_time_from_another_device_is_called_no_proof():
    assert "a time on another device proves nothing" in page_html(reports.hostile())
    assert "a time on another device proves nothing" not in page_html(reports.blocked())


def test_every_requirement_finding_and_fix_is_on_the_page():
    report = reports.blocked()
    text = "".join(Page(page_html(report)).text).replace("\u00a0", " ")
    for finding in report.findings:
        assert finding.sentence in text
        assert finding.code in text
    for fix in report.fixes:
        assert fix.title in text
        assert fix.rank_because in text
    assert "0, needs 95" in text
    assert "Neha Kapoor" in text
    assert "no production history was given" in text


def test_equal_reports_give_equal_pages():
    assert page_html(reports.blocked()) == page_html(reports.blocked())


@pytest.mark.parametrize("name", reports.ALL)
def test_the_notebook_card_is_a_closed_fragment_without_script(name: str):
    card = Page(card_html(reports.ALL[name]()))
    assert not card.open
    assert not {"script", "html", "body", "link", "meta"} & {tag for tag, _ in card.elements}
    assert reports.ALL[name]()._repr_html_() == card_html(reports.ALL[name]())
