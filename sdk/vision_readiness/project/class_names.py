"""Class names as an export writes them, and names that differ from those in nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence


def in_export(name: str) -> str:
    """A class name as Roboflow's exports write it: without accents, and ``-`` for what is left over.

    https://docs.roboflow.com/developer/rest-api/versions/exporting-data (read 2026-08)

    >>> in_export("Kürbis"), in_export("箱")
    ('Kurbis', '-')
    """
    bare = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return re.sub(r"[^\x00-\x7f]", "-", bare)


def as_known(names: Iterable[str], classes: Sequence[str]) -> tuple[str, ...]:
    """``names``, each as ``classes`` writes it where an export of it gives exactly one of them.

    A name that stands in ``classes`` stays, and so do names that an export would make the same.

    >>> as_known(["Kürbis", "Apfel", "x"], ["Apfel", "Kurbis"])
    ('Kurbis', 'Apfel', 'x')
    """
    given = tuple(names)
    strangers = set(given) - set(classes)
    renamed = {}
    for name in strangers:
        same = [label for label in classes if in_export(label) == in_export(name)]
        alike = [other for other in {*given} if in_export(other) == in_export(name)]
        if len(same) == len(alike) == 1:
            renamed[name] = same[0]
    return tuple(renamed.get(name, name) for name in given)
