"""Opens what a person names as a place: a folder, or a version on Roboflow."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from vision_readiness.errors import InputError, SourceError

if TYPE_CHECKING:
    from vision_readiness.ports import Images, Progress, Source
    from vision_readiness.project import ProjectVersion

CONNECT = "vision_readiness.connect"
"""The group of the entry point ``advisor``, which puts the parts of this machine together."""

SOURCES = "vision_readiness.sources"
"""The group of entry points that open a place: each takes it as text, and gives ``None`` for what is not its own."""

FOLDER, ROBOFLOW = "folder:", "roboflow:"
"""What stands before a place to leave no choice between the two."""

REMOTE = "roboflow"
"""The entry point that is tried last: any two words with a slash between could be a project there."""

_VERSION = re.compile(r"\w[\w.-]*/\w[\w.-]*/\d{1,9}/?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Announced:
    """A source whose versions carry one more announcement."""

    source: Source
    sentence: str

    @property
    def images(self) -> Images:
        """Those of the source."""
        return self.source.images

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        """The version of the source, announced."""
        found = self.source.version(project, number)
        return replace(found, announcements=(self.sentence, *found.announcements))


def installed(group: str) -> dict[str, EntryPoint]:
    """What is installed in a group of entry points, by name; raises ``InputError`` for a name that two claim."""
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        other = found.setdefault(entry.name, entry)
        if other is not entry:
            both = " and ".join(sorted(one.dist.name if one.dist else one.value for one in (other, entry)))
            raise InputError(f"{both} both install {entry.name!r} as one of {group}: uninstall one of them")
    return found


def open_source(where: str, progress: Progress | None = None) -> Source:
    """What ``where`` names, opened by the first entry point that knows it; ``progress`` is for one that takes long.

    An existing path wins over a version of that name on Roboflow, and says so. ``roboflow:`` and ``folder:`` before
    the name leave no choice. Raises ``SourceError`` for nowhere.
    """
    remote_only, folder_only = where.lower().startswith(ROBOFLOW), where.lower().startswith(FOLDER)
    place = where[len(FOLDER) :] if folder_only else where
    for entry in sorted(installed(SOURCES).values(), key=lambda entry: (entry.name == REMOTE, entry.name)):
        is_remote = entry.name == REMOTE
        if (remote_only and not is_remote) or (folder_only and is_remote):
            continue
        source: Source | None = entry.load()(place)
        if source is None:
            continue
        showing = getattr(source, "showing", None)
        shown: Source = source if showing is None or progress is None else showing(progress)
        is_either = not is_remote and not folder_only and _VERSION.fullmatch(place) is not None
        return Announced(shown, _both(place)) if is_either else shown
    raise SourceError(
        f"there is nothing at {place!r}: give the folder of an export or of an offline workspace,"
        " or a version on Roboflow as workspace/project/3"
    )


def _both(place: str) -> str:
    return f"{place} is read from the folder of that name; roboflow:{place} means the version on Roboflow."
