"""Every file below the root of an export, read or left out for a reason: nothing vanishes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from vision_readiness.project import LeftOut, WhyLeftOut
from vision_readiness.project.source_names import split_named
from vision_readiness_adapters.export_folder.inventory import Inventory

EXAMPLES = 12


@dataclass(frozen=True, slots=True)
class Account:
    """The files by how they were used; each is in one group, so together they are all that the inventory lists.

    ``images`` were read as images, ``documents`` as what describes or labels them. ``left_out`` are pictures that
    were not read, by folder and reason. ``copies`` are pictures that share their name with one that was read, such as
    masks and previews; ``others`` are no pictures.
    """

    images: tuple[str, ...]
    documents: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    copies: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def files(self) -> int:
        """How many files it accounts for."""
        whole = (self.images, self.documents, self.copies, self.others)
        return sum(map(len, whole)) + sum(
            group.images for group in self.left_out if group.why is not WhyLeftOut.ELSEWHERE
        )


def account(
    inventory: Inventory, images: Collection[str], opened: Collection[str], *, has_lists: bool = False
) -> Account:
    """The account of what a reader took as ``images`` and ``opened`` as documents.

    With ``has_lists`` the data set itself names its images, so any other is left out on purpose.
    """
    unnamed = WhyLeftOut.UNLISTED if has_lists else WhyLeftOut.UNNAMED
    groups: defaultdict[str, list[str]] = defaultdict(list)
    left_out: defaultdict[tuple[WhyLeftOut, str, str], list[str]] = defaultdict(list)
    stems = {_stem(key) for key in images}
    for key in inventory.files:
        format_name, place = inventory.undecoded(key), key.rpartition("/")[0]
        if key in images:
            groups["images"].append(key)
        elif key in opened:
            groups["documents"].append(key)
        elif format_name is not None and _stem(key) not in stems:
            left_out[WhyLeftOut.FORMAT, place, format_name].append(key)
        elif inventory.is_image(key):
            if _stem(key) in stems:
                groups["copies"].append(key)
            else:
                left_out[unnamed, place, ""].append(key)
        else:
            groups["others"].append(key)
    for key in inventory.outside:
        left_out[WhyLeftOut.ELSEWHERE, key, ""].append(key)
    read = Counter(key.rpartition("/")[0] for key in groups["images"])
    lost = Counter({place: 0 for _, place, _ in left_out})
    for (_, place, _), keys in left_out.items():
        lost[place] += len(keys)
    found = tuple(
        LeftOut(
            why=why,
            folder=place,
            images=len(keys),
            of=read[place] + lost[place],
            examples=tuple(keys[:EXAMPLES]),
            split=next((split for part in place.split("/") if (split := split_named(part))), None),
            what=what,
        )
        for (why, place, what), keys in sorted(left_out.items())
    )
    kept = {name: tuple(groups[name]) for name in ("images", "documents", "copies", "others")}
    return Account(left_out=found, **kept)


def _stem(key: str) -> str:
    return key.rpartition("/")[2].rpartition(".")[0]
