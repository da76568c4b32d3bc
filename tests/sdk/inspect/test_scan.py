from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from vision_readiness.inspect.facts import BoxFault, UnreadableImage
from vision_readiness.inspect.scan import scan
from vision_readiness.project import Condition, Defect, DefectKind, Split, Task
from vision_readiness.project.masks import Masks
from vision_readiness.testing import MemoryImages, a_dataset, an_image, silent

BOX = (4.0, 4.0, 30.0, 30.0)


def a_scene(seed, shape=(48, 64)):
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


LABELS = {
    "train/a.rf.1.jpg": [("cat", BOX), ("dog", (8.0, 8.0, 8.0, 20.0))],
    "train/b.rf.2.jpg": [("dog", BOX)],
    "train/broken.jpg": [("dog", BOX)],
    "valid/a.rf.3.jpg": [("cat", BOX)],
    "test/c.rf.4.jpg": [("cat", BOX), ("cat", BOX)],
    "test/d.rf.5.jpg": [],
    "test/gone.jpg": [],
}
FILES = {
    **{key: an_image(a_scene(seed)) for seed, key in enumerate(LABELS)},
    "train/broken.jpg": b"<html>",
    "test/c.rf.4.jpg": an_image(a_scene(1)),  # the bytes of train/b
}
del FILES["test/gone.jpg"]


@pytest.fixture(scope="module")
def facts():
    return scan(a_dataset(LABELS), MemoryImages(FILES)).facts


def test_one_scan_finds_every_planted_defect(facts):
    assert [(image.image, image.split) for image in facts.unreadable] == [
        ("test/gone.jpg", Split.TEST),
        ("train/broken.jpg", Split.TRAIN),
    ]
    assert [group.images for group in facts.duplicates] == [("test/c.rf.4.jpg", "train/b.rf.2.jpg")]
    assert [(leak.split, leak.other, leak.images, leak.of) for leak in facts.leaks] == [
        (Split.VALID, Split.TRAIN, 1, 1),
        (Split.TEST, Split.TRAIN, 1, 3),
    ]
    assert {fault: boxes.count for fault, boxes in facts.boxes.items()} == {
        BoxFault.ZERO_AREA: 1,
        BoxFault.DUPLICATE: 1,
    }
    assert facts.splits[Split.TEST].empty_images == 2
    assert not facts.wrong_size


def test_columns_follow_the_images():
    found = scan(a_dataset(LABELS), MemoryImages(FILES), progress=silent)
    assert found.leak_free.tolist() == [False, False, False, False, False, True, True]
    assert found.group.tolist() == [0, 1, 2, 0, 1, 4, 5]
    assert found.features.readable.tolist() == [True, True, False, True, True, True, False]


@settings(deadline=None, max_examples=15)
@given(st.permutations(list(LABELS)), st.randoms(use_true_random=False), st.integers(1, 3))
def test_neither_order_nor_workers_change_the_facts(facts, keys, random, workers):
    shuffled = {key: random.sample(LABELS[key], len(LABELS[key])) for key in keys}
    assert scan(a_dataset(shuffled), MemoryImages(FILES), workers=workers).facts == facts


def digest(labels=LABELS, files=FILES, **options):
    return scan(a_dataset(labels, **options), MemoryImages(files), workers=1).facts.digest


def test_whatever_is_judged_changes_the_digest():
    moved = {key.replace("valid/", "test/"): found for key, found in LABELS.items()}
    variants = {
        digest(),
        digest(files=FILES | {"test/d.rf.5.jpg": an_image(a_scene(77))}),
        digest(LABELS | {"test/d.rf.5.jpg": [("cat", BOX)]}),
        digest(LABELS | {"train/b.rf.2.jpg": [("cat", BOX)]}),
        digest(LABELS | {"train/b.rf.2.jpg": [("dog", (4.0, 4.0, 30.0, 30.5))]}),
        digest(moved, {key.replace("valid/", "test/"): data for key, data in FILES.items()}),
        digest(classes=["cat", "dog", "fox"]),
        digest(crowd=[True] + [False] * 6),
    }
    assert len(variants) == 8


def test_masks_are_part_of_the_digest_whatever_their_order():
    shapes = [np.tri(48, 64, k, dtype=bool) for k in (0, 5)]
    files = {"a.jpg": an_image(a_scene(1))}

    def with_masks(*rows):
        labels = {"a.jpg": [("cat", BOX)] * 2}
        return digest(labels, files, task=Task.SEGMENTATION, masks=Masks.from_bitmaps([shapes[row] for row in rows]))

    assert with_masks(0, 1) == with_masks(1, 0)
    assert with_masks(0, 0) != with_masks(0, 1)


def test_a_declared_size_that_is_not_the_images_own_is_named():
    tags = Image.Exif()
    tags[0x0112] = 6
    files = {
        "a.jpg": an_image(a_scene(1), exif=tags),
        "b.jpg": an_image(a_scene(2, (48, 60))),
        "c.jpg": FILES["train/a.rf.1.jpg"],
    }
    facts = scan(a_dataset({key: [] for key in files}), MemoryImages(files)).facts
    assert facts.wrong_size == (
        UnreadableImage(
            "a.jpg",
            Split.TRAIN,
            "declared as 64 x 48 px, but it is 48 x 64 px; its EXIF orientation was not applied",
        ),
        UnreadableImage("b.jpg", Split.TRAIN, "declared as 64 x 48 px, but it is 60 x 48 px"),
    )


def test_boxes_are_held_against_the_true_size_where_it_is_known():
    labels = {"a.jpg": [("cat", (0, 0, 60, 40))], "gone.jpg": [("cat", (0, 0, 60, 40))]}
    files = {"a.jpg": an_image(a_scene(1, (30, 40)))}
    faulty = scan(a_dataset(labels), MemoryImages(files)).facts.boxes[BoxFault.OUTSIDE]
    assert [box.image for box in faulty.examples] == ["a.jpg"]


def test_a_size_that_was_not_declared_is_not_wrong():
    dataset = a_dataset({"a.jpg": ["cat"]}, task=Task.CLASSIFICATION, size=(0, 0))
    facts = scan(dataset, MemoryImages({"a.jpg": an_image(a_scene(1))})).facts
    assert not facts.wrong_size
    assert facts.boxes == {}


def test_unfit_pictures_are_counted_by_what_was_measured():
    files = {
        "dark.png": an_image(a_scene(1) // 4, "PNG"),
        "night.png": an_image(np.where(a_scene(1) > 240, 255, 9).astype(np.uint8), "PNG"),
        "bright.png": an_image(np.where(a_scene(1) > 100, 255, 90).astype(np.uint8), "PNG"),
        "flat.png": an_image(np.full((48, 64), 128, np.uint8), "PNG"),
        "fine.png": an_image(a_scene(2), "PNG"),
    }
    quality = scan(a_dataset({key: [] for key in files}), MemoryImages(files)).facts.quality
    assert (quality.dark, quality.overexposed, quality.flat) == (1, 1, 1)
    assert quality.examples == {"dark": ("dark.png",), "overexposed": ("bright.png",), "flat": ("flat.png",)}


def test_defects_are_counted_by_kind():
    defects = [Defect(DefectKind.UNKNOWN_CATEGORY, f"{n:02}.jpg", "category 9") for n in range(15)]
    (fact,) = scan(a_dataset({}, defects=defects), MemoryImages({})).facts.defects
    assert (fact.kind, fact.count, len(fact.examples)) == (DefectKind.UNKNOWN_CATEGORY, 15, 12)
    assert fact.examples[0] == "00.jpg: category 9"


def test_declared_conditions_are_counted_beside_measured_ones_and_win():
    files = {f"{split}/{n}.jpg": an_image(a_scene(n) // (n + 1)) for split in ("train", "test") for n in range(3)}
    declared = Condition("declared", {"lit": np.array([True, False, False, False, False, True])})
    dataset = a_dataset({key: [] for key in files}, conditions={"brightness": declared, "dock": declared})
    found = scan(dataset, MemoryImages(files))
    assert found.conditions["brightness"].origin == "measured"
    facts = found.facts.conditions
    assert facts["brightness"].origin == facts["dock"].origin == "declared"
    assert facts["dock"].images == {Split.TRAIN: {"lit": 1}, Split.TEST: {"lit": 1}}


def test_an_empty_data_set_is_scanned_too():
    facts = scan(a_dataset({}), MemoryImages({})).facts
    assert facts.splits == {}
    assert not facts.fixed_scene


def test_facts_do_not_depend_on_source_numbers():
    dataset = a_dataset(LABELS)
    renumbered = replace(dataset, images=replace(dataset.images, source=dataset.images.source * 7 + 3))
    assert scan(renumbered, MemoryImages(FILES)).facts == scan(dataset, MemoryImages(FILES)).facts
