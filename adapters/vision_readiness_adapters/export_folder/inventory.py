"""Every file of an export, found in one walk, so that each can be accounted for."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from vision_readiness.inspect.picture import format_of
from vision_readiness_adapters.errors import ExportError

IMAGE_SUFFIXES = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".pjpeg", ".pjp", ".mpo", ".png", ".apng", ".bmp", ".dib", ".webp",
    ".tif", ".tiff", ".gif", ".avif", ".jp2", ".j2k", ".jpx", ".ppm", ".pgm", ".pbm", ".pnm",
)  # fmt: skip
"""The suffixes of pictures that can be decoded, in lower case."""

UNDECODED_SUFFIXES = {
    ".heic": "HEIC", ".heif": "HEIF", ".jxl": "JPEG XL", ".dng": "camera raw", ".cr2": "camera raw",
    ".cr3": "camera raw", ".nef": "camera raw", ".arw": "camera raw", ".orf": "camera raw",
    ".rw2": "camera raw", ".psd": "Photoshop", ".exr": "OpenEXR", ".hdr": "Radiance HDR", ".dcm": "DICOM",
    ".svg": "SVG",
}  # fmt: skip
"""The suffixes of pictures that cannot be decoded here, with what they are called."""

OTHER_SUFFIXES = (
    ".txt", ".json", ".xml", ".csv", ".yaml", ".yml", ".md", ".cache", ".onnx", ".pt", ".pth", ".html", ".pdf", ".zip",
    ".py", ".npy", ".npz", ".names", ".data", ".log", ".toml", ".ini", ".jsonl", ".parquet", ".db", ".mp4", ".avi",
)  # fmt: skip
"""The suffixes of what is surely no picture; a file with any other, or none, is told by its first bytes."""

DEEPEST = 32
"""Folders below the root that are looked into; what lies deeper is not an export of a tool."""


@dataclass(frozen=True, eq=False)
class Inventory:
    """Every file below ``root``: keys relative to it with forward slashes, sorted. No folder elsewhere is followed.

    ``hidden`` are names that begin with a dot (AppleDouble too) or cannot be written as text; ``outside`` are linked
    folders that lie elsewhere.
    """

    root: Path
    files: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    _images: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    def under(self, place: str) -> tuple[str, ...]:
        """The files in ``place`` and in every folder below it; of the whole for an empty ``place``."""
        if not place:
            return self.files
        start, end = (bisect_left(self.files, place + mark) for mark in ("/", "0"))  # "0" is what follows "/"
        return self.files[start:end]

    def images(self, place: str = "") -> tuple[str, ...]:
        """The pictures among them, told by their suffix, or by their first bytes where the suffix tells nothing."""
        if place not in self._images:
            self._images[place] = tuple(key for key in self.under(place) if self.is_image(key))
        return self._images[place]

    def is_image(self, key: str) -> bool:
        """Whether the file is a picture that can be decoded."""
        suffix = suffix_of(key)
        return suffix in IMAGE_SUFFIXES or (suffix not in OTHER_SUFFIXES and key in self._told_by_content)

    def undecoded(self, key: str) -> str | None:
        """What a picture that cannot be decoded here is called; ``None`` for any other file."""
        return UNDECODED_SUFFIXES.get(suffix_of(key))

    @cached_property
    def _told_by_content(self) -> Collection[str]:
        known = {*IMAGE_SUFFIXES, *UNDECODED_SUFFIXES, *OTHER_SUFFIXES}
        return {key for key in self.files if suffix_of(key) not in known and _starts_as_image(self.root / key)}


def suffix_of(key: str) -> str:
    """The suffix of a key in lower case, empty where its name has none."""
    name = key.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def take_inventory(root: Path) -> Inventory:
    """The inventory of the folder ``root``; a folder inside that cannot be listed raises ``ExportError``."""
    files: list[str] = []
    hidden: list[str] = []
    outside: list[str] = []
    top = os.path.realpath(root)
    seen = {top}
    folders = [("", 0)]
    while folders:
        place, depth = folders.pop()
        for name, key, entry in _entries(root, place):
            if name.startswith(".") or not is_text(name) or name == "__MACOSX":
                hidden.append(key)
            elif not _is_folder(entry):
                files.append(key)
            elif not _is_inside(entry, top):
                outside.append(key)
            elif depth < DEEPEST and (real := os.path.realpath(entry.path)) not in seen:
                seen.add(real)
                folders.append((key, depth + 1))
    return Inventory(root, tuple(sorted(files)), tuple(sorted(hidden)), tuple(sorted(outside)))


def _entries(root: Path, place: str) -> Iterator[tuple[str, str, os.DirEntry[str]]]:
    try:
        with os.scandir(root / place) as entries:
            for entry in entries:
                yield entry.name, f"{place}/{entry.name}" if place else entry.name, entry
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise ExportError(f"{root / place} cannot be listed ({error.strerror}); check its permissions.") from error


def _is_inside(entry: os.DirEntry[str], top: str) -> bool:
    if not entry.is_symlink():
        return True
    real = os.path.realpath(entry.path)
    return real.startswith(top.rstrip(os.sep) + os.sep)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself
        return False


def is_text(name: str) -> bool:
    """True when a name can be written as UTF-8; a lone surrogate cannot."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _starts_as_image(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return format_of(file.read(16)) is not None
    except OSError:
        return False
