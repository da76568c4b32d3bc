"""The digest of a data set: the same for the same data, in whatever order."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vision_readiness.inspect.feature_columns import FeatureColumns
    from vision_readiness.project import Dataset, ObjectTable


def dataset_digest(dataset: Dataset, features: FeatureColumns) -> str:
    """SHA-256, in hex, over the task, the classes, the images (key, split, file digest) and the labels."""
    images, objects = dataset.images, dataset.objects
    by_key = sorted(range(len(images)), key=images.key.__getitem__)
    rank = np.empty(len(images), dtype=np.int64)
    rank[by_key] = np.arange(len(images))
    files = [(images.key[row], int(images.split[row]), features.sha256[row]) for row in by_key]
    digest = sha256(json.dumps([dataset.task, dataset.classes, files]).encode())
    codes = _mask_codes(objects)
    place = {code: number for number, code in enumerate(sorted(set(codes)))}
    mask = np.array([place[code] for code in codes], dtype=np.int64)
    columns = (rank[objects.image], objects.label, *objects.box.T, objects.area, objects.crowd, mask)
    rows = np.lexsort(columns[::-1])
    for column, kind in zip(columns, ("<i8", "<i4", *["<f8"] * 5, "u1", "<i8"), strict=True):
        digest.update(column[rows].astype(kind).tobytes())
    for code in place:
        digest.update(len(code).to_bytes(8, "little") + code)
    return digest.hexdigest()


def _mask_codes(objects: ObjectTable) -> list[bytes]:
    """The size and run lengths of each object's mask; all alike without masks."""
    if objects.masks is None:
        return [b""] * len(objects)
    masks = map(objects.masks.rle, range(len(objects)))
    return [json.dumps(mask["size"]).encode() + mask["counts"] for mask in masks]
