"""A zip archive from outside: nothing in it is trusted before it has been looked at."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from vision_readiness_adapters.errors import DamagedArchiveError, DownloadError
from vision_readiness_adapters.export_folder.folder import LARGEST_FILE, safe_name, shown
from vision_readiness_adapters.export_folder.inventory import IMAGE_SUFFIXES

if TYPE_CHECKING:
    from pathlib import Path

IMPORTANT = (*IMAGE_SUFFIXES, ".json", ".csv", ".txt")
"""What an export is made of; models, specifications and programs are no part of one, and are left in the archive."""

_DIRECTORY_END = struct.Struct("<4s4H2LH")
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """What an export may be at most. ``ratio`` is bytes unpacked a byte packed, of what is not small anyway."""

    archive_bytes: int = 64 * 2**30
    unpacked_bytes: int = 256 * 2**30
    image_bytes: int = 128 * 2**20
    file_bytes: int = LARGEST_FILE
    entries: int = 1_000_000
    directory_bytes: int = 256 * 2**20
    ratio: int = 200
    small_bytes: int = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an export: where it goes, how long it is, and whether it is an image."""

    name: str
    size: int
    is_image: bool
    info: zipfile.ZipInfo


class Archive:
    """The files of an export in an open archive."""

    def __init__(self, archive: zipfile.ZipFile, entries: tuple[Entry, ...]) -> None:
        self._archive = archive
        self.entries = entries

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """The bytes of a file; raises ``DamagedArchiveError`` where they are not those that were packed."""
        with _reading(entry.name), self._archive.open(entry.info) as file:
            yield from _chunks(file, entry)

    def read(self, entry: Entry) -> bytes:
        """The bytes of a file, whole."""
        return b"".join(self.chunks(entry))


@contextmanager
def open_archive(path: Path, limits: Limits) -> Iterator[Archive]:
    """The archive at ``path``, looked through before a byte of it is unpacked.

    Raises ``DamagedArchiveError`` for what is not whole, and ``DownloadError`` for what no export is: a name that
    leads out of the folder or stands there twice, a link, a password, or more than ``limits`` allow.
    """
    _check_directory(path, limits)
    with _reading("its list of files"):
        archive = zipfile.ZipFile(path)
    with archive:
        infos = archive.infolist()
        if len(infos) > limits.entries:
            raise _refused(f"it holds {len(infos):,} files")
        entries = tuple(entry for info in infos if (entry := _entry(info, limits)) is not None)
        _check_all(entries, path.stat().st_size, limits)
        yield Archive(archive, entries)


def _check_directory(path: Path, limits: Limits) -> None:
    """A list of files is read whole into memory by ``zipfile``, so its length is looked at before."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**16 - _DIRECTORY_END.size))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _DIRECTORY_END.size:
        raise DamagedArchiveError("The export that came is cut short: it has no list of files. Try again.")
    length = _DIRECTORY_END.unpack_from(tail, at)[5]
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if length == 0xFFFFFFFF and 0 <= large <= len(tail) - 48:
        length = struct.unpack_from("<Q", tail, large + 40)[0]
    if length > limits.directory_bytes:
        raise _refused(f"its list of files alone has {length:,} bytes")


def _entry(info: zipfile.ZipInfo, limits: Limits) -> Entry | None:
    """The file behind an entry; ``None`` for a folder, and for what is not part of an export."""
    name = safe_name(info.filename)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(f"{shown(info.filename)} is a link or a device")
    if info.is_dir() or kind == stat.S_IFDIR:
        return None
    if name is None or info.orig_filename != info.filename:
        raise _refused(f"it names {shown(info.orig_filename)}, which is not inside the folder")
    if any(part.startswith(".") or part == "__MACOSX" for part in name.split("/")):
        return None
    if not name.lower().endswith(IMPORTANT):
        return None
    if info.flag_bits & 1:
        raise _refused(f"{shown(name)} has a password")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(f"{shown(name)} is packed in an unusual way")
    is_image = name.lower().endswith(IMAGE_SUFFIXES)
    if info.file_size > (limits.image_bytes if is_image else limits.file_bytes):
        raise _refused(f"{shown(name)} would have {info.file_size:,} bytes")
    return Entry(name, info.file_size, is_image, info)


def _check_all(entries: tuple[Entry, ...], packed: int, limits: Limits) -> None:
    if not entries:
        raise DamagedArchiveError("The export that came holds no image and no annotation. Export the version again.")
    names = {entry.name for entry in entries}
    if len(names) < len(entries):
        raise _refused("it names a file twice")
    unpacked = sum(entry.size for entry in entries)
    if unpacked > limits.unpacked_bytes or unpacked > max(limits.small_bytes, limits.ratio * packed):
        raise _refused(f"its {packed:,} bytes would unpack to {unpacked:,}")


def _chunks(file: IO[bytes], entry: Entry) -> Iterator[bytes]:
    left = entry.size
    while chunk := file.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            break
        yield chunk
    if left:
        raise zipfile.BadZipFile("it is not as long as it says")


@contextmanager
def _reading(what: str) -> Iterator[None]:
    """Nothing; the many errors of the readers of zip and its compressions become one of ours."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError) as error:
        because = str(error) or type(error).__name__
        raise DamagedArchiveError(
            f"The export that came is damaged: {shown(what)} cannot be unpacked ({because:.100}). Try again."
        ) from None


def _refused(because: str) -> DownloadError:
    return DownloadError(f"The archive is refused, because {because}: it is not an export. Check where it came from.")
