"""The pages of measured numbers of which each bench writes its own part."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "numbers-statistics.md"
SERVICE = DOCS / "numbers-service.md"


def keep(part: str, text: str, path: Path = PAGE) -> None:
    """Put ``text`` between the marks of ``part`` in the page; raises ``ValueError`` where it has no such marks."""
    begin, end = f"<!-- {part}: written by its bench -->\n", f"<!-- end of {part} -->\n"
    page = path.read_text(encoding="utf-8")
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{path} has no part {part!r}: put its two marks back")
    path.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
