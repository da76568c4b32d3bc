"""Instance masks as run-length columns.

The COCO run-length code is kept for all masks in one byte column, so that ten thousand masks are three arrays.
Encoding and intersection over union are pycocotools'.
"""

# pycocotools' own types know one form of each argument, its functions more.
# pyright: reportArgumentType=false, reportCallIssue=false, reportAssignmentType=false

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Masks:
    """Compressed COCO run-length codes: mask ``i`` is ``counts[offsets[i]:offsets[i + 1]]`` of ``size[i]``.

    ``counts`` is uint8, ``offsets`` has shape (masks + 1,), ``size`` has shape (masks, 2) and holds (height, width).
    """

    counts: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    size: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.size)

    def take(self, rows: NDArray[np.integer[Any]]) -> Masks:
        """The masks at ``rows``, in that order."""
        return Masks.from_rles([self.rle(int(row)) for row in rows])

    def rle(self, row: int) -> dict[str, Any]:
        """The code of one mask in pycocotools' form."""
        counts = self.counts[self.offsets[row] : self.offsets[row + 1]].tobytes()
        return {"size": self.size[row].tolist(), "counts": counts}

    def bitmap(self, row: int) -> NDArray[np.bool_]:
        """One mask as pixels, of shape (height, width)."""
        from pycocotools import mask

        with warnings.catch_warnings():  # pycocotools 2.0 does not know numpy 2's copy keyword; nothing is lost by it
            warnings.simplefilter("ignore", DeprecationWarning)
            decoded: NDArray[np.bool_] = mask.decode(self.rle(row)).astype(bool)
        return decoded

    @staticmethod
    def joined(parts: Sequence[Masks | None]) -> Masks | None:
        """All masks in one table; ``None`` without any part, or where a part has none."""
        known = [part for part in parts if part is not None]
        if not known or len(known) != len(parts):
            return None
        starts = np.cumsum([0, *(len(part.counts) for part in known)])
        offsets = [part.offsets[:-1] + start for part, start in zip(known, starts, strict=False)]
        return Masks(
            np.concatenate([part.counts for part in known]),
            np.concatenate([*offsets, starts[-1:]]).astype(np.int64),
            np.concatenate([part.size for part in known]),
        )

    @staticmethod
    def from_rles(rles: Sequence[dict[str, Any]]) -> Masks:
        """Masks from codes in pycocotools' compressed form; no codes give no masks."""
        codes = [rle["counts"] if isinstance(rle["counts"], bytes) else rle["counts"].encode() for rle in rles]
        lengths = np.array([0, *map(len, codes)], dtype=np.int64)
        size = np.array([rle["size"] for rle in rles], dtype=np.int32).reshape(-1, 2)
        return Masks(np.frombuffer(b"".join(codes), dtype=np.uint8), np.cumsum(lengths), size)

    @staticmethod
    def from_bitmaps(bitmaps: Sequence[NDArray[np.bool_]]) -> Masks:
        """Masks from pixels of shape (height, width)."""
        from pycocotools import mask

        return Masks.from_rles([mask.encode(np.asfortranarray(bitmap.astype(np.uint8))) for bitmap in bitmaps])

    @staticmethod
    def from_coco(segmentations: Sequence[Any], sizes: Sequence[tuple[int, int]]) -> Masks:
        """Masks from COCO ``segmentation`` values (polygons or codes), each in an image of ``(height, width)``.

        Raises ``ValueError`` for a value that is neither.
        """
        from pycocotools import mask

        rles = []
        for segmentation, (height, width) in zip(segmentations, sizes, strict=True):
            if isinstance(segmentation, dict):
                raw = isinstance(segmentation.get("counts"), list)
                rles.append(mask.frPyObjects(segmentation, height, width) if raw else segmentation)
            elif isinstance(segmentation, list):
                polygons = [polygon for polygon in segmentation if len(polygon) >= 6]
                drawn = mask.frPyObjects(polygons, height, width) if polygons else []
                rles.append(mask.merge(drawn) if drawn else mask.encode(np.zeros((height, width), np.uint8, order="F")))
            else:
                raise ValueError(f"a segmentation is a list of polygons or a run-length code, not {segmentation!r}")
        return Masks.from_rles(rles)

    def area(self) -> NDArray[np.float64]:
        """The area of each mask in square pixels, of shape (masks,)."""
        from pycocotools import mask

        if not len(self):
            return np.zeros(0)
        codes = [self.rle(row) for row in range(len(self))]
        # pycocotools 2.0 counts the codes in a uint8, so numpy 2 refuses more than 255 at once.
        parts = [mask.area(codes[start : start + 255]) for start in range(0, len(codes), 255)]
        return np.concatenate(parts).astype(np.float64)


def run_lengths(text: str) -> list[int] | None:
    """The runs in COCO's compressed code, ``None`` where it is none: pycocotools trusts a code, and reads on past it.

    Six-bit groups, each run from the third on a difference to the one before the last.
    """
    runs: list[int] = []
    value = shift = 0
    for byte in text.encode("ascii", errors="replace"):
        group = byte - 48
        if not 0 <= group < 64 or shift > 30:
            return None
        value |= (group & 0x1F) << shift
        shift += 5
        if not group & 0x20:
            if group & 0x10:
                value -= 1 << shift
            runs.append(value + runs[-2] if len(runs) > 2 else value)
            value = shift = 0
    return runs if shift == 0 else None


def mask_iou(answers: Masks, truths: Masks, crowd: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Intersection over union of all pairs, of shape (answers, truths); over the answer's own area where ``crowd``."""
    from pycocotools import mask

    if not len(answers) or not len(truths):
        return np.zeros((len(answers), len(truths)))
    iou: NDArray[np.float64] = mask.iou(
        [answers.rle(row) for row in range(len(answers))],
        [truths.rle(row) for row in range(len(truths))],
        crowd.astype(np.uint8).tolist(),
    )
    return iou
