"""The fake without its network: what it holds, how it behaves, and what a route is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from vision_readiness_adapters.testing.answers import Answer, Asked, not_found, refusal
from vision_readiness_adapters.testing.archives import archive
from vision_readiness_adapters.testing.behaviour import Behaviour, Family
from vision_readiness_adapters.testing.measured import Measured
from vision_readiness_adapters.testing.shelf import Kept, Picture, Shelf
from vision_readiness_adapters.testing.state import State


class Refused(Exception):  # noqa: N818 - an answer on its way out, not a failure of the program
    """Raised by a route to answer at once."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


@dataclass(slots=True)
class Service:
    """What the routes work on."""

    shelf: Shelf
    behaviour: Behaviour = field(default_factory=Behaviour)
    state: State = field(default_factory=State)
    measured: dict[str, Measured] = field(default_factory=dict)
    warm: set[str] = field(default_factory=set)
    archives: dict[tuple[str, str], bytes | None] = field(default_factory=dict)

    def versions(self, asked: Asked) -> list[Kept]:
        """The versions of the project in the address, newest first; raises ``Refused`` where there is none."""
        found = self.shelf.versions(asked.names["ws"], asked.names["project"])
        if not found:
            raise Refused(not_found(f"{asked.names['ws']}/{asked.names['project']} does not exist."))
        return found

    def version(self, asked: Asked) -> Kept:
        """The version in the address; raises ``Refused``, with 500 or 404, where there is none."""
        number = int(asked.names["number"])
        found = next((kept for kept in self.versions(asked) if kept.id.number == number), None)
        if found is None:
            status = self.behaviour.missing_version_status
            message = "Internal server error" if status == 500 else f"Version {number} does not exist."
            raise Refused(refusal(status, message))
        return found

    def pictures(self, asked: Asked) -> list[tuple[Kept, Picture]]:
        """The images of the project in the address: those of its newest version."""
        newest = self.versions(asked)[0]
        return [(newest, picture) for picture in newest.pictures]

    def tags_of(self, picture: Picture) -> list[str]:
        """The tags of an image: those of its export until they are changed."""
        return self.state.tags.get(picture.id, list(picture.tags))

    def archive(self, kept: Kept, format_: str) -> bytes | None:
        """The zip of a version in a format, made once; ``None`` for a format that it cannot have."""
        name = (str(kept.id), format_)
        if name not in self.archives:
            self.archives[name] = archive(kept, format_)
        return self.archives[name]

    def figures(self, kept: Kept) -> Measured | None:
        """What ``model.onnx`` of a version reaches on it, measured once; ``None`` where it cannot be run."""
        name = str(kept.id)
        if name not in self.measured:
            found = Measured.of(kept)
            if found is None:
                return None
            self.measured[name] = found
        return self.measured[name]


Handler: TypeAlias = Callable[[Service, Asked], Answer]


class Known(StrEnum):
    """How a route is known."""

    DOCUMENTED = "documented"
    """On a page of docs.roboflow.com."""
    READ = "read"
    """In the source or the tests of Roboflow's own open packages."""
    OURS = "ours"
    """Made up here, because something has to stand there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A route; ``scope`` is what a key needs for it, ``None`` when any key will do, and ``ours`` what is made up.

    ``needs_key`` is false where the address itself is the permission, or nothing is kept. ``family`` says where the
    key is read.
    """

    method: str
    path: str
    answer: Handler
    known: Known
    scope: str | None = None
    ours: str = ""
    needs_key: bool = True
    family: Family = Family.API
