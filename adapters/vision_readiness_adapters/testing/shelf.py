"""An offline workspace as Roboflow describes it: workspaces, projects, versions and their images."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from vision_readiness.project import SPLITS, Dataset, ProjectVersion, VersionId
from vision_readiness_adapters.offline_workspace import OfflineWorkspace

EPOCH = 1_767_225_600.0
"""When everything happened that no file dates: 2026-01-01, UTC."""

PALETTE = ("#FF8622", "#0E7AFE", "#FE0056", "#00FFCE", "#C7FC00", "#8622FF")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of a version: its ``key`` in the workspace, and what is known of it."""

    id: str
    key: str
    name: str
    split: str
    width: int
    height: int
    labels: tuple[str, ...]
    tags: tuple[str, ...]
    boxes: tuple[dict[str, Any], ...]


class Kept:
    """A version in the workspace; its data set is read when it is first needed."""

    def __init__(self, workspace: OfflineWorkspace, version: VersionId) -> None:
        self.workspace, self.id, self.folder = workspace, version, workspace.folder(version)

    def __repr__(self) -> str:
        return f"Kept({str(self.id)!r})"

    @cached_property
    def held(self) -> ProjectVersion:
        """The version with its data set."""
        return self.workspace.version(f"{self.id.workspace}/{self.id.project}", self.id.number)

    @cached_property
    def notes(self) -> dict[str, Any]:
        """``version.json``, or what the data set says in its place: ``project`` and ``version``."""
        path = self.folder / "version.json"
        read = json.loads(path.read_bytes()) if path.is_file() else {}
        if isinstance(read.get("project"), dict) and isinstance(read.get("version"), dict):
            return dict(read)
        return _notes(self.id, self.held.dataset)

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """The images, in the order of the export."""
        return tuple(_pictures(self.held.dataset))

    def bytes_of(self, picture: Picture) -> bytes:
        """The image file."""
        return self.workspace.images.read(picture.key)

    def model(self, model_id: str | None = None) -> Path | None:
        """The artefact of a model, or of the oldest; ``models/SLUG.onnx`` goes before the one beside the export."""
        held = [one for one in self.model_ids if model_id in (None, one)]
        own = [self.folder / "models" / f"{one.rpartition('/')[2]}.onnx" for one in held[:1]]
        return next((path for path in (*own, self.folder / "model.onnx") if path.is_file()), None)

    @property
    def model_ids(self) -> tuple[str, ...]:
        """The models of the trainings that the notes tell of, those of the oldest first."""
        runs = self.notes["version"].get("trainings")
        runs = sorted(runs, key=lambda run: run.get("start", EPOCH)) if isinstance(runs, list) else []
        return tuple(model["modelId"] for run in runs for model in run["models"])


class Shelf:
    """Every version of the workspace in a folder, by name in ``kept``; raises ``ExportError`` when there is none."""

    def __init__(self, root: str | Path) -> None:
        workspace = OfflineWorkspace(root)
        self.kept = {version: Kept(workspace, version) for version in workspace.versions()}

    @property
    def owner(self) -> str:
        """The workspace that keys belong to: the first."""
        return str(next(iter(self.kept)).workspace)

    def workspaces(self) -> list[str]:
        """The names of the workspaces."""
        return list(dict.fromkeys(str(version.workspace) for version in self.kept))

    def projects(self, workspace: str) -> list[str]:
        """The names of a workspace's projects."""
        return list(dict.fromkeys(version.project for version in self.kept if version.workspace == workspace))

    def versions(self, workspace: str, project: str) -> list[Kept]:
        """The versions of a project, newest first."""
        found = [kept for name, kept in self.kept.items() if (name.workspace, name.project) == (workspace, project)]
        return found[::-1]

    def version(self, workspace: str, project: str, number: int) -> Kept | None:
        """A version, where there is one."""
        return self.kept.get(VersionId(workspace, project, number))


@cache
def id_of(*words: str) -> str:
    """An id of 20 characters that is the same for the same words."""
    return hashlib.sha256("/".join(words).encode()).hexdigest()[:20]


def _notes(version: VersionId, dataset: Dataset) -> dict[str, Any]:
    """What Roboflow would say of an export that came without ``version.json``."""
    held = {split.value: int(dataset.images.of(split).sum()) for split in SPLITS}
    splits = {name: count for name, count in held.items() if count}
    sources = {split.value: len(np.unique(dataset.images.source[dataset.images.of(split)])) for split in SPLITS}
    counts = np.bincount(dataset.objects.label, minlength=len(dataset.classes))
    name = f"{version.workspace}/{version.project}"
    project = {
        "id": name, "type": dataset.task.value, "name": version.project, "created": EPOCH, "updated": EPOCH,
        "images": sum(sources.values()), "unannotated": 0, "annotation": version.project, "public": False,
        "splits": {split: count for split, count in sources.items() if count},
        "classes": {label: int(count) for label, count in zip(dataset.classes, counts, strict=True)},
        "colors": {label: PALETTE[row % len(PALETTE)] for row, label in enumerate(dataset.classes)},
    }  # fmt: skip
    own = {
        "id": str(version), "name": f"v{version.number}", "created": EPOCH, "images": len(dataset.images),
        "splits": splits, "classes": list(dataset.classes), "preprocessing": {"auto-orient": {"enabled": True}},
        "augmentation": {}, "exports": [], "generating": False, "progress": 1,
    }  # fmt: skip
    workspace = {"name": version.workspace, "url": version.workspace, "members": 1}
    return {"workspace": workspace, "project": project, "version": own}


def _pictures(dataset: Dataset) -> Iterator[Picture]:
    images, objects = dataset.images, dataset.objects
    order = np.argsort(objects.image, kind="stable")
    mine = np.split(order, np.cumsum(np.bincount(objects.image, minlength=len(images)))[:-1])
    tags: list[list[str]] = [[] for _ in images.key]
    for name, condition in sorted(images.conditions.items()):
        for level, members in condition.members.items():
            for image in np.flatnonzero(members).tolist():
                tags[image].append(f"{name}:{level}")
    for row, key in enumerate(images.key):
        names = [dataset.classes[label] for label in objects.label[mine[row]]]
        boxes = tuple(_centred(name, box) for name, box in zip(names, objects.box[mine[row]].tolist(), strict=True))
        yield Picture(
            id=id_of(key),
            key=key,
            name=key.rpartition("/")[2],
            split=SPLITS[images.split[row]].value,
            width=int(images.width[row]),
            height=int(images.height[row]),
            labels=tuple(dict.fromkeys(names)),
            tags=tuple(tags[row]),
            boxes=boxes if dataset.task.has_boxes else (),
        )


def _centred(label: str, box: list[float]) -> dict[str, Any]:
    left, top, right, bottom = box
    size = {"width": round(right - left, 3), "height": round(bottom - top, 3)}
    return {"label": label, "x": round((left + right) / 2, 3), "y": round((top + bottom) / 2, 3), **size}
