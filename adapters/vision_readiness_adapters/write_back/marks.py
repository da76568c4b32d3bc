"""Tags and metadata on the images of a project, found by the names that an export gave them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vision_readiness.numbers import count
from vision_readiness.project.source_names import source_name
from vision_readiness.publish import Step, StepResult, WriteBack
from vision_readiness.publish.interface import ImageMark, ImageMarks
from vision_readiness.roboflow import RoboflowClient, images
from vision_readiness.roboflow.images import ImagePage, ImageRow, ImageUpdate
from vision_readiness.roboflow.pages import paged_by_offset
from vision_readiness.roboflow.redact import plain
from vision_readiness_adapters.export_download import Gauge

if TYPE_CHECKING:
    from vision_readiness.ports import Progress

WANTED_FIELDS = ("id", "name", "tags", "user_metadata")
MOST_NAMED = 3


def mark_images(
    client: RoboflowClient, plan: WriteBack, step: Step, work: ImageMarks, progress: Progress, task_seconds: float
) -> StepResult:
    """The result for tags and metadata. All images of the project are read, as no search is by name.

    An image whose name no image of the project has, or several have, is left alone and named.
    """
    known = ProjectImages.of(_images(client, plan, progress))
    found = [(mark, known.find(mark.image)) for mark in work.marks]
    lost = [mark.image for mark, row in found if row is None]
    due = [update for mark, row in found if row is not None and (update := _update(mark, row)) is not None]
    because = _lost_words(lost, plan)
    if due:
        task = client.finish(
            plan.workspace, client.run(images.update_images(plan.workspace, due)), within_seconds=task_seconds
        )
        if task.status == "failed":
            said = plain(task.error or "it does not say why")
            return StepResult(
                step,
                there=len(found) - len(lost) - len(due),
                because=(
                    f"Roboflow's task of changing {count(len(due), 'image')} failed: {said.rstrip('. ')}.",
                    *because,
                ),
            )
    return StepResult(step, done=len(due), there=len(found) - len(lost) - len(due), because=because)


def _images(client: RoboflowClient, plan: WriteBack, progress: Progress) -> Iterator[ImageRow]:
    with closing(Gauge(progress, f"Reading the images of {plan.project}")) as gauge:

        def page_at(offset: int) -> ImagePage:
            page = client.run(images.search(plan.workspace, plan.project, offset=offset, fields=WANTED_FIELDS))
            gauge.show((offset + len(page.results)) / page.total if page.total else None)
            return page

        yield from paged_by_offset(page_at)


@dataclass(frozen=True, slots=True)
class ProjectImages:
    """The images of a project by their names, as they are and as an export writes them."""

    exact: dict[str, list[ImageRow]] = field(default_factory=dict)
    exported: dict[str, list[ImageRow]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[ImageRow]) -> ProjectImages:
        """Those of ``rows`` that have an id and a name."""
        known = cls()
        for row in rows:
            if row.id is not None and row.name is not None:
                known.exact.setdefault(row.name, []).append(row)
                known.exported.setdefault(_as_exported(row.name), []).append(row)
        return known

    def find(self, key: str) -> ImageRow | None:
        """The one image that the file ``key`` of an export is a copy of; ``None`` where there is none, or several."""
        name = key.rpartition("/")[2]
        source = source_name(key).rpartition("/")[2]
        for held in (self.exact.get(name), self.exported.get(_as_exported(source))):
            if held is not None:
                return held[0] if len(held) == 1 else None
        return None


def _as_exported(name: str) -> str:
    """A name as an export could have written it: ``dock 7.jpg`` becomes ``dock_7_jpg`` there, and ``ü`` an ``u``.

    >>> _as_exported("dock 7.jpg") == _as_exported("dock_7_jpg")
    True
    """
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", "-", ascii_only.lower())


def _update(mark: ImageMark, row: ImageRow) -> ImageUpdate | None:
    """What is still to be changed of an image; ``None`` where it has all of it."""
    tags = tuple(tag for tag in mark.tags if tag not in row.tags)
    metadata = {name: value for name, value in mark.metadata.items() if row.metadata.get(name) != value}
    if row.id is None or not (tags or metadata):
        return None
    return ImageUpdate(image_id=row.id, metadata=metadata, add_tags=tags)


def _lost_words(lost: Sequence[str], plan: WriteBack) -> tuple[str, ...]:
    if not lost:
        return ()
    named = ", ".join(plain(name, 120) for name in lost[:MOST_NAMED]) + (" …" if len(lost) > MOST_NAMED else "")
    return (
        f"{count(len(lost), 'image')} of the fix queue cannot be told in {plan.workspace}/{plan.project}: {named}.",
    )
