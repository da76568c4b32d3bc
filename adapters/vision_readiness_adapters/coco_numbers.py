"""The numbers that a COCO export gives its images and classes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from vision_readiness.errors import InputError
from vision_readiness.project import Dataset, Split

ANNOTATIONS = "_annotations.coco.json"


@dataclass(frozen=True, slots=True)
class CocoNumbers:
    """File names by image id and class names by category id, as ``where`` has them."""

    where: str
    images: Mapping[int, str]
    categories: Mapping[int, str]

    def image(self, number: int) -> str:
        """The file name; raises ``ValueError`` with the numbers there are."""
        if number not in self.images:
            raise ValueError(
                f"has image_id {number}, which {self.where} lacks ({_range(self.images)}): numbers start anew in every "
                "split, so give file names, or say which split the numbers are of"
            )
        return self.images[number]

    def category(self, number: int) -> str:
        """The class name; raises ``ValueError`` with the numbers there are."""
        if number not in self.categories:
            raise ValueError(f"has category_id {number}, which {self.where} lacks ({_range(self.categories)})")
        return self.categories[number]


def coco_numbers(export: Path, dataset: Dataset, split: Split) -> CocoNumbers:
    """The numbers in the annotations of one split of the export; raises ``InputError`` where there are none."""
    keys = [key for key, mine in zip(dataset.images.key, dataset.images.of(split), strict=True) if mine]
    folders = dict.fromkeys(str(parent) for key in keys for parent in PurePosixPath(key).parents)
    files = [file for folder in folders if (file := export / folder / ANNOTATIONS).is_file()]
    if not files:
        raise InputError(
            f"the predictions count by numbers, and {export} has no {ANNOTATIONS} for {split} to explain them: "
            "give file names as image_id and class names as category_id"
        )
    try:
        document = json.loads(files[0].read_bytes())
        images = {int(entry["id"]): str(entry["file_name"]) for entry in document["images"]}
        categories = {int(entry["id"]): str(entry["name"]) for entry in document["categories"]}
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise InputError(f"{files[0]} cannot be read as COCO annotations ({error}): export it again") from error
    return CocoNumbers(str(files[0].relative_to(export)), images, categories)


def _range(numbers: Mapping[int, Any]) -> str:
    return f"it has {min(numbers)} to {max(numbers)}" if numbers else "it has none"
