"""Values with columns, split into plain JSON and named arrays, and rebuilt from them.

A mapping becomes a list of pairs, so that its order survives whatever sorts the keys of the JSON. Columns that were
read back are checked by the values that know their shape.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

Column = NDArray[np.generic]


def take_apart(value: Any, columns: dict[str, Column], name: str = "") -> Any:
    """``value`` as plain JSON; every array in it goes to ``columns`` and leaves its name behind.

    A field that holds its default is left out, so that an optional field which is added later changes nothing here.
    """
    if isinstance(value, np.ndarray):
        columns[name] = value
        return name
    if is_dataclass(value) and not isinstance(value, type):
        return dict(_told(value, columns, name))
    if isinstance(value, Mapping):
        numbered = enumerate(value.items())
        return [[str(key), take_apart(inner, columns, f"{name}.{place}")] for place, (key, inner) in numbered]
    if isinstance(value, tuple | list):
        return [take_apart(inner, columns, f"{name}.{place}") for place, inner in enumerate(value)]
    if isinstance(value, StrEnum):
        return str(value)
    return value


def _told(value: Any, columns: dict[str, Column], name: str) -> Iterator[tuple[str, Any]]:
    """The fields of a dataclass that hold something else than their default, by name; an array always does."""
    for field in fields(value):
        inside: dict[str, Column] = {}
        plain = take_apart(getattr(value, field.name), inside, f"{name}.{field.name}".lstrip("."))
        default = take_apart(field.default if field.default_factory is MISSING else field.default_factory(), {})
        if inside or type(plain) is not type(default) or plain != default:
            columns |= inside
            yield field.name, plain


def put_together(kind: Any, plain: Any, columns: Mapping[str, Column]) -> Any:
    """The value of type ``kind`` that was taken apart; raises ``ValueError`` or ``KeyError`` when it does not fit."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is np.ndarray:
        return columns[plain].astype(get_args(arguments[1])[0], casting="same_kind", copy=False)
    if origin in (Union, types.UnionType):
        options = [option for option in arguments if option is not type(None)]
        return None if plain is None else put_together(options[0], plain, columns) if len(options) == 1 else plain
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: put_together(hints[name], inner, columns) for name, inner in plain.items()})
    if origin is Mapping:
        key_adapter: TypeAdapter[Any] = TypeAdapter(arguments[0])
        return {key_adapter.validate_python(key): put_together(arguments[1], inner, columns) for key, inner in plain}
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(put_together(arguments[0], inner, columns) for inner in plain)
    return TypeAdapter(kind).validate_python(plain)


def check_columns(name: str, shape: tuple[int, ...], *columns: Column) -> None:
    """Nothing, where every column of table ``name`` has ``shape`` and holds finite numbers; raises ``ValueError``."""
    for column in columns:
        if column.shape != shape:
            raise ValueError(f"a column of {name} has shape {column.shape}, not {shape}")
        if column.dtype.kind == "f" and not np.isfinite(column).all():
            raise ValueError(f"a column of {name} holds what is not a number")


def check_rows(name: str, rows: NDArray[np.integer], end: int) -> None:
    """Nothing, where every one of ``rows`` is a row of a table of ``end`` rows; raises ``ValueError``."""
    if rows.ndim != 1 or (len(rows) and not 0 <= int(rows.min()) <= int(rows.max()) < end):
        raise ValueError(f"{name} points outside of its table")
