"""The bytes behind a link, onto disk: resumed where the server allows it, begun anew where it does not."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision_readiness.roboflow import Response, RoboflowError, exports
from vision_readiness.roboflow.errors import DeadlineError, NoAnswerError, explain
from vision_readiness_adapters.errors import DamagedArchiveError, DownloadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from vision_readiness.roboflow import RoboflowClient, Stream

FRUITLESS = 4
"""How often in a row a link is asked for that brings no byte which was not there yet."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
EXPIRED = frozenset({400, 401, 403, 404, 410, 416})
"""What a store answers for a link that is over, or for a range it does not have: a fresh link may do."""

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
MOST_SHOWN = 4096
_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19}|\*)", re.ASCII)


@dataclass(slots=True)
class _Part:
    """What is on disk so far: ``size`` of ``total`` bytes of the file that ``etag`` names, resumed only with it."""

    path: Path
    most_bytes: int
    size: int = 0
    total: int | None = None
    etag: str | None = None


def download(
    client: RoboflowClient,
    link: Callable[[], str],
    path: Path,
    show: Callable[[float | None], None],
    most_bytes: int = exports.LARGEST_DOWNLOAD,
) -> None:
    """The zip archive behind ``link``, which gives a fresh one each time, written to ``path``.

    Where a connection breaks off, the rest is asked for if the server has named the file by a strong ETag (RFC 9110,
    13.1.5 and 14.2), else the whole again. ``show`` is told the share where the size is known. Raises
    ``DownloadError`` for what is not an archive, is too large or finds no room, and ``RoboflowError``.
    """
    part, farthest, fruitless = _Part(path, most_bytes), 0, 0
    until = client.transport.perf() + exports.DOWNLOAD_SECONDS
    while True:
        problem = _attempt(client, link(), part, show)
        if problem is None:
            return
        fruitless = 0 if part.size > farthest else fruitless + 1
        farthest = max(farthest, part.size)
        if fruitless == FRUITLESS:
            raise problem
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**fruitless)
        if client.transport.perf() + pause > until:
            raise DeadlineError(
                f"The download took longer than {exports.DOWNLOAD_SECONDS / 60:.0f} minutes. Try again."
            )
        client.transport.sleep(pause)


def _attempt(client: RoboflowClient, link: str, part: _Part, show: Callable[[float | None], None]) -> Exception | None:
    """``None`` when the whole is there, else why it is not, where another attempt may bring it."""
    try:
        _receive(client, link, part, show)
    except DamagedArchiveError as error:
        part.etag = None
        return error
    except NoAnswerError as error:
        return None if part.size and part.size == part.total else error  # it may break off after the last byte
    except RoboflowError as error:
        if error.status not in EXPIRED:
            raise
        part.etag = None if error.status == 416 else part.etag
        return _refused(error)
    except OSError as error:
        place = part.path.parent
        raise DownloadError(f"{place} cannot be written to ({error.strerror or error}): make room.") from None
    return None


def _receive(client: RoboflowClient, link: str, part: _Part, show: Callable[[float | None], None]) -> None:
    """One answer, taken to its end."""
    begin = part.size if part.etag is not None else 0
    request = exports.download(link, begin=begin, etag=part.etag, most_bytes=part.most_bytes)
    with client.stream(request) as stream:
        begin, part.total = _span(stream, begin)
        _check_room(part, begin)
        etag = stream.headers.get("etag", "")
        part.etag, part.size = etag if etag.startswith('"') else None, begin
        with part.path.open("r+b" if begin else "wb") as file:
            file.truncate(begin)
            file.seek(begin)
            for chunk in stream.chunks if begin else _archive_only(stream):
                file.write(chunk)
                part.size += len(chunk)
                if part.size > part.most_bytes:
                    raise _too_large(part)
                show(part.size / part.total if part.total else None)
    if part.total not in (None, part.size):
        raise NoAnswerError(f"The download broke off after {part.size:,} of {part.total:,} bytes. {NoAnswerError.NEXT}")


def _span(stream: Stream, asked: int) -> tuple[int, int | None]:
    """Where the answer begins, and how long the whole is, ``None`` where that is not said."""
    said = _RANGE.fullmatch(stream.headers.get("content-range", ""))
    if stream.status == 206:
        if said is None or int(said[1]) != asked:
            raise DamagedArchiveError("The rest of the download begins at the wrong place. Try again.")
        return asked, None if said[3] == "*" else int(said[3])
    length = stream.headers.get("content-length", "")
    return 0, int(length) if re.fullmatch(r"\d{1,19}", length, re.ASCII) else None


def _check_room(part: _Part, begin: int) -> None:
    total = part.total
    if total is None:
        return
    if total > part.most_bytes:
        raise _too_large(part)
    if total - begin > shutil.disk_usage(part.path.parent).free:
        raise DownloadError(
            f"The export has {total / 2**20:,.0f} MB, and {part.path.parent} has no room for it: make room, or set"
            " VISION_READINESS_CACHE to a folder that has."
        )


def _archive_only(stream: Stream) -> Iterator[bytes]:
    """The chunks of the stream, from its first bytes on, if they are those of a zip archive."""
    head = b""
    for chunk in stream.chunks:
        head += chunk
        if len(head) >= 4:
            break
    if head[:4] in MAGIC:
        yield head
        yield from stream.chunks
        return
    for chunk in stream.chunks if head else ():
        head += chunk
        if len(head) >= MOST_SHOWN:
            break
    said = explain(Response(200, stream.headers, head[:MOST_SHOWN])).message if head else None
    what = f"it begins with {said!r}" if said else "it is empty" if not head else "it is something else"
    raise DamagedArchiveError(f"What Roboflow's link gives is not an archive: {what}. Export the version again.")


def _refused(error: RoboflowError) -> DownloadError:
    return DownloadError(
        f"The links that Roboflow gives to the export are refused ({error.status}), fresh ones too. Export the version"
        " again in the app, then try again."
    )


def _too_large(part: _Part) -> DownloadError:
    return DownloadError(
        f"The export is above {part.most_bytes / 2**20:,.0f} MB, which is refused: make a version with fewer images."
    )
