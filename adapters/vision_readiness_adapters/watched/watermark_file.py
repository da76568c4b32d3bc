"""A watcher's memory in one file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import BaseModel, ValidationError

from vision_readiness.deliveries.watch import Snapshot
from vision_readiness.errors import InputError

MAX_BYTES = 64_000_000


class _Kept(BaseModel):
    watched: str
    snapshot: Snapshot


class WatermarkFile:
    """The ``Watermark`` of whoever watches what is called ``watched``, in the file ``path``."""

    def __init__(self, path: Path, watched: str) -> None:
        self.path, self.watched = path, watched

    def read(self) -> Snapshot | None:
        """What was written last; raises ``InputError`` for a file that is damaged or of another watcher."""
        try:
            whole = self.path.read_bytes() if self.path.stat().st_size <= MAX_BYTES else b""
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InputError(f"{self.path} cannot be read ({error.strerror}): choose another --state.") from None
        try:
            kept = _Kept.model_validate_json(whole)
        except ValidationError:
            raise InputError(
                f"{self.path} holds no watermark: remove it, and the next look begins anew without announcing history."
            ) from None
        if kept.watched != self.watched:
            raise InputError(f"{self.path} is the watermark of {kept.watched}: give {self.watched} another --state.")
        return kept.snapshot

    def write(self, snapshot: Snapshot) -> None:
        """Put ``snapshot`` in place of what was there, at once; raises ``InputError`` where that is not possible."""
        whole = _Kept(watched=self.watched, snapshot=snapshot).model_dump_json(indent=1).encode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.path.parent, prefix=".watch-", delete=False) as file:
                try:
                    file.write(whole)
                    file.flush()
                    os.fsync(file.fileno())
                    Path(file.name).replace(self.path)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise InputError(f"{self.path} cannot be written ({error.strerror}): choose another --state.") from None
