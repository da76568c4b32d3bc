import re
from itertools import combinations

import pytest

from tests.conftest import REPOSITORY

RENDER = REPOSITORY / "sdk/vision_readiness/render"
PAGES = REPOSITORY / "webhook/vision_readiness_webhook/pages/static/pages.css"
SHEETS = {path.name: path for path in (*sorted((RENDER / "templates").glob("*.css")), PAGES) if path.name != "card.css"}
"""All that one page of the service loads; ``card.css`` stands alone."""


def defined(sheet):
    """The classes that a rule of the sheet is about wherever they stand: its selector is the class alone."""
    text = re.sub(r"/\*.*?\*/", "", SHEETS[sheet].read_text("utf-8"), flags=re.DOTALL)
    selectors = (one.strip() for rule in re.findall(r"([^{};]+)\{", text) for one in rule.split(","))
    return {match[1] for one in selectors if (match := re.fullmatch(r"\.([a-z][\w-]*)", one))}


def used_in_reports():
    texts = [path.read_text("utf-8") for path in (*(RENDER / "templates").glob("*.j2"), *RENDER.glob("*.py"))]
    values = " ".join(value for text in texts for value in re.findall(r'class="([^"]*)"', text))
    return {word for word in re.split(r"[^\w-]+", values) if word}


def test_the_sheets_are_read():
    assert {"beside", "badge", "confusion"} <= used_in_reports()
    assert {"badge", "two-columns"} <= {name for sheet in SHEETS for name in defined(sheet)}


@pytest.mark.parametrize(("one", "other"), list(combinations(SHEETS, 2)))
def test_no_class_means_two_things(one, other):
    assert defined(one) & defined(other) == set()


def test_the_pages_of_the_service_lay_out_nothing_that_stands_in_a_report():
    assert defined(PAGES.name) & used_in_reports() == set()
