"""A lock between processes, released when its process dies."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vision_readiness_adapters.errors import DownloadError

LOOK_SECONDS = 0.1
MOST_SECONDS = 3600.0


@contextmanager
def file_lock(path: Path, most_seconds: float = MOST_SECONDS) -> Iterator[None]:
    """A context in which nobody else holds the lock of ``path``; the file itself stays.

    Raises ``DownloadError`` when another holds it for longer.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + most_seconds
    with path.open("a+b") as file:
        while not _taken(file):
            if time.monotonic() > until:
                raise DownloadError(f"Another process is at work on the same thing ({path}): wait for it, or stop it.")
            time.sleep(LOOK_SECONDS)
        try:
            yield
        finally:
            _release(file)


if sys.platform == "win32":
    import msvcrt

    def _taken(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _taken(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
