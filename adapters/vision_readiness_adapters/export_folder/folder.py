"""A folder on disk that is never left: not by ``..``, not by a symbolic link, not by an absolute name."""

from __future__ import annotations

import json
import os
import re
import reprlib
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vision_readiness.project import SPLITS, Split
from vision_readiness.project.source_names import SPLIT_NAMES
from vision_readiness_adapters.errors import ExportError, MissingImageError

LARGEST_FILE = 512 * 2**20
"""No image, and no list of annotations, is larger than this many bytes."""

LARGEST_DESCRIPTION = 2 * 2**20
"""No YAML, README or version file is larger than this many bytes."""

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".avif")

_IMAGE_FOLDERS = ("images", "JPEGImages")


@dataclass(frozen=True, slots=True)
class FolderImages:
    """The ``Images`` of a folder; a key is a path relative to ``root``, with forward slashes."""

    root: Path

    def read(self, key: str) -> bytes:
        """The bytes of one image; raises ``MissingImageError`` when it is not a file inside the folder."""
        return read_inside(self.root, key, LARGEST_FILE)


@dataclass(frozen=True, slots=True)
class Listing:
    """The names in one folder, sorted; hidden files (AppleDouble too) and names that are not text are left out."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def images(self) -> tuple[str, ...]:
        return tuple(name for name in self.files if name.lower().endswith(IMAGE_SUFFIXES))

    def ending(self, suffix: str) -> tuple[str, ...]:
        return tuple(name for name in self.files if name.lower().endswith(suffix))


@dataclass(frozen=True, slots=True)
class Folder:
    """The documents and image names below ``root``; each subfolder is listed once."""

    root: Path
    _listed: dict[str, Listing] = field(default_factory=dict, repr=False, compare=False)

    def listing(self, under: str = "") -> Listing:
        """The names in the subfolder ``under``; one that does not exist is empty."""
        if under not in self._listed:
            self._listed[under] = _listing(self.root / under)
        return self._listed[under]

    def splits(self) -> list[tuple[Split, str]]:
        """The subfolders that are named like a split, in the order of ``SPLITS``."""
        named = [(SPLIT_NAMES[name.lower()], name) for name in self.listing().folders if name.lower() in SPLIT_NAMES]
        return sorted(named, key=lambda pair: SPLITS.index(pair[0]))

    def pictures(self, under: str = "") -> dict[str, str]:
        """The keys of the images in ``under`` or its folder of images, by file name."""
        folders = [*(join(under, name) for name in _IMAGE_FOLDERS if name in self.listing(under).folders), under]
        return {name: join(place, name) for place in folders for name in self.listing(place).images}

    def read_json(self, key: str, limit: int = LARGEST_FILE) -> Any:
        """What the JSON file at ``key`` holds; raises ``ExportError`` naming the file when it is damaged."""
        try:
            return json.loads(self.read_bytes(key, limit))
        except (ValueError, RecursionError) as error:
            raise ExportError(
                f"{self.root / key} is not complete JSON ({error}); export or copy the version again."
            ) from error

    def read_yaml(self, key: str) -> Any:
        """What the YAML file at ``key`` holds, every scalar as text: a class called ``no`` or ``007`` keeps its name.

        Raises ``ExportError`` naming the file when it is damaged.
        """
        import yaml

        data = self.read_bytes(key, LARGEST_DESCRIPTION)
        try:
            return yaml.load(data, Loader=yaml.BaseLoader)  # noqa: S506 - it builds only text, lists and mappings
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            because = " ".join(str(error).split())
            raise ExportError(f"{self.root / key} is not valid YAML ({because}); mend or export it again.") from error

    def read_text(self, key: str, limit: int = LARGEST_DESCRIPTION) -> str:
        """The file at ``key`` as text; bytes that are not UTF-8 are replaced."""
        return self.read_bytes(key, limit).decode("utf-8-sig", errors="replace")

    def read_bytes(self, key: str, limit: int) -> bytes:
        try:
            return read_inside(self.root, key, limit)
        except MissingImageError as error:
            raise ExportError(str(error)) from error


def join(*parts: str) -> str:
    """The parts as one key; empty parts vanish."""
    return "/".join(part for part in parts if part)


def safe_name(name: object) -> str | None:
    r"""A file name out of a document as a key below its folder, or ``None`` for one that could lead out of it.

    >>> safe_name("images\\a.jpg"), safe_name("./a.jpg"), safe_name("../a.jpg"), safe_name("/etc/passwd")
    ('images/a.jpg', 'a.jpg', None, None)
    """
    if not isinstance(name, str) or not name.strip() or len(name) > 4096 or not is_text(name) or "\0" in name:
        return None
    slashed = name.replace("\\", "/")
    parts = [part for part in slashed.split("/") if part not in ("", ".")]
    if slashed.startswith("/") or re.match(r"[A-Za-z]:", slashed) or ".." in parts or not parts:
        return None
    return "/".join(parts)


def shown(value: object) -> str:
    """A value out of a document as it may stand in a message: never longer than a line."""
    return reprlib.repr(value)


def is_text(name: str) -> bool:
    """True when a name can be written as UTF-8; a lone surrogate cannot."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_inside(root: Path, key: str, limit: int) -> bytes:
    """The bytes of the regular file at ``key`` below ``root``, symbolic links followed as long as they stay inside.

    Raises ``MissingImageError`` when there is none, it lies outside, or it is larger than ``limit`` bytes.
    """
    try:
        top = os.path.realpath(root)
        path = os.path.realpath(os.path.join(top, key))  # noqa: PTH118 - twice as fast, and run once an image
        if not path.startswith(top.rstrip(os.sep) + os.sep):
            raise MissingImageError(f"{key!r} lies outside {root}; put the file itself into the folder.")
        if not stat.S_ISREG((found := os.stat(path)).st_mode):  # noqa: PTH116 - same
            raise MissingImageError(f"{root / key} is not a file; export the version again.")
        if found.st_size > limit:
            raise MissingImageError(f"{root / key} is larger than {limit // 2**20} MB; it is not read.")
        with open(path, "rb") as file:  # noqa: PTH123 - same
            return file.read()
    except FileNotFoundError as error:
        raise MissingImageError(f"{root / key} is missing; restore it or export the version again.") from error
    except (OSError, ValueError) as error:
        because = getattr(error, "strerror", None) or str(error)
        raise MissingImageError(f"{key!r} in {root} cannot be read ({because}); check the folder.") from error


def _listing(path: Path) -> Listing:
    folders: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if not entry.name.startswith(".") and is_text(entry.name):
                    (folders if _is_folder(entry) else files).append(entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return Listing()
    except OSError as error:
        raise ExportError(f"{path} cannot be listed ({error.strerror}); check its permissions.") from error
    return Listing(tuple(sorted(folders)), tuple(sorted(files)))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself
        return False
