"""Which images are copies of one source image, read from the names that an export gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.project import Split

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPLIT_NAMES: Mapping[str, Split] = MappingProxyType(
    {"train": Split.TRAIN, "valid": Split.VALID, "val": Split.VALID, "validation": Split.VALID, "test": Split.TEST}
)
"""The folder names that mean a split, in lower case."""

_SPLIT_WORDS = {**SPLIT_NAMES, "training": Split.TRAIN, "testing": Split.TEST}
_WORDS_BESIDE = {"images", "image", "img", "imgs", "set", "split", "data", "instances"}

OWN_MARK = "vision-readiness"
"""What the tags and metadata begin with that are written back: they say nothing of how an image was taken."""

_COPY = re.compile(r"(?P<stem>.+)\.rf\.[0-9A-Za-z]{6,64}\.\w+")
_LAYOUT_FOLDERS = {*SPLIT_NAMES, "images"}


def split_named(name: str) -> Split | None:
    """The split that the name of a folder or file means, with a year or a word such as ``images`` beside it.

    >>> split_named("val2017"), split_named("instances_train2017"), split_named("cam-train-1")
    (<Split.VALID: 'valid'>, <Split.TRAIN: 'train'>, None)
    """
    words = re.findall(r"[a-z]+", name.lower())
    rest = re.sub(r"[a-z\W_]+", "", name.lower())
    found = {_SPLIT_WORDS[word] for word in words if word in _SPLIT_WORDS}
    others = [word for word in words if word not in _SPLIT_WORDS and word not in _WORDS_BESIDE]
    return found.pop() if len(found) == 1 and not others and len(rest) in (0, 4) else None


def source_name(key: str) -> str:
    """What all copies of one source image are called, from the image's path in the export.

    Roboflow names a copy ``<stem>.rf.<hash>.jpg``: the copies share the stem, whatever split they stand in. A folder
    that is neither a split nor ``images`` (a class, a camera) is part of the name. Any other file is its own source,
    because numbered frames of unrelated folders share their names.

    >>> source_name("train/images/dock_7_jpg.rf.0a1b2c3d4e5f.jpg"), source_name("valid/dock_7_jpg.rf.99ffee.jpg")
    ('dock_7_jpg', 'dock_7_jpg')
    >>> source_name("train/hat/7_jpg.rf.0a1b2c.jpg"), source_name("train/7.jpg")
    ('hat/7_jpg', 'train/7.jpg')
    """
    *folders, name = key.split("/")
    copy = _COPY.fullmatch(name)
    if copy is None:
        return key
    return "/".join([*(folder for folder in folders if folder.lower() not in _LAYOUT_FOLDERS), copy["stem"]])


def number_sources(keys: Iterable[str]) -> NDArray[np.int32]:
    """A number for each key, of shape (keys,); copies of one source share it. Numbers count up in order of appearance.

    >>> number_sources(["train/a.rf.000001.jpg", "train/b.rf.000002.jpg", "test/a.rf.000003.jpg"]).tolist()
    [0, 1, 0]
    """
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(source_name(key), len(numbers)) for key in keys], dtype=np.int32)
