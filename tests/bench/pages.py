"""The page of measured statistics: each bench writes its own part of it."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "numbers-statistics.md"


def keep(part: str, text: str) -> None:
    """Put ``text`` between the marks of ``part`` in the page; raises ``ValueError`` where it has no such marks."""
    begin, end = f"<!-- {part}: written by its bench -->\n", f"<!-- end of {part} -->\n"
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{PAGE} has no part {part!r}: put its two marks back")
    PAGE.write_text(f"{before}{begin}\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
