"""What an export says about its version: ``version.json``, ``data.yaml`` and the two README files Roboflow writes.

``version.json`` holds the answer of ``GET /{workspace}/{project}/{version}``:
https://docs.roboflow.com/developer/rest-api/versions/view-a-version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vision_readiness.project import Preprocessing, Resize, VersionId
from vision_readiness_adapters.errors import ExportError
from vision_readiness_adapters.export_folder.categories import id_of
from vision_readiness_adapters.export_folder.folder import LARGEST_DESCRIPTION, Folder
from vision_readiness_adapters.export_folder.yolo_description import described

VERSION_FILE, README, README_DATASET = "version.json", "README.roboflow.txt", "README.dataset.txt"

_RESIZES: tuple[tuple[str, Resize, int], ...] = (
    ("center crop", Resize.CENTER_CROP, 0),
    ("stretch", Resize.STRETCH, 0),
    ("white edges", Resize.LETTERBOX, 255),
    ("black edges", Resize.LETTERBOX, 0),
    ("reflect edges", Resize.LETTERBOX, 114),  # a mirrored edge has no one grey value; the middle is nearest
    ("fit within", Resize.LETTERBOX, 0),
)
"""What Roboflow's resize formats mean, with the padding's grey value: the words in both the API and the README."""

_STEPS: Mapping[str, str] = {
    "flip": "flip", "90-degree": "90-degree rotation", "crop between": "crop", "random rotation": "rotation",
    "shear": "shear", "brigthness": "brightness", "brightness": "brightness", "exposure": "exposure", "hue": "hue",
    "saturation": "saturation", "blur": "blur", "noise": "noise", "grayscale": "grayscale", "cutout": "cutout",
    "mosaic": "mosaic",
}  # fmt: skip
"""The words of README.roboflow.txt (one misspelt by its writer) and the step each stands for."""


_PREPARED: Mapping[str, str] = {
    "auto-orient": "auto-orient", "resize": "resize", "crop": "static-crop", "region": "static-crop",
    "contrast": "contrast", "grayscale": "grayscale", "tile": "tile", "isolate": "isolate",
    "null": "filter-null", "class": "remap",
}  # fmt: skip
"""The same for the steps of preprocessing, each by its name in the API."""


@dataclass(frozen=True, slots=True)
class VersionNotes:
    """Which version an export is, how its images were prepared, and which augmentation steps were on.

    ``prepared`` names the steps that its images went through, in the words of Roboflow's API.
    """

    id: VersionId
    preprocessing: Preprocessing | None = None
    augmentation: tuple[str, ...] = ()
    prepared: tuple[str, ...] = ()
    announcements: tuple[str, ...] = ()


def version_notes(folder: Folder, described_by: str | None = None) -> VersionNotes:
    """What the files of ``folder`` say; ``version.json`` wins over ``data.yaml``, and that over the README files.

    What no file says is taken from the folder's name. A damaged file is announced and otherwise ignored: the images
    and labels do not depend on it.
    """
    announcements: list[str] = []
    payload = _payload(folder, announcements)
    readme, about = (_text(folder, name, announcements) for name in (README, README_DATASET))
    description_id = _named_in_yaml(folder, described_by, announcements)
    named = _named_in(payload) or description_id or _named_in_readme(readme, about)
    if payload:
        preprocessing = read_preprocessing(payload.get("preprocessing"))
        augmentation, prepared = _enabled(payload, "augmentation"), _enabled(payload, "preprocessing")
    else:
        preprocessing = _resized_in_readme(readme)
        augmentation = _listed_in_readme(readme, "augmentation", _STEPS)
        prepared = _listed_in_readme(readme, "pre-processing", _PREPARED)
    name = named or _named_by_folder(folder, readme)
    return VersionNotes(name, preprocessing, augmentation, prepared, tuple(announcements))


def read_preprocessing(settings: object) -> Preprocessing | None:
    """A version's ``preprocessing`` settings, numbers in text included; ``None`` when they fix no input size.

    >>> resize = {"enabled": True, "width": "416", "height": 320, "format": "Fit (white edges) in"}
    >>> read_preprocessing({"resize": resize})
    Preprocessing(width=416, height=320, resize=<Resize.LETTERBOX: 'letterbox'>, padding=255, ...)
    """
    steps = settings if isinstance(settings, dict) else {}
    resize = steps.get("resize")
    if not isinstance(resize, dict) or not _is_on(resize):
        return None
    width, height = id_of(resize.get("width")), id_of(resize.get("height"))
    return _preprocessing(width, height, str(resize.get("format", "")), grayscale=_is_on(steps.get("grayscale")))


def _preprocessing(width: int | None, height: int | None, how: str, *, grayscale: bool) -> Preprocessing | None:
    if width is None or height is None or not (0 < width < 2**16 and 0 < height < 2**16):
        return None
    found = [(resize, padding) for words, resize, padding in _RESIZES if words in how.lower()]
    resize, padding = found[0] if found else (Resize.STRETCH, 0)
    return Preprocessing(width, height, resize, padding=padding, grayscale=grayscale)


def _payload(folder: Folder, announcements: list[str]) -> dict[str, Any]:
    """The version in ``version.json``: on its own, beside its workspace and project, or the only one of a list."""
    if VERSION_FILE not in folder.listing().files:
        return {}
    payload = _tried(lambda: folder.read_json(VERSION_FILE, LARGEST_DESCRIPTION), announcements)
    if payload is None:
        return {}
    versions = list(_versions(payload))
    if len(versions) != 1:
        announcements.append(f"{VERSION_FILE} does not describe one version, so its settings are not used.")
        return {}
    return versions[0]


def _versions(payload: object) -> Iterator[dict[str, Any]]:
    if not isinstance(payload, dict):
        return
    project = payload.get("project")
    for holder in (payload, project if isinstance(project, dict) else {}):
        if isinstance(version := holder.get("version"), dict):
            yield version
            return
        if isinstance(versions := holder.get("versions"), list):
            yield from (version for version in versions if isinstance(version, dict))
            return
    if "preprocessing" in payload or "augmentation" in payload or "id" in payload:
        yield payload


def _enabled(payload: Mapping[str, Any], kind: str) -> tuple[str, ...]:
    """The steps of a kind that are on; ``image`` is not a step but the number of copies."""
    steps = payload.get(kind)
    return (
        tuple(str(name) for name, step in steps.items() if name != "image" and _is_on(step))
        if isinstance(steps, dict)
        else ()
    )


def _is_on(step: object) -> bool:
    enabled = step.get("enabled", True) if isinstance(step, dict) else step
    return enabled is True or (isinstance(enabled, (str, int)) and str(enabled).lower() in ("true", "1"))


def _named_in(payload: Mapping[str, Any]) -> VersionId | None:
    return _version_id(str(payload.get("id", "")))


def _named_in_yaml(folder: Folder, described_by: str | None, announcements: list[str]) -> VersionId | None:
    key = described_by or described(folder)
    data = _tried(lambda: folder.read_yaml(key), announcements) if key else None
    block = data.get("roboflow") if isinstance(data, dict) else None
    if not isinstance(block, dict):
        return None
    return _version_id("/".join(str(block.get(part, "")) for part in ("workspace", "project", "version")))


def _named_in_readme(readme: str, about: str) -> VersionId | None:
    project = re.search(r"universe\.roboflow\.com/([\w.-]+)/([\w.-]+)", about)
    return VersionId(project[1], project[2], _readme_number(readme)) if project else None


def _named_by_folder(folder: Folder, readme: str) -> VersionId:
    root = folder.root
    if root.name.isdecimal() and len(root.name) < 10:
        return VersionId(None, root.parent.name, int(root.name))
    return VersionId(None, root.name, _readme_number(readme))


def _readme_number(readme: str) -> int | None:
    """The number in the README's title, ``Rav - v9 2024-11-19 6:42pm``."""
    title = re.search(r"^.+ - v(\d{1,9})\b", readme, re.MULTILINE)
    return int(title[1]) if title else None


def _resized_in_readme(readme: str) -> Preprocessing | None:
    line = re.search(r"^\* Resize to (\d{1,5})x(\d{1,5}) \((.+)\)", readme, re.MULTILINE)
    grey = re.search(r"^\* Grayscale", readme, re.MULTILINE) is not None
    return _preprocessing(int(line[1]), int(line[2]), line[3], grayscale=grey) if line else None


def _listed_in_readme(readme: str, kind: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """The steps in the list of a kind, by name where its words are known."""
    found = re.search(rf"The following {kind} was applied.*\n((?:\* .*\n?|\s*\n)*)", readme)
    lines = [line[2:].strip() for line in (found[1] if found else "").splitlines() if line.startswith("* ")]
    steps = (next((step for word, step in words.items() if word in line.lower()), line) for line in lines)
    return tuple(dict.fromkeys(steps))


def _version_id(text: str) -> VersionId | None:
    return VersionId.parse(text) if re.fullmatch(r"[\w.-]+/[\w.-]+/\d{1,9}", text, re.ASCII) else None


def _text(folder: Folder, name: str, announcements: list[str]) -> str:
    there = name in folder.listing().files
    return (_tried(lambda: folder.read_text(name), announcements) or "") if there else ""


def _tried(read: Callable[[], Any], announcements: list[str]) -> Any | None:
    """What ``read`` gives; ``None``, and an announcement, when the file is damaged."""
    try:
        return read()
    except ExportError as error:
        announcements.append(f"Part of what describes the version is not known: {error}")
        return None
