"""Pictures with one object of each class, scanned once however many cases are made of them."""

from __future__ import annotations

from functools import cache

import numpy as np

from vision_readiness.inspect.scan import Scan, scan
from vision_readiness.project import Condition, Dataset
from vision_readiness.testing import MemoryImages, a_dataset, an_image

CLASSES = ("person", "forklift")
BOXES = {"person": (2.0, 2.0, 22.0, 30.0), "forklift": (32.0, 4.0, 60.0, 40.0)}


@cache
def _picture(seed: int) -> bytes:
    """A picture like no other: coarse blocks, so that its difference hash is its own."""
    blocks = np.random.default_rng(seed).integers(20, 235, (12, 16), dtype=np.uint8)
    return an_image(np.repeat(np.kron(blocks, np.ones((4, 4), np.uint8))[:, :, None], 3, axis=2), "PNG")


@cache
def scanned(train: int, valid: int, test: int, leaked: int) -> tuple[Dataset, Scan]:
    """A data set of so many images, of which ``leaked`` of test are copies of train's, and what a scan finds in it."""
    names = [f"train/a{n}.rf.{n:032x}.jpg" for n in range(train)]
    names += [f"valid/b{n}.rf.{n:032x}.jpg" for n in range(valid)]
    names += [f"test/{'a' if n < leaked else 'c'}{n}.rf.{n + 10**6:032x}.jpg" for n in range(test)]
    labels = {name: [(label, BOXES[label]) for label in CLASSES] for name in names}
    night = np.array([n % 2 == 1 for split in (train, valid, test) for n in range(split)])
    lighting = Condition("tag", {"day": ~night, "night": night})
    dataset = a_dataset(labels, classes=CLASSES, size=(64, 48), conditions={"lighting": lighting})
    return dataset, scan(dataset, MemoryImages({name: _picture(n) for n, name in enumerate(names)}), workers=1)
