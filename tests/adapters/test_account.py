"""Every file below an export is in one group of its account, whatever lies there."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.exports import coco, coco_box, coco_image, picture, put
from vision_readiness.project import Split, WhyLeftOut
from vision_readiness_adapters.export_folder import ExportFolder
from vision_readiness_adapters.export_folder.account import account
from vision_readiness_adapters.export_folder.folder import Folder

NAMES = st.text("abcä_ 1", min_size=1, max_size=4).map(str.strip).filter(bool)
SUFFIXES = st.sampled_from([".jpg", ".JPG", ".jfif", ".heic", ".txt", ".json", ".xml", "", ".bin", ".png"])
PLACES = st.sampled_from(["", "train", "test", "test/night", "test/night/deep", "extra", "labels", "train/images"])
CONTENTS = st.sampled_from([b"", picture(), b"text", b"\xff\xd8\xff"])


@given(files=st.lists(st.tuples(PLACES, NAMES, SUFFIXES, CONTENTS), max_size=12))
def test_nothing_vanishes(files):
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        coco(root / "train", [coco_image(0, "one.jpg")], [coco_box(0, 0, 1)])
        for folder, name, suffix, content in files:
            put(root / folder / f"{name}{suffix}", content)
        there = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        folder = Folder(root)
        dataset = ExportFolder(root).version().dataset
        found = account(folder.inventory, frozenset(dataset.images.key), folder.opened)
        assert list(folder.inventory.files) == there
        assert found.files == len(there)


def test_a_picture_that_is_not_decoded_is_named_with_its_format_and_split(tmp_path):
    coco(tmp_path / "test", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)])
    put(tmp_path / "test/b.HEIC", b"heic")
    (left,) = ExportFolder(tmp_path).version().dataset.left_out
    assert (left.why, left.what, left.split) == (WhyLeftOut.FORMAT, "HEIC", Split.TEST)
    assert (left.images, left.of, left.examples) == (1, 2, ("test/b.HEIC",))


def test_a_picture_without_a_suffix_is_told_by_its_content(tmp_path):
    coco(tmp_path / "test", [coco_image(0, "a.jpg"), coco_image(1, "b")], [coco_box(0, 0, 1)])
    dataset = ExportFolder(tmp_path).version().dataset
    assert dataset.images.key == ("test/a.jpg", "test/b")
    assert not dataset.defects


def test_a_mask_beside_an_image_is_no_picture_left_out(tmp_path):
    coco(tmp_path / "train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)])
    put(tmp_path / "SegmentationClass/a.png", picture(form="PNG"))
    assert not ExportFolder(tmp_path).version().dataset.left_out


def test_a_folder_behind_a_link_is_named(tmp_path):
    coco(tmp_path / "set/train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)])
    put(tmp_path / "elsewhere/b.jpg", picture())
    (tmp_path / "set/test").symlink_to(tmp_path / "elsewhere")
    (left,) = ExportFolder(tmp_path / "set").version().dataset.left_out
    assert (left.why, left.folder) == (WhyLeftOut.ELSEWHERE, "test")
