"""What a running fake remembers: what was written to it, how often it was asked, and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request that came in, without any secret: ``key_in`` names where one was (header, query, body)."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    key_in: frozenset[str]
    size: int
    status: int | None = None
    """What was answered; ``None`` when the connection was broken off."""
    fault: str | None = None


@dataclass(slots=True)
class State:
    """Everything that changes. ``asked`` counts answers by what they were about; the rest is by id."""

    asked: Counter[str] = field(default_factory=Counter)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    uploaded_bytes: dict[str, bytes] = field(default_factory=dict)
    annotated: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    use_cases: dict[str, dict[str, Any]] = field(default_factory=dict)

    def count(self, what: str) -> int:
        """How often something was asked, this time included."""
        self.asked[what] += 1
        return self.asked[what]
