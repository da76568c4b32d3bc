"""How Roboflow's JSON is read: tolerant of how a value is written, exact in what it is afterwards.

A field that cannot be read is as absent as one that is missing, unless a payload cannot be told apart without it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.alias_generators import to_camel

from vision_readiness.project import Split
from vision_readiness.project.source_names import SPLIT_NAMES

P = TypeVar("P", bound=BaseModel)

_DECIMAL = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*", re.IGNORECASE | re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Payload(BaseModel):
    """A frozen value read from JSON whose names are in camel case; other keys are ignored."""

    model_config = ConfigDict(
        extra="ignore",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=True,
        protected_namespaces=(),
        defer_build=True,  # a command that reads one noun builds no other
    )

    @field_validator("*", mode="wrap")
    @classmethod
    def _absent_if_unreadable(cls, value: Any, read: Callable[[Any], Any], info: ValidationInfo) -> Any:
        field = cls.model_fields[info.field_name or ""]
        if value is None and not field.is_required():
            return field.get_default(call_default_factory=True)
        try:
            return read(value)
        except ValidationError:
            if field.is_required():
                raise
            return field.get_default(call_default_factory=True)


def number(value: object) -> float | None:
    """A finite number, also one in text; ``None`` for anything else.

    >>> number("62.87"), number(3), number("n/a"), number(True)
    (62.87, 3.0, None, None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = value if len(value) < 64 and _DECIMAL.fullmatch(value) else None
    try:
        read = float(value)  # type: ignore[arg-type]  # what is not a number raises
    except (TypeError, ValueError, OverflowError):
        return None
    return read if math.isfinite(read) else None


def count(value: object) -> int | None:
    """A whole number from 0, also one in text or with a decimal point; ``None`` for anything else."""
    read = number(value)
    return int(read) if read is not None and read >= 0 and read == int(read) else None


def share(value: object) -> float | None:
    """A progress held to 0 to 1: Roboflow has been seen to go above (roboflow-100-benchmark, issue 31)."""
    read = number(value)
    return None if read is None else min(1.0, max(0.0, read))


def flag(value: object) -> bool | None:
    """A boolean, also one in text or as 0 or 1; ``None`` for anything else."""
    words = {"true": True, "1": True, "false": False, "0": False}
    return words.get(str(value).strip().lower()) if isinstance(value, bool | int | str) else None


def text(value: object) -> str | None:
    """Text, or a whole number as text (an id may be either); ``None`` for anything else, and for nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return (str(value) if isinstance(value, str) or abs(value) < 10**30 else "") or None


def moment(value: object) -> datetime | None:
    """An aware moment in UTC, whichever way it is written; ``None`` for what is not a time.

    Epoch seconds, epoch milliseconds (from 10^11, which as seconds is the year 5138), ISO 8601, or Firestore's
    ``{"_seconds", "_nanoseconds"}``.

    >>> moment(1630335698.5) == moment("2021-08-30T15:01:38.5Z") == moment({"_seconds": 1630335698,
    ...     "_nanoseconds": 500000000})
    True
    """
    if isinstance(value, Mapping):
        seconds, fraction = number(value.get("_seconds", value.get("seconds"))), number(value.get("_nanoseconds", 0))
        return None if seconds is None else _after_epoch(seconds + (fraction or 0.0) / 1e9)
    read = number(value)
    if read is not None:
        return _after_epoch(read / 1000 if abs(read) >= 1e11 else read)
    return _iso(value) if isinstance(value, str) else None


def _after_epoch(seconds: float) -> datetime | None:
    try:
        return _EPOCH + timedelta(seconds=round(seconds, 6))
    except (OverflowError, ValueError):
        return None


def _iso(written: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(written.strip())
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def texts(value: object) -> tuple[str, ...]:
    """The texts in a list, in order; a mapping gives its keys, sorted because its own order is not stable."""
    items = sorted(value) if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return tuple(read for item in items if (read := text(item)) is not None)


def counts(value: object) -> dict[str, int]:
    """Counts by name, sorted by name because the order of Roboflow's is not stable."""
    items = sorted(value.items()) if isinstance(value, Mapping) else ()
    return {name: read for name, item in items if (read := count(item)) is not None}


def split_counts(value: object) -> dict[Split, int]:
    """Images by split; a split that is left out has none, and one of another name is not known here."""
    named = {SPLIT_NAMES[name]: read for name, read in counts(value).items() if name in SPLIT_NAMES}
    return {split: named.get(split, 0) for split in Split} if named else {}


def mapping(value: object) -> dict[str, Any]:
    """A JSON object as it is; empty for anything else."""
    return dict(value) if isinstance(value, Mapping) else {}


def rows_of(model: type[P], value: object) -> tuple[P, ...]:
    """The rows of a list that can be read as ``model``; the others are left out."""
    read = []
    for row in value if isinstance(value, list | tuple) else ():
        try:
            read.append(model.model_validate(row))
        except ValidationError:
            continue
    return tuple(read)


Number: TypeAlias = Annotated[float | None, BeforeValidator(number)]
Count: TypeAlias = Annotated[int | None, BeforeValidator(count)]
Share: TypeAlias = Annotated[float | None, BeforeValidator(share)]
Flag: TypeAlias = Annotated[bool | None, BeforeValidator(flag)]
Text: TypeAlias = Annotated[str | None, BeforeValidator(text)]
Id: TypeAlias = Annotated[str, BeforeValidator(text)]
Moment: TypeAlias = Annotated[datetime | None, BeforeValidator(moment)]
Texts: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(texts)]
Counts: TypeAlias = Annotated[Mapping[str, int], BeforeValidator(counts)]
SplitCounts: TypeAlias = Annotated[Mapping[Split, int], BeforeValidator(split_counts)]
Anything: TypeAlias = Annotated[Mapping[str, Any], BeforeValidator(mapping)]
