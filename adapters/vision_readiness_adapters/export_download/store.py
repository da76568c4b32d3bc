"""Exports kept on this disk: each image once, however many versions show it.

``exports/<workspace>/<project>/<number>/`` is the export as it was packed, with ``version.json`` beside the splits;
``images/<sha256>`` is what its images are hard links to. A folder is there whole or not at all: it is built in
``incoming/`` and moved into place.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from vision_readiness.errors import InputError
from vision_readiness.project import VersionId
from vision_readiness_adapters.disk_cache import default_folder
from vision_readiness_adapters.errors import DownloadError
from vision_readiness_adapters.export_download.archive import Archive, Entry, Limits, open_archive
from vision_readiness_adapters.export_download.file_lock import file_lock
from vision_readiness_adapters.export_folder.version_notes import VERSION_FILE

if TYPE_CHECKING:
    from vision_readiness.ports import Progress

MANIFEST = ".manifest.json"
FORMAT = "vision-readiness/export/1"
_SLUG = re.compile(r"\w[\w.-]{0,199}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The export of a version in a ``format``; ``stamp`` tells it from another version that had its number.

    ``notes`` are the settings of the version as Roboflow's API gives them; they become its ``version.json``.
    """

    version: VersionId
    format: str
    stamp: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)


def store_folder(api_url: str, environment: Mapping[str, str] | None = None) -> Path:
    """Where exports from the Roboflow at ``api_url`` are kept: another address is another Roboflow.

    >>> store_folder("http://127.0.0.1:9/", {"VISION_READINESS_CACHE": "/c"}).as_posix()
    '/c/roboflow/127.0.0.1-9'
    """
    return _stores(environment) / re.sub(r"[^\w.-]", "-", urlsplit(api_url).netloc, flags=re.ASCII)


def kept_exports(environment: Mapping[str, str] | None = None) -> tuple[int, int]:
    """How many exports are kept, and in how many bytes."""
    root = _stores(environment)
    found = {entry.stat().st_ino: entry.stat().st_size for entry in root.rglob("*") if entry.is_file()}
    return sum(1 for _ in root.glob(f"*/exports/*/*/*/{MANIFEST}")), sum(found.values())


def clear_exports(environment: Mapping[str, str] | None = None) -> None:
    """Delete every export that is kept, with its images."""
    shutil.rmtree(_stores(environment), ignore_errors=True)


def _stores(environment: Mapping[str, str] | None) -> Path:
    return default_folder(os.environ if environment is None else environment) / "roboflow"


class ExportStore:
    """Exports in ``root``. Safe for several processes, as long as each holds the lock of the version it takes in."""

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        self.root = root
        self.exports = root / "exports"
        self.limits = limits or Limits()

    def __repr__(self) -> str:
        return f"ExportStore({str(self.root)!r})"

    def folder(self, version: VersionId) -> Path:
        """Where the export of ``version`` is, or would be; raises ``InputError`` for a name that is not a folder's."""
        return self.exports.joinpath(*_parts(version))

    def kept(self, wanted: Wanted) -> Path | None:
        """The folder of the export, if it is there and whole; ``None`` when it has to be fetched."""
        folder = self.folder(wanted.version)
        try:
            manifest = json.loads((folder / MANIFEST).read_bytes())
            if [manifest[name] for name in ("format", "export", "stamp")] != [FORMAT, wanted.format, wanted.stamp]:
                return None
            files = manifest["files"].items()
            return folder if all((folder / name).stat().st_size == size for name, (size, _) in files) else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    @contextmanager
    def locked(self, version: VersionId) -> Iterator[None]:
        """Nothing, while nobody else takes in ``version``."""
        with _writing(self.root):
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _writing(self.root), file_lock(self.root / "locks" / "+".join(_parts(version))):
            yield

    @contextmanager
    def incoming(self, version: VersionId) -> Iterator[Path]:
        """A path for the archive of ``version``; whatever is there is gone afterwards, and what a crash left before."""
        path = self.root / "incoming" / ("+".join(_parts(version)) + ".zip")
        with _writing(self.root):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
        try:
            yield path
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def take_in(self, archive: Path, wanted: Wanted, progress: Progress) -> Path:
        """The folder of the export that ``archive`` holds; it replaces the one there was.

        Images that are known already are not written again. Raises ``DownloadError``.
        """
        building = archive.with_name(f"{archive.name}.unpacked")
        shutil.rmtree(building, ignore_errors=True)
        try:
            with _writing(self.root), open_archive(archive, self.limits) as opened:
                self._check_room(opened)
                building.mkdir(parents=True)
                files = {
                    entry.name: [entry.size, self._unpack(opened, entry, building)]
                    for entry in progress.track(opened.entries, f"unpacking {wanted.version}")
                }
                files[VERSION_FILE] = _write(building / VERSION_FILE, {"version": dict(wanted.notes)})
                said = {"format": FORMAT, "export": wanted.format, "stamp": wanted.stamp, "files": files}
                _write(building / MANIFEST, said)
                return self._move_in(building, self.folder(wanted.version))
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def discard(self, version: VersionId) -> None:
        """Forget the export of ``version``, so that the next time it is fetched anew."""
        shutil.rmtree(self.folder(version), ignore_errors=True)

    def _check_room(self, archive: Archive) -> None:
        needed, free = sum(entry.size for entry in archive.entries), shutil.disk_usage(self.root).free
        if needed > free:
            raise DownloadError(
                f"The export needs {needed / 2**20:,.0f} MB in {self.root}, which has {free / 2**20:,.0f}: make room,"
                " or set VISION_READINESS_CACHE to a folder that has."
            )

    def _unpack(self, archive: Archive, entry: Entry, folder: Path) -> str:
        """The SHA-256 of a file, once it is in ``folder``."""
        place = folder / entry.name
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.is_image:
            data = archive.read(entry)
            digest = hashlib.sha256(data).hexdigest()
            _link(self._image(digest, data), place)
            return digest
        total = hashlib.sha256()
        with place.open("xb") as file:
            for chunk in archive.chunks(entry):
                total.update(chunk)
                file.write(chunk)
        return total.hexdigest()

    def _image(self, digest: str, data: bytes) -> Path:
        """Where the image with ``digest`` is kept; it is written if it is not known."""
        path = self.root / "images" / digest[:2] / digest
        with suppress(FileNotFoundError):
            if path.stat().st_size == len(data):
                return path
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with open(handle, "wb") as file:  # noqa: PTH123 - the handle is open already
                file.write(data)
            Path(name).chmod(0o644 if os.name == "nt" else 0o444)  # a change in one version would reach the others
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return path

    def _move_in(self, building: Path, folder: Path) -> Path:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            old = building.with_name(f"{building.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            folder.replace(old)
            shutil.rmtree(old, ignore_errors=True)
        return building.replace(folder)


def _parts(version: VersionId) -> tuple[str, str, str]:
    parts = (version.workspace or "", version.project, str(version.number))
    if not all(_SLUG.fullmatch(part) for part in parts):
        raise InputError(
            f"{str(version)!r:.80} is not a version on Roboflow: give workspace/project/3 as in the app's URL."
        )
    return parts


def _write(path: Path, values: Mapping[str, Any]) -> list[Any]:
    data = json.dumps(values, indent=1).encode()  # the order of the steps is Roboflow's
    path.write_bytes(data)
    return [len(data), hashlib.sha256(data).hexdigest()]


def _link(kept: Path, place: Path) -> None:
    """``place`` as a hard link to ``kept``, or as a copy where the disk has no such links, or no more."""
    try:
        place.hardlink_to(kept)
    except FileExistsError:
        raise
    except OSError:
        shutil.copyfile(kept, place)


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """A context in which an error of the disk becomes one clear error."""
    try:
        yield
    except OSError as error:
        raise DownloadError(
            f"Exports cannot be kept in {root} ({error.strerror or error}): make room, or set VISION_READINESS_CACHE"
            " to a folder that can be written."
        ) from None
