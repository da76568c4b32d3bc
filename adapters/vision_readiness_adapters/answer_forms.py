"""The forms in which other programs write a model's answers, as rows of one form.

COCO results, whole COCO files, JSON lines, Roboflow's inference answers by image, FiftyOne's samples, and folders of
YOLO text files with scores.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vision_readiness.errors import InputError

FORMS = "[{image_id, category_id, bbox, score}, ...]"
LARGEST = 4 * 2**30


@dataclass(frozen=True, slots=True)
class AnswerRows:
    """Rows in COCO's results form; ``shares`` in place of ``bbox`` are x, y, width, height from 0 to 1.

    ``images`` and ``categories`` are the file's own tables of names by number, where it brings them.
    """

    rows: Sequence[Any]
    images: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)


def read_answer_rows(path: Path) -> AnswerRows:
    """The rows of a file, or of a folder of text files; raises ``InputError`` in one line for anything else."""
    if path.is_dir():
        return AnswerRows(list(_of_texts(path)))
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path} is larger than {LARGEST // 2**30} GiB: write the answers of fewer images")
        text = path.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}): check its name") from error
    document = _parsed(path, text)
    if isinstance(document, dict):
        return _of_mapping(path, document)
    if not isinstance(document, list):
        raise InputError(f"{path} is not a list of predictions: write {FORMS}")
    if document and all(isinstance(row, dict) and ("predictions" in row or "filepath" in row) for row in document):
        return AnswerRows([one for row in document for one in _of_image(path, row)])
    return AnswerRows(document)


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines):
            try:
                return [json.loads(line) for line in lines]
            except (ValueError, RecursionError):
                pass
        raise InputError(f"{path} is not complete JSON ({error}): write it again") from error


def _of_mapping(path: Path, document: Mapping[str, Any]) -> AnswerRows:
    """A whole COCO file, or answers by the name of their image."""
    annotations = document.get("annotations")
    if isinstance(annotations, list):
        images, categories = (document.get(name) for name in ("images", "categories"))
        return AnswerRows(annotations, _table(images, "file_name"), _table(categories, "name"))
    if isinstance(document.get("samples"), list):
        return AnswerRows([one for row in document["samples"] for one in _of_image(path, row)])
    if "predictions" in document and "image" in document:
        raise InputError(
            f"{path} holds the answers to one image and not its name: write one file for all of them,"
            ' {"a.jpg": {"predictions": [...]}, ...}'
        )
    if document and all(isinstance(value, dict) and "predictions" in value for value in document.values()):
        rows = ({**value, "image": name} for name, value in document.items())
        return AnswerRows([one for row in rows for one in _of_image(path, row)])
    raise InputError(f"{path} is not a list of predictions: write {FORMS}")


def _table(entries: object, name: str) -> dict[int, str]:
    found = entries if isinstance(entries, list) else []
    return {
        int(entry["id"]): str(entry[name])
        for entry in found
        if isinstance(entry, dict) and name in entry and isinstance(entry.get("id"), (int, float))
    }


def _of_image(path: Path, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The answers to one image as Roboflow's inference or FiftyOne write them."""
    name = row.get("filepath", row.get("image_path", row.get("image")))
    if not isinstance(name, str):
        raise InputError(f"{path} has answers to an image without its name: give it as `image`")
    answers = row.get("predictions")
    answers = answers.get("detections", answers.get("predictions")) if isinstance(answers, dict) else answers
    for one in answers if isinstance(answers, list) else ():
        fields = one if isinstance(one, dict) else {}
        common = {
            "image_id": name,
            "category_id": fields.get("class", fields.get("label")),
            "score": fields.get("confidence"),
        }
        if "bounding_box" in fields:
            yield {**common, "shares": fields["bounding_box"]}
        elif "width" in fields:
            yield {**common, "bbox": _from_centre(fields)}
        else:
            yield common


def _from_centre(fields: Mapping[str, Any]) -> list[float] | None:
    try:
        x, y, width, height = (float(fields[side]) for side in ("x", "y", "width", "height"))
    except (KeyError, TypeError, ValueError):
        return None
    return [x - width / 2, y - height / 2, width, height]


def _of_texts(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows ``class cx cy w h score`` of the files in a folder, each named after its image."""
    files = sorted(path for path in folder.rglob("*.txt") if path.is_file())
    if not files:
        raise InputError(f"{folder} holds no text file: give the folder that `save_txt save_conf` writes")
    for path in files:
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), start=1):
            words = line.split()
            if not words:
                continue
            try:
                label, x, y, width, height, score = map(float, words)
            except ValueError:
                raise InputError(
                    f"{path.name} line {number} is not `class cx cy w h score`: answer with save_conf=True"
                ) from None
            shares = [x - width / 2, y - height / 2, width, height]
            yield {"stem": path.stem, "category_id": label, "shares": shares, "score": score, "from_zero": True}
