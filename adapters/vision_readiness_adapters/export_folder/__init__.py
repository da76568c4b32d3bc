"""An export on disk as a source, in any of the formats that labelling tools write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from vision_readiness.numbers import count
from vision_readiness.project import ProjectVersion, Task, VersionId
from vision_readiness_adapters.errors import ExportError, NoSuchVersionError
from vision_readiness_adapters.export_folder import (
    classification,
    coco,
    createml,
    csv_boxes,
    cvat,
    label_studio,
    labelme,
    voc,
    yolo,
)
from vision_readiness_adapters.export_folder.account import account
from vision_readiness_adapters.export_folder.folder import Folder, FolderImages
from vision_readiness_adapters.export_folder.inventory import Inventory, suffix_of
from vision_readiness_adapters.export_folder.part import Reading
from vision_readiness_adapters.export_folder.version_folders import version_folders
from vision_readiness_adapters.export_folder.version_notes import version_notes

__all__ = ["FORMATS", "ExportFolder", "FolderImages", "is_export", "open_folder"]

Reader = Callable[[Folder, Task | None], Reading]


@dataclass(frozen=True, slots=True)
class Format:
    """One way in which tools lay a data set out: whether a folder has it, and how it is read.

    ``tells`` is the file or folder that shows it, ``written_by`` the tools that write it.
    """

    name: str
    tells: str
    written_by: str
    applies: Callable[[Folder], bool]
    read: Reader


FORMATS = (
    Format(
        "COCO",
        "train/_annotations.coco.json, annotations/instances_train.json, result.json",
        "Roboflow, MS COCO, CVAT, Label Studio",
        coco.applies,
        coco.read,
    ),
    Format(
        "YOLO",
        "a YAML with names, obj.data, or classes.txt beside images and labels",
        "Roboflow, Ultralytics, Darknet, Label Studio, CVAT",
        yolo.applies,
        yolo.read,
    ),
    Format(
        "Table of labels",
        "train/_classes.csv",
        "Roboflow (multi-label)",
        classification.has_sheets,
        classification.read_sheets,
    ),
    Format("CVAT XML", "annotations.xml with image elements", "CVAT for images", cvat.applies, cvat.read),
    Format(
        "Pascal VOC",
        "an XML file an image, ImageSets/Main",
        "Roboflow, LabelImg, the VOC devkit",
        voc.applies,
        voc.read,
    ),
    Format("CreateML", "_annotations.createml.json", "Roboflow, Apple's CreateML", createml.applies, createml.read),
    Format(
        "Label Studio",
        "a JSON list of tasks",
        "Label Studio (JSON, JSON_MIN)",
        label_studio.applies,
        label_studio.read,
    ),
    Format("LabelMe", "a JSON file an image, with shapes", "LabelMe, X-AnyLabeling", labelme.applies, labelme.read),
    Format(
        "Table of boxes",
        "a CSV with ImageID and XMin, or filename and xmin",
        "Open Images, FiftyOne, TensorFlow",
        csv_boxes.applies,
        csv_boxes.read,
    ),
    Format(
        "Folders of classes",
        "train/<class>/<image>",
        "Roboflow, torchvision's ImageFolder",
        classification.has_folders,
        classification.read_folders,
    ),
)
"""Every format that is read; the first that applies is taken."""

_YAML = (".yaml", ".yml")

UNREAD = {
    ".tfrecord": "TFRecords are not read: export the version as COCO",
    ".record": "TFRecords are not read: export the version as COCO",
    ".parquet": "Parquet is not read: export the data set as COCO",
}
NEAREST = {
    ".txt": ("YOLO", "no data.yaml or classes.txt names the classes; write one beside them"),
    ".xml": ("Pascal VOC", "the XML lies too deep; put it beside the images or into `annotations`"),
    ".json": ("COCO or LabelMe", "no JSON has images, annotations and categories, or shapes"),
    ".csv": ("a table of boxes", "no CSV has ImageID and XMin, or filename, class and xmin"),
}
"""What labels with a suffix are likely to be, and what is missing from the folder so that they can be read."""


class ExportFolder:
    """A ``Source`` with the one version that a folder holds; ``path`` may be its ``data.yaml`` too.

    ``task`` overrules what the annotations look like, ``named`` what the files say the version is called. Raises
    ``ExportError`` when ``path`` is not the folder of an export. Nothing is ever read outside of it.
    """

    def __init__(self, path: str | Path, *, task: Task | None = None, named: VersionId | None = None) -> None:
        path = Path(path).absolute()
        if path.is_file() and path.suffix.lower() not in _YAML:
            raise ExportError(f"{path} is a file; give the folder of the export, or its data.yaml.")
        self._described_by = path.name if path.is_file() else None
        self.root = path.parent if self._described_by else path
        self.images = FolderImages(self.root)
        self._task = task
        self._named = named
        self._read = partial(yolo.read, described_by=path.name) if self._described_by else _reader(Folder(self.root))

    def __repr__(self) -> str:
        return f"ExportFolder({str(self.root)!r})"

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        """The version in the folder. A name it does not have itself is taken from the question.

        Raises ``NoSuchVersionError`` when the folder is known to hold another version, ``ExportError`` for a damaged
        file, and ``TaskError`` for a task that is not judged.
        """
        folder = Folder(self.root)
        notes = version_notes(folder, self._described_by)
        announcements = list(notes.announcements)
        if self._named not in (None, notes.id) and notes.id.workspace is not None:
            announcements.append(
                f"The files in {self.root} say that they are {notes.id}; they are taken as {self._named}."
            )
        name = _asked(self._named or notes.id, project, number, self.root)
        reading = self._read(folder, self._task)
        found = account(
            folder.inventory, frozenset(reading.dataset.images.key), folder.opened, has_lists=reading.has_lists
        )
        dataset = replace(reading.dataset, left_out=found.left_out)
        return ProjectVersion(
            name,
            dataset,
            notes.preprocessing,
            notes.augmentation,
            (*announcements, *reading.announcements),
            _beside(self.root),
            prepared=notes.prepared,
        )


def open_folder(where: str) -> ExportFolder | None:
    """The export at ``where``; ``None`` when there is no such folder, or it is a workspace of versions.

    Raises ``ExportError`` for a folder that is neither, with the layouts that are known.
    """
    path = Path(where).expanduser()
    try:
        if path.is_file() and path.suffix.lower() in _YAML:
            return ExportFolder(path)
        if path.is_file() and path.suffix.lower() == ".zip":
            raise ExportError(f"{path} is an archive; unzip it and give the folder.")
        if not path.is_dir():
            return None
    except (OSError, ValueError):  # a name too long or with a NUL is not a folder
        return None
    holds_versions = not is_export(path) and any(is_export(place) for place in version_folders(path).values())
    return None if holds_versions else ExportFolder(path)


def is_export(path: Path) -> bool:
    """True when the folder has one of the known layouts."""
    folder = Folder(path)
    return any(one.applies(folder) for one in FORMATS)


def _beside(root: Path) -> dict[str, str]:
    """What lies beside the splits and belongs to the version, and where the export itself is."""
    named = {"model": root / "model.onnx", "spec": root / "spec.yaml"}
    return {"export": str(root), **{kind: str(path) for kind, path in named.items() if path.is_file()}}


def _reader(folder: Folder) -> Reader:
    if not folder.root.is_dir():
        raise ExportError(f"There is no folder {folder.root}; check the path.")
    names = folder.listing()
    if not names.folders and not names.files:
        raise ExportError(f"{folder.root} is empty; unzip or download an export into it.")
    found = next((one for one in FORMATS if one.applies(folder)), None)
    if found is not None:
        return found.read
    raise ExportError(f"{folder.root} is not an export that can be read: {_seen(folder.inventory)}.")


def _seen(inventory: Inventory) -> str:
    """What lies in a folder that has no known layout, and what would make it one."""
    pictures = len(inventory.images())
    suffixes = Counter(suffix_of(key) for key in inventory.files)
    for suffix, hint in UNREAD.items():
        if suffixes[suffix]:
            return f"it holds {count(suffixes[suffix], suffix + ' file')}; {hint}"
    if not pictures:
        return "it holds no picture; `vision-readiness formats` lists the layouts that are read"
    labels = {suffix: suffixes[suffix] for suffix in (".txt", ".xml", ".json", ".csv") if suffixes[suffix]}
    if not labels:
        return (
            f"it holds {count(pictures, 'picture')} and no labels; put the pictures of each class into a folder of its"
            " name, or export the labels beside them"
        )
    beside = ", ".join(f"{number:,} {suffix}" for suffix, number in labels.items())
    nearest, missing = NEAREST[max(labels, key=lambda suffix: labels[suffix])]
    return f"it holds {count(pictures, 'picture')} beside {beside} files, as {nearest} does, but {missing}"


def _asked(known: VersionId, project: str | None, number: int | None, root: Path) -> VersionId:
    """The name of the version, when what is asked for and what is known agree."""
    if project is None:
        asked = replace(known, number=known.number if number is None else number)
    else:
        asked = VersionId.parse(project)
        asked = replace(asked, number=asked.number if number is None else number)
    surely_other = known.workspace is not None and asked.project != known.project
    both = [(known.workspace, asked.workspace), (known.number, asked.number)]
    if surely_other or any(mine is not None and yours is not None and mine != yours for mine, yours in both):
        raise NoSuchVersionError(f"{root} holds {known}, not {asked}; ask for that one, or give another folder.")
    return VersionId(
        asked.workspace or known.workspace, asked.project, known.number if asked.number is None else asked.number
    )
