from __future__ import annotations

import os
import pickle
from collections import Counter

import numpy as np
import pytest

from tests.adapters.exports import coco, coco_box, coco_image, picture, put, voc_sheet, yolo
from vision_readiness.errors import InputError, SourceError
from vision_readiness.project import SPLITS, Preprocessing, Resize, Split, Task, VersionId
from vision_readiness_adapters.errors import ExportError, MissingImageError, NoSuchVersionError
from vision_readiness_adapters.export_folder import ExportFolder, FolderImages, open_folder
from vision_readiness_adapters.export_folder.image_header import header_size


@pytest.fixture
def export(tmp_path):
    return coco(tmp_path / "boxes/train", [coco_image(0, "a.jpg")], [coco_box(0, 0, 1)]).parent


def test_images_can_be_pickled_and_give_the_bytes_of_a_key(export):
    source = pickle.loads(pickle.dumps(ExportFolder(export).images))  # noqa: S301 - our own bytes
    assert source.read("train/a.jpg") == picture()


@pytest.mark.parametrize(
    "key", ["../secret.jpg", "/etc/hostname", "train", "train/gone.jpg", "", "a\0b", "\ud800.jpg", "x" * 5000]
)
def test_a_key_that_is_no_file_inside_the_folder_is_refused(export, key):
    put(export.parent / "secret.jpg", picture())
    with pytest.raises(SourceError):
        FolderImages(export).read(key)


def test_links_that_leave_the_folder_are_refused_and_links_inside_are_followed(export):
    put(export.parent / "secret.jpg", b"secret")
    (export / "train/out.jpg").symlink_to(export.parent / "secret.jpg")
    (export / "train/in.jpg").symlink_to(export / "train/a.jpg")
    (export / "train/loop.jpg").symlink_to(export / "train/loop.jpg")
    images = FolderImages(export)
    assert images.read("train/in.jpg") == picture()
    for key in ("train/out.jpg", "train/loop.jpg"):
        with pytest.raises(MissingImageError):
            images.read(key)
    assert len(ExportFolder(export).version().dataset.images) == 4


def test_a_link_out_of_the_folder_is_not_read_as_annotations(export):
    path = export / "train/_annotations.coco.json"
    path.rename(export.parent / "elsewhere.json")
    path.symlink_to(export.parent / "elsewhere.json")
    with pytest.raises(ExportError, match="outside"):
        ExportFolder(export).version()


def test_a_pipe_is_not_waited_for(export):
    os.mkfifo(export / "train/pipe.jpg")
    with pytest.raises(MissingImageError, match="not a file"):
        FolderImages(export).read("train/pipe.jpg")


def test_a_name_that_is_no_folder_is_not_opened(tmp_path):
    for where in ("acme/boxes/3", str(tmp_path / "nothing"), "x" * 5000, "a\0b"):
        assert open_folder(where) is None


@pytest.mark.parametrize("files", [[], ["notes.txt"], ["train/images/a.jpg"], ["a.jpg", "b.jpg"]])
def test_a_folder_that_is_no_export_is_one_line_that_says_what_to_do(tmp_path, files):
    for name in files:
        put(tmp_path / name, picture())
    with pytest.raises(InputError, match="export") as caught:
        open_folder(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_file_is_one_line_that_says_what_to_do(tmp_path):
    with pytest.raises(ExportError, match="unzip it"):
        open_folder(str(put(tmp_path / "export.zip", b"PK")))
    with pytest.raises(ExportError, match="give the folder"):
        ExportFolder(put(tmp_path / "a.jpg", picture()))
    with pytest.raises(ExportError, match="There is no folder"):
        ExportFolder(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["data.yaml", "."])
def test_a_yaml_and_its_folder_are_the_same_source(tmp_path, name):
    yolo(tmp_path, {"train/a": ""})
    assert len(open_folder(str(tmp_path / name)).version().dataset.images) == 1


def test_coco_wins_over_yolo_and_voc_in_one_folder(tmp_path):
    yolo(tmp_path, {"train/a": ""})
    coco(tmp_path / "train", [coco_image(0, "b.jpg")], [coco_box(0, 0, 1)])
    put(tmp_path / "train/c.xml", voc_sheet("c.jpg"))
    assert "train/b.jpg" in ExportFolder(tmp_path).version().dataset.images.key


VERSION = {
    "workspace": {"name": "acme", "url": "acme", "members": 1},
    "project": {"id": "acme/boxes", "type": "object-detection"},
    "version": {
        "id": "acme/boxes/3",
        "preprocessing": {
            "auto-orient": {"enabled": True},
            "resize": {"enabled": True, "width": "416", "height": 320, "format": "Stretch to"},
        },
        "augmentation": {
            "image": {"enabled": True, "versions": 3},
            "blur": {"enabled": True, "pixels": 1.5},
            "rotate": {"enabled": False, "degrees": "5"},
            "flip": {"horizontal": True},
            "noise": None,
        },
    },
}


def test_the_payload_of_the_api_names_the_version_and_its_settings(export):
    put(export / "version.json", VERSION)
    version = ExportFolder(export).version()
    assert version.id == VersionId("acme", "boxes", 3)
    assert version.preprocessing == Preprocessing(416, 320, Resize.STRETCH, padding=0)
    assert version.augmentation == ("blur", "flip")
    assert version.prepared == ("auto-orient", "resize")
    assert version.announcements == ()


@pytest.mark.parametrize(
    "payload",
    [
        VERSION["version"],
        {"versions": [VERSION["version"]]},
        {"project": {"versions": [VERSION["version"]]}, "workspace": {}},
    ],
)
def test_the_version_is_found_however_it_is_nested(export, payload):
    put(export / "version.json", payload)
    assert ExportFolder(export).version().id == VersionId("acme", "boxes", 3)


@pytest.mark.parametrize(
    ("words", "resize", "padding"),
    [
        ("Stretch to", Resize.STRETCH, 0),
        ("Fit within", Resize.LETTERBOX, 0),
        ("Fit (black edges) in", Resize.LETTERBOX, 0),
        ("Fit (white edges) in", Resize.LETTERBOX, 255),
        ("Fit (reflect edges) in", Resize.LETTERBOX, 114),
        ("Fill (with center crop) in", Resize.CENTER_CROP, 0),
    ],
)
def test_each_resize_format_has_a_meaning(export, words, resize, padding):
    step = {"enabled": True, "width": 64, "height": "32", "format": words}
    put(export / "version.json", {"preprocessing": {"resize": step, "grayscale": {"enabled": True}}})
    found = ExportFolder(export).version().preprocessing
    assert found == Preprocessing(64, 32, resize, padding=padding, grayscale=True)


@pytest.mark.parametrize(
    "resize",
    [
        None,
        {},
        {"enabled": False, "width": 1, "height": 1},
        {"enabled": True, "width": "wide"},
        {"width": 0, "height": 9},
    ],
)
def test_settings_without_an_input_size_are_no_preprocessing(export, resize):
    put(export / "version.json", {"id": 5, "preprocessing": {"resize": resize}, "augmentation": []})
    version = ExportFolder(export).version()
    assert (version.preprocessing, version.augmentation, version.id) == (None, (), VersionId(None, "boxes", None))


@pytest.mark.parametrize(
    "content", ['{"version": ', "[]", {"versions": [{"id": "a/b/1"}, {"id": "a/b/2"}]}, "[" * 99999]
)
def test_damaged_settings_are_announced_and_the_data_set_is_read(export, content):
    put(export / "version.json", content)
    version = ExportFolder(export).version()
    assert len(version.dataset.objects) == 1
    assert "version.json" in version.announcements[0]


def test_a_damaged_description_beside_coco_annotations_is_announced(export):
    put(export / "data.yaml", "names: [")
    put(export / "README.roboflow.txt", b"\xff" * (2**21 + 1))
    version = ExportFolder(export).version()
    assert len(version.dataset.objects) == 1
    assert ["data.yaml" in said or "README" in said for said in version.announcements] == [True, True]


README = """
Boxes - v12 2024-12-04 7:52am
==============================
The following pre-processing was applied to each image:
* Auto-orientation of pixel data (with EXIF-orientation stripping)
* Resize to 640x480 (Fit (white edges))
* Grayscale (CRT phosphor)
* Static crop of 25-75% horizontal region, 25-75% vertical region

The following augmentation was applied to create 3 versions of each source image:
* 50% probability of horizontal flip
* Random brigthness adjustment of between -25 and +25 percent
* Something entirely new
"""


def test_the_read_me_files_are_read_where_nothing_better_is(export):
    put(export / "README.roboflow.txt", README)
    put(export / "README.dataset.txt", "# Boxes > x\nhttps://universe.roboflow.com/acme/boxes-1\n")
    version = ExportFolder(export).version()
    assert version.id == VersionId("acme", "boxes-1", 12)
    assert version.preprocessing == Preprocessing(640, 480, Resize.LETTERBOX, padding=255, grayscale=True)
    assert version.augmentation == ("flip", "brightness", "Something entirely new")
    assert version.prepared == ("auto-orient", "resize", "grayscale", "static-crop")


def test_the_description_names_the_version(tmp_path):
    yolo(tmp_path, {"train/a": ""}, more="roboflow:\n  workspace: acme\n  project: boxes\n  version: 9\n")
    put(tmp_path / "README.dataset.txt", "https://universe.roboflow.com/other/thing")
    assert ExportFolder(tmp_path).version().id == VersionId("acme", "boxes", 9)


def test_an_unnamed_folder_lends_its_own_name(tmp_path):
    for path, expected in ((tmp_path / "boxes", (None, "boxes", None)), (tmp_path / "boxes/7", (None, "boxes", 7))):
        coco(path / "train", [coco_image(0, "a.jpg")], [])
        assert ExportFolder(path).version().id == VersionId(*expected)


def test_a_version_that_the_folder_does_not_hold_is_refused(export):
    put(export / "version.json", VERSION)
    source = ExportFolder(export)
    assert source.version("acme/boxes", 3).id == source.version("boxes").id == VersionId("acme", "boxes", 3)
    for asked in (("acme/boxes", 4), ("acme/crates", None), ("other/boxes", 3), (None, 2), ("acme/boxes/2", None)):
        with pytest.raises(NoSuchVersionError, match="holds acme/boxes/3"):
            source.version(*asked)


def test_a_folder_without_a_name_takes_the_one_asked_for(export):
    assert ExportFolder(export).version("acme/crates", 2).id == VersionId("acme", "crates", 2)


def test_a_png_with_its_exif_behind_the_pixels_is_not_decoded_for_its_size():
    data = picture(30, 20, form="PNG")
    assert header_size(data) == (30, 20)
    assert header_size(data[:60]) == (30, 20)
    assert header_size(b"not an image") == (0, 0)


def per_split(dataset):
    split = dataset.images.split[dataset.objects.image]
    return {
        name: [int(((dataset.objects.label == label) & (split == at)).sum()) for at in range(len(SPLITS))]
        for label, name in enumerate(dataset.classes)
    }


@pytest.mark.real_data
def test_bccd_has_its_published_counts(real_data):
    version = ExportFolder(real_data / "bccd").version()
    dataset = version.dataset
    assert (dataset.task, len(dataset.objects), dataset.defects) == (Task.DETECTION, 4888, ())
    assert per_split(dataset) == {"Platelets": [209, 83, 69], "RBC": [2382, 968, 805], "WBC": [214, 87, 71]}
    assert np.bincount(dataset.images.split).tolist() == [205, 87, 72]
    assert len(set(dataset.images.source.tolist())) == 364
    flat = np.flatnonzero((dataset.objects.box[:, 2:] == dataset.objects.box[:, :2]).any(axis=1))
    assert {dataset.images.key[row].split("_jpg")[0] for row in dataset.objects.image[flat]} == {
        "train/BloodImage_00343",
        "valid/BloodImage_00338",
    }
    assert (set(dataset.images.width.tolist()), set(dataset.images.height.tolist())) == ({640}, {480})


@pytest.mark.real_data
def test_person_river_is_segmentation_of_one_class_with_copies_of_246_sources(real_data):
    version = ExportFolder(real_data / "person-river").version()
    dataset = version.dataset
    assert (dataset.task, per_split(dataset), dataset.defects) == (Task.SEGMENTATION, {"person": [515, 49, 25]}, ())
    assert Counter(Counter(dataset.objects.image.tolist()).values()) == {1: 589}
    assert len(set(dataset.images.source.tolist())) == 246
    assert int(((dataset.objects.box[:, 2:] - dataset.objects.box[:, :2]) < 4).any(axis=1).sum()) == 6
    box = dataset.objects.box
    filled = dataset.objects.area / (box[:, 2:] - box[:, :2]).prod(axis=1)
    assert 0.5 < np.median(filled) < 0.9  # the export writes the box's area beside each polygon; the mask's is taken
    assert str(version.id) == "person-detection-msbel/person-detection-kali-porong/1"
    assert version.preprocessing == Preprocessing(640, 640, Resize.STRETCH, padding=0)
    assert version.augmentation == ("90-degree rotation",)


@pytest.mark.real_data
def test_raccoon_has_its_published_counts(real_data):
    version = ExportFolder(real_data / "raccoon").version()
    dataset = version.dataset
    assert (len(dataset.images), per_split(dataset), dataset.defects) == (200, {"raccoon": [217, 0, 0]}, ())
    assert len(set(zip(dataset.images.width.tolist(), dataset.images.height.tolist(), strict=True))) == 133
    assert len(version.announcements) == 1


@pytest.mark.real_data
def test_road_signs_has_the_same_boxes_flat_and_split(real_data):
    flat = ExportFolder(real_data / "road-signs/dataset_original").version()
    split = ExportFolder(real_data / "road-signs/dataset_split").version().dataset
    counts = {name: sum(found) for name, found in per_split(split).items()}
    assert {name: found[0] for name, found in per_split(flat.dataset).items()} == counts
    assert (min(counts.values()), max(counts.values()), sum(counts.values())) == (32, 70, 522)
    assert per_split(split)["intersection"] == [53, 12, 5]
    assert np.bincount(split.images.split).tolist() == [350, 100, 50]
    assert str(flat.id) == "turtlebot-signs/rav/9"
    assert flat.preprocessing == Preprocessing(320, 240, Resize.LETTERBOX, padding=0)
    assert flat.dataset.images.of(Split.TRAIN).all()


@pytest.mark.real_data
def test_clothing_has_a_label_for_each_image(real_data):
    dataset = ExportFolder(real_data / "clothing").version().dataset
    counts = per_split(dataset)
    assert (dataset.task, dataset.classes) == (Task.CLASSIFICATION, tuple(sorted(counts)))
    assert np.bincount(dataset.images.split).tolist() == [617, 341, 372]
    assert np.array_equal(dataset.objects.image, np.arange(1330))
    assert (counts["shoes"], counts["t-shirt"]) == ([40, 26, 73], [159, 81, 52])
