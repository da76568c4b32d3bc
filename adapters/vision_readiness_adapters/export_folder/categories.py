"""The classes behind COCO's categories: known by name, without the export's synthetic root."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.inventory import is_text


@dataclass(frozen=True, slots=True)
class Categories:
    """The class names of an export, and for each of its files the class index by category id, as number or text."""

    classes: tuple[str, ...]
    labels: tuple[dict[Any, int], ...]


@dataclass(frozen=True, slots=True)
class _Category:
    name: str
    parent: str


def read_categories(files: Sequence[tuple[str, Iterable[Any], Iterable[Any]]]) -> Categories:
    """The classes of all ``files`` (name, categories, annotations), in order of first appearance by id.

    The root is left out: a category that another one names as its supercategory and that no annotation of any file
    references (the rule of https://github.com/roboflow/rf-detr/pull/1303). Where the root shares its name with a
    class below it, the class stays. Ids mean something within one file only; across files a class is its name.

    Raises ``ExportError`` when one id has two names.
    """
    lists = [_by_id(where, categories) for where, categories, _ in files]
    used = {
        category
        for by_id, (_, _, annotations) in zip(lists, files, strict=True)
        for number in {id_of(entry.get("category_id")) for entry in annotations if isinstance(entry, dict)}
        if number is not None and (category := by_id.get(number)) is not None
    }
    declared = {category for by_id in lists for category in by_id.values()}
    roots = {category for category in declared if category not in used and _is_root(category, lists)}
    classes: dict[str, int] = {}
    labels = []
    for by_id in lists:
        numbers: dict[Any, int] = {}
        for number in sorted(by_id):
            if by_id[number] not in roots:
                label = classes.setdefault(by_id[number].name, len(classes))
                numbers[number] = numbers[str(number)] = label
        labels.append(numbers)
    return Categories(tuple(classes), tuple(labels))


def id_of(value: object) -> int | None:
    """A category or image id as a number; ``None`` when it is not one."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 20:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def class_name(value: object) -> str | None:
    """A class name as text, numbers too; ``None`` when it is blank or no name at all."""
    name = str(value) if isinstance(value, (str, int, float)) else ""
    return name if name.strip() and is_text(name) else None


def _by_id(where: str, categories: Iterable[Any]) -> dict[int, _Category]:
    by_id: dict[int, _Category] = {}
    for entry in categories:
        fields = entry if isinstance(entry, dict) else {}
        number, name = id_of(fields.get("id")), class_name(fields.get("name"))
        if number is None or name is None:
            continue
        category = by_id.setdefault(number, _Category(name, class_name(fields.get("supercategory")) or "none"))
        if category.name != name:
            raise ExportError(f"{where}: category {number} is both {category.name!r} and {name!r}; export it again.")
    return by_id


def _is_root(category: _Category, lists: Iterable[dict[int, _Category]]) -> bool:
    others = {other for by_id in lists for other in by_id.values() if other != category}
    stands_below_its_namesake = category.parent == category.name and any(o.name == category.name for o in others)
    return any(other.parent == category.name for other in others) and not stands_below_its_namesake
