"""A folder on disk that is never left: not by ``..``, not by a symbolic link, not by an absolute name."""

from __future__ import annotations

import codecs
import json
import os
import re
import reprlib
import stat
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vision_readiness.project import SPLITS, Split
from vision_readiness.project.source_names import split_named
from vision_readiness_adapters.errors import ExportError, MissingImageError
from vision_readiness_adapters.export_folder.inventory import IMAGE_SUFFIXES, Inventory, is_text, take_inventory

LARGEST_FILE = 512 * 2**20
"""No image, and no list of annotations, is larger than this many bytes."""

LARGEST_DESCRIPTION = 2 * 2**20
"""No YAML, README or version file is larger than this many bytes."""


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
    """The documents and image names below ``root``; each subfolder is listed once.

    ``opened`` are the keys of the documents that were read.
    """

    root: Path
    opened: set[str] = field(default_factory=set, repr=False, compare=False)
    _listed: dict[str, Listing] = field(default_factory=dict, repr=False, compare=False)
    _taken: list[Inventory] = field(default_factory=list, repr=False, compare=False)

    @property
    def inventory(self) -> Inventory:
        """Every file below the root; the walk is made once."""
        if not self._taken:
            self._taken.append(take_inventory(self.root))
        return self._taken[0]

    def listing(self, under: str = "") -> Listing:
        """The names in the subfolder ``under``; one that does not exist is empty."""
        if under not in self._listed:
            self._listed[under] = _listing(self.root / under)
        return self._listed[under]

    def splits(self) -> list[tuple[Split, str]]:
        """The subfolders that are named like a split, in the order of ``SPLITS``."""
        named = [(split, name) for name in self.listing().folders if (split := split_named(name)) is not None]
        return sorted(named, key=lambda pair: SPLITS.index(pair[0]))

    def pictures(self, under: str = "") -> Pictures:
        """The pictures in ``under`` and in every folder below it."""
        return Pictures(under, self.inventory.images(under))

    def read_json(self, key: str, limit: int = LARGEST_FILE) -> Any:
        """What the JSON file at ``key`` holds; raises ``ExportError`` naming the file when it is damaged."""
        try:
            return json.loads(decoded(self.read_bytes(key, limit)))
        except (ValueError, RecursionError) as error:
            raise ExportError(
                f"{self.root / key} is not complete JSON ({error}); export or copy the version again."
            ) from error

    def read_yaml(self, key: str) -> Any:
        """What the YAML file at ``key`` holds, every scalar as text: a class called ``no`` or ``007`` keeps its name.

        Raises ``ExportError`` naming the file when it is damaged.
        """
        import yaml

        text = decoded(self.read_bytes(key, LARGEST_DESCRIPTION))
        try:
            return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it builds only text, lists and mappings
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            because = " ".join(str(error).split())
            raise ExportError(f"{self.root / key} is not valid YAML ({because}); mend or export it again.") from error

    def read_text(self, key: str, limit: int = LARGEST_DESCRIPTION) -> str:
        """The file at ``key`` as text, whatever it is encoded in."""
        return decoded(self.read_bytes(key, limit))

    def read_bytes(self, key: str, limit: int) -> bytes:
        self.opened.add(key)
        try:
            return read_inside(self.root, key, limit)
        except MissingImageError as error:
            raise ExportError(str(error)) from error


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures below one folder. A document's name for one is found by as much of its path as agrees."""

    under: str
    keys: tuple[str, ...]
    _tails: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)

    def find(self, name: object) -> str | None:
        """The key of the picture that ``name`` means, or ``None`` where none or more than one does.

        Folders of another machine before the name do not matter, nor how accents are composed.
        """
        if not isinstance(name, str) or not self.keys or len(name) > 4096:
            return None
        if not self._tails:
            for key in self.keys:
                parts = composed(key).split("/")
                for start in range(len(parts)):
                    tail = "/".join(parts[start:])
                    self._tails[tail] = None if tail in self._tails else key
        parts = [part for part in composed(name).replace("\\", "/").split("/") if part not in ("", ".", "..")]
        under = composed(self.under).split("/") if self.under else []
        for end in ([*under, *parts], *(parts[start:] for start in range(len(parts)))):
            if "/".join(end) in self._tails:
                return self._tails["/".join(end)]
        return None


def composed(name: str) -> str:
    """The name with each accent and its letter as one character, as most systems write it; Macs part them."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def decoded(data: bytes) -> str:
    """A text file as text: by its byte order mark, else UTF-8, else as older Windows tools write.

    >>> decoded("Kühe".encode("utf-16")), decoded("Kühe".encode("cp1252"))
    ('Kühe', 'Kühe')
    """
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


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
