"""Going through pages, without end where a server has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vision_readiness.roboflow.images import ImagePage, ImageRow


def paged_by_offset(page_at: Callable[[int], ImagePage]) -> Iterator[ImageRow]:
    """The rows of all pages, each once; a page that brings nothing new is the last, whatever total is told.

    A row without an id cannot be told from another, and counts as new.
    """
    seen: set[str] = set()
    offset = 0
    while True:
        page = page_at(offset)
        new = [row for row in page.results if row.id is None or row.id not in seen]
        seen |= {row.id for row in new if row.id is not None}
        yield from new
        offset += len(page.results)
        told_to_end = page.total is not None and offset >= page.total
        if not any(row.id for row in new) or told_to_end:
            return


def paged_by_token(page_after: Callable[[str | None], ImagePage]) -> Iterator[ImageRow]:
    """The rows of all pages; a page without a token, or with one that was followed before, is the last."""
    followed: set[str | None] = {None}
    token: str | None = None
    while True:
        page = page_after(token)
        yield from page.results
        token = page.token
        if token in followed:
            return
        followed.add(token)
