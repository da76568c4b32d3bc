"""Words that a native reader of the field stumbles over stay out of what people read."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SAY_INSTEAD = {
    r"by heart": "memorised training data",
    r"would tell\b": "are needed",
    r"\bfell\b": "failed, dropped",
    r"remove doubles": "built-in NMS",
    r"are a beginning": "are needed",
    r"because of somebody": "the rule that was changed",
    r"what became of": "the result of",
    r"\blets? go of": "closes, releases",
    r"play along": "fails",
    r"it takes for what": "confusion matrix",
    r"not yours to see": "not found, or you have no access",
}
RETIRED = re.compile("|".join(SAY_INSTEAD), re.IGNORECASE)
PACKAGES = ("sdk", "adapters", "webhook")


def texts():
    """Every text that people read, by its place: docstrings and literals of the packages, templates, and pages."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value
        for path in sorted((ROOT / package).rglob("*.j2")):
            yield str(path.relative_to(ROOT)), path.read_text("utf-8")
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))):
        yield str(path.relative_to(ROOT)), path.read_text("utf-8")


def test_retired_words_stay_out_of_what_people_read():
    seen = [f"{place}: {found[0]}" for place, text in texts() for found in RETIRED.finditer(" ".join(text.split()))]
    assert not seen, "say it as SAY_INSTEAD does"


@pytest.mark.parametrize("text", ["What it only knows by heart", "About 9 more objects would tell.", "The run fell"])
def test_a_retired_word_is_seen(text):
    assert RETIRED.search(text)
