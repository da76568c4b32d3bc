"""What of a report was written back from this machine, so that a run that broke off goes on where it was."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from vision_readiness.publish.interface import PublishError
from vision_readiness_adapters.errors import DownloadError
from vision_readiness_adapters.export_download.file_lock import file_lock


class Journal:
    """Keys of what is done, one a line in ``path``. Where nothing can be kept, it is known only until the end.

    It is a memory beside Roboflow's own, which is asked all the same: it still holds when an event is too old to be
    found, and leaves alone what people have changed since.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        held = ""
        with suppress(OSError):
            held = path.read_text("utf-8", errors="replace")
        self._done = set(held.split())

    def __contains__(self, key: str) -> bool:
        return key in self._done

    def add(self, key: str) -> None:
        """Remember ``key``, on disk before this returns."""
        self._done.add(key)
        with suppress(OSError), self._path.open("a", encoding="utf-8") as file:
            file.write(f"\n{key}\n")  # a line that a crash cut short stays a line of its own
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def open_journal(folder: Path, name: str, most_seconds: float) -> Iterator[Journal]:
    """The journal of that name, while no other process holds it; raises ``PublishError`` when one does for longer."""
    with ExitStack() as stack:
        try:
            stack.enter_context(file_lock(folder / f"{name}.lock", most_seconds))
        except DownloadError as error:
            raise PublishError(str(error)) from None
        except OSError:
            pass  # a folder that cannot be written: without a memory of its own, Roboflow's has to do
        yield Journal(folder / f"{name}.done")
