"""The weights that an ONNX model keeps in files of their own, found without the onnx package."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping
from pathlib import Path

from vision_readiness.errors import ModelError

PARTS: Mapping[str, Mapping[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse tensor"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse tensor", 23: "sparse tensor"},
    "sparse tensor": {1: "tensor", 2: "tensor"},
    "tensor": {13: "external data"},
    "external data": {},
}
"""The parts of an ONNX message that can hold a tensor, by field number (onnx/onnx.proto, release 1.19)."""
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
KEY, VALUE = 1, 2
MOST_FIELDS = 5_000_000
"""What a model may hold, some seconds of reading: large ones have a million."""


def weight_files(path: Path) -> list[Path]:
    """The files beside the model ``path`` that hold its weights, by name; none where it holds them itself.

    A file that is named but not there is left out, for onnxruntime says so. Raises ``ModelError`` for a file outside
    the model's folder, which would let a stranger's model read any file, and for what is not an ONNX message.
    """
    folders = (path.parent.resolve(), path.resolve().parent)  # a cache of downloads links to both from elsewhere
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            names = _locations(whole)
        files = {name: (path.parent / name).resolve() for name in sorted(names)}
    except (ValueError, IndexError) as error:
        raise ModelError(f"{path.name} cannot be opened: it is not a complete ONNX file. Export it again") from error
    for name, weights in files.items():
        if not any(weights.is_relative_to(folder) for folder in folders):
            raise ModelError(
                f"{path.name} takes weights from {name[:120]!r}, outside its own folder: export it with its weights "
                "beside it"
            )
    return [weights for weights in dict.fromkeys(files.values()) if weights.is_file()]


def _locations(model: mmap.mmap) -> set[str]:
    """What the tensors in ``model`` name as the place of their weights."""
    names, left = set(), MOST_FIELDS
    waiting = [("model", 0, len(model))]
    while waiting:  # a stack, for a hostile file nests deeper than Python recurses
        kind, start, end = waiting.pop()
        entry: dict[int, list[bytes]] = {KEY: [], VALUE: []}
        for number, first, last in _fields(model, start, end):
            left -= 1
            if left < 0:
                raise ValueError("there are too many fields")
            if number in PARTS[kind] and first < last:
                waiting.append((PARTS[kind][number], first, last))
            elif kind == "external data" and number in entry:
                entry[number].append(model[first:last])
        if b"location" in entry[KEY]:
            names |= {value.decode() for value in entry[VALUE]}
    return names


def _fields(model: mmap.mmap, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each field of a message, no bytes for a number; raises ``ValueError`` if broken."""
    while at < end:
        tag, at = _varint(model, at)
        wire, length = tag & 7, 0
        if wire in (VARINT, BYTES):
            value, at = _varint(model, at)
            length = value if wire == BYTES else 0
        elif wire in (FIXED32, FIXED64):
            at += 4 if wire == FIXED32 else 8
        else:
            raise ValueError("groups are not part of ONNX")
        if at + length > end:
            raise ValueError("a field runs over its message")
        yield tag >> 3, at, at + length
        at += length


def _varint(model: mmap.mmap, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = model[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
    raise ValueError("a number is too long")
