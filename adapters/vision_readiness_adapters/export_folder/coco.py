"""Roboflow COCO exports: ``<split>/_annotations.coco.json``, images beside it or in ``images``.

Layout and quirks: https://docs.roboflow.com/datasets/dataset-versions/exporting-data, and the exports themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vision_readiness.errors import TaskError
from vision_readiness.project import SPLITS, Defect, DefectKind, Split, Task
from vision_readiness.project.months import MONTH
from vision_readiness.project.source_names import split_named
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.categories import id_of, read_categories
from vision_readiness_adapters.export_folder.coco_rows import read_rows
from vision_readiness_adapters.export_folder.conditions import Mark, marks_of, months_of
from vision_readiness_adapters.export_folder.folder import Folder, FolderImages, join, safe_name, shown
from vision_readiness_adapters.export_folder.image_header import image_sizes
from vision_readiness_adapters.export_folder.outlines import says_more_than_box
from vision_readiness_adapters.export_folder.part import NO_SPLIT, Part, Reading, assemble, unlabelled

FEW_CROWDS, MOST_CROWDS = 10, 0.1
"""Crowds, and their share of the annotations, beyond which they are no groups; in MS COCO it is a hundredth."""

_ENDS = 2**16

NAMES = ("_annotations.coco.json", "annotations.coco.json", "_annotations.json", "annotations.json")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One split's JSON. ``key`` is ``None`` where a split folder has images but no annotation file."""

    split: Split
    under: str
    key: str | None
    categories: Sequence[Any] = ()
    images: Sequence[Any] = ()
    annotations: Sequence[Any] = ()

    @property
    def crowds_are_objects(self) -> bool:
        """Whether more is marked as a crowd than groups of objects ever are: a mask's form was taken for a crowd."""
        crowds = sum(isinstance(entry, dict) and entry.get("iscrowd") in (1, "1") for entry in self.annotations)
        return crowds > max(FEW_CROWDS, MOST_CROWDS * len(self.annotations))


def applies(folder: Folder) -> bool:
    """True for a folder with COCO annotations in it, in one of its splits, or in ``annotations``."""
    return any(_annotation_file(folder, under) for under in ("", *(under for _, under in folder.splits()))) or any(
        _elsewhere(folder)
    )


def read(folder: Folder, task: Task | None = None) -> Reading:
    """The data set of a COCO export; ``task`` is detection or segmentation, found out when ``None``.

    It is segmentation when an annotation has a polygon or run-length code that says more than its box. Raises
    ``ExportError`` for a damaged file and ``TaskError`` for keypoints.
    """
    documents = _documents(folder)
    if task is None:
        _refuse_keypoints(documents)
        entries = (entry for document in documents for entry in document.annotations if isinstance(entry, dict))
        outlined = any(says_more_than_box(entry.get("segmentation"), entry.get("bbox")) for entry in entries)
        task = Task.SEGMENTATION if outlined else Task.DETECTION
    if not task.has_boxes:
        raise TaskError(f"{folder.root} is a COCO export, which cannot be judged as {task}; leave the task out.")
    categories = read_categories([(str(d.key), d.categories, d.annotations) for d in documents])
    parts = [
        _part(folder, document, labels, has_masks=task is Task.SEGMENTATION)
        for document, labels in zip(documents, categories.labels, strict=True)
    ]
    announcements = [NO_SPLIT] if {d.split for d in documents} == {Split.TRAIN} and not folder.splits() else []
    return assemble(task, categories.classes, parts, [*announcements, *_remarks(documents)])


def _remarks(documents: Sequence[Document]) -> Iterator[str]:
    for document in documents:
        if document.crowds_are_objects:
            yield f"{document.key} marks many objects as crowds, as CVAT's brush does; each is taken as one object."


def _documents(folder: Folder) -> list[Document]:
    splits = folder.splits()
    places = [place for place in splits if _annotation_file(folder, place[1]) or folder.inventory.images(place[1])]
    if any(_annotation_file(folder, under) for _, under in places):
        return [_document(folder, split, under, _annotation_file(folder, under)) for split, under in places]
    if (key := _annotation_file(folder, "")) is not None:
        return [_document(folder, Split.TRAIN, "", key)]
    found = [(key, split_named(key.rpartition("/")[2].rpartition(".")[0])) for key in _elsewhere(folder)]
    named = [(split, key) for key, split in found if split is not None]
    if not named:
        return [_document(folder, Split.TRAIN, "", key) for key, _ in found]
    return [_document(folder, split, "", key) for split, key in sorted(named, key=lambda pair: SPLITS.index(pair[0]))]


def _elsewhere(folder: Folder) -> Iterator[str]:
    """The files that look like COCO's, in the root or in ``annotations``: those of MS COCO, CVAT and Label Studio."""
    for place in ("", "annotations", "Annotations"):
        for name in folder.listing(place).ending(".json"):
            if _looks_like_coco(folder.root / join(place, name)):
                yield join(place, name)


def _looks_like_coco(path: Path) -> bool:
    """Whether both ends of a file hold COCO's lists; a file of images alone, as of a test set without labels, too."""
    try:
        with path.open("rb") as file:
            start = file.read(_ENDS)
            file.seek(max(path.stat().st_size - _ENDS, 0))
            ends = start + file.read(_ENDS)
    except OSError:
        return False
    return start.lstrip().startswith((b"{", b"\xef\xbb\xbf{")) and all(
        f'"{name}"'.encode() in ends for name in ("images", "categories")
    )


def _annotation_file(folder: Folder, under: str) -> str | None:
    return next((join(under, name) for name in NAMES if name in folder.listing(under).files), None)


def _document(folder: Folder, split: Split, under: str, key: str | None) -> Document:
    if key is None:
        return Document(split, under, None)
    payload = folder.read_json(key)
    fields = payload if isinstance(payload, dict) else {}
    for name in ("images", "annotations", "categories"):
        if not isinstance(fields.get(name), list):
            raise ExportError(f"{folder.root / key} has no list {name!r}, so it is not a COCO file; export it again.")
    return Document(split, under, key, fields["categories"], fields["images"], fields["annotations"])


def _refuse_keypoints(documents: Iterable[Document]) -> None:
    for document in documents:
        for entry in (*document.categories, *document.annotations):
            if isinstance(entry, dict) and (entry.get("keypoints") or entry.get("skeleton")):
                raise TaskError(
                    f"{document.key} holds keypoints, which are not judged; use an export with boxes or masks."
                )


def _part(folder: Folder, document: Document, labels: dict[Any, int], *, has_masks: bool) -> Part:
    table = _images(folder, document)
    size = np.array(table.sizes, dtype=np.int32).reshape(-1, 2)
    if has_masks and not size.all():
        unknown = np.flatnonzero(~size.all(axis=1))
        size[unknown] = image_sizes(FolderImages(folder.root), [table.keys[row] for row in unknown])
    where = document.key or document.under
    rows, defects = read_rows(
        document.annotations, table.rows, labels, size if has_masks else None, (where, table.keys)
    )
    if document.crowds_are_objects:
        rows = replace(rows, crowd=np.zeros_like(rows.crowd))
    pictures = folder.inventory.images(document.under)
    listed = set(table.keys) if document.under or document.key in NAMES else set(pictures)
    forgotten = [key for key in pictures if key not in listed]
    detail = "the file is in no entry of the annotations" if document.key else "its split has no annotation file"
    return Part(
        document.split,
        [*table.keys, *forgotten],
        np.concatenate([size, np.zeros((len(forgotten), 2), dtype=np.int32)]),
        rows,
        table.marks,
        [*table.defects, *defects, *(unlabelled(key, detail) for key in forgotten)],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _ImageEntries:
    """The image entries of one document; ``rows`` finds a row by image id, as number or text."""

    keys: list[str]
    sizes: list[tuple[int, int]]
    rows: dict[Any, int]
    marks: list[Mark]
    defects: list[Defect]


def _images(folder: Folder, document: Document) -> _ImageEntries:
    pictures = folder.pictures(document.under)
    at: dict[str, int] = {}
    shared: dict[Any, list[str]] = {}
    stamps: list[object] = []
    table = _ImageEntries([], [], {}, [], [])
    for entry in document.images:
        fields = entry if isinstance(entry, dict) else {}
        number = _image_id(fields.get("id"))
        key = pictures.find(fields.get("file_name")) or _nowhere(document.under, fields.get("file_name"))
        if key is None or number is None:
            said = f"image {shown(fields.get('id'))} has file name {shown(fields.get('file_name'))}"
            table.defects.append(_left_out(document, f"{said}: not an id and a file inside the folder"))
            continue
        if number in table.rows:
            shared.setdefault(number, [table.keys[table.rows[number]]]).append(key)
        if key in at:
            table.defects.append(_left_out(document, f"{key} is listed twice; image {shown(number)} is the same"))
        else:
            at[key] = len(table.keys)
            table.keys.append(key)
            table.sizes.append((_pixels(fields.get("width")), _pixels(fields.get("height"))))
            table.marks.extend(marks_of(at[key], fields.get("extra")))
            stamps.append(fields.get("date_captured"))
        table.rows[number] = table.rows[str(number)] = at[key]
    for number, keys in shared.items():
        table.rows.pop(number)
        table.rows.pop(str(number), None)
        detail = f"image id {shown(number)} is that of {len(keys):,} images, so it is not known which a box is on"
        table.defects.extend(Defect(DefectKind.CONTRADICTION, key, detail, key) for key in dict.fromkeys(keys))
    declared = {mark.image for mark in table.marks if mark.name == MONTH}
    table.marks.extend(mark for mark in months_of(stamps) if mark.image not in declared)
    return table


def _nowhere(under: str, name: object) -> str | None:
    """The key of a picture that is not there, which is counted as missing; ``None`` for a name that leads out."""
    safe = safe_name(name)
    return None if safe is None else join(under, safe)


def _image_id(value: object) -> int | str | None:
    return value if isinstance(value, str) and not value.isdecimal() else id_of(value)


def _left_out(document: Document, detail: str) -> Defect:
    return Defect(DefectKind.UNKNOWN_IMAGE, document.key or document.under, detail)


def _pixels(value: object) -> int:
    """A declared width or height, 0 when it is not one."""
    try:
        pixels = int(float(value))  # type: ignore[arg-type]  # anything that is not a number raises
    except (TypeError, ValueError, OverflowError):
        return 0
    return pixels if 0 < pixels < 2**20 else 0
