import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.errors import ModelError, TaskError
from vision_readiness.predict.settings import READERS, UNJUDGED_TASKS, ModelSettings, read_metadata, read_settings
from vision_readiness.project import Resize, Task, VersionId

READABLE = sorted(READERS)


def test_a_settings_file_says_everything():
    values = {
        "task": "object-detection",
        "head": "yolo",
        "classes": ["cat", "dog"],
        "imgsz": [480, 640],
        "resize": "letterbox",
        "padding": 0,
        "bgr": True,
        "grayscale": False,
        "unit_range": True,
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "trained_on": "acme/pets/3",
    }
    assert read_settings(values, "best.yaml") == ModelSettings(
        task=Task.DETECTION,
        head="yolo",
        classes=("cat", "dog"),
        width=640,
        height=480,
        resize=Resize.LETTERBOX,
        padding=0,
        bgr=True,
        grayscale=False,
        unit_range=True,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        trained_on=VersionId("acme", "pets", 3),
    )


def test_a_wrong_key_is_named_with_the_nearest_right_one():
    with pytest.raises(ModelError, match=r"best\.yaml has an unknown key 'clases'; did you mean 'classes'"):
        read_settings({"clases": ["cat"]}, "best.yaml")


@pytest.mark.parametrize(
    "values",
    [
        {"classes": "cat"},
        {"classes": []},
        {"classes": ["cat", "cat"]},
        {"names": {0: "cat", 2: "dog"}},
        {"names": {"x": "cat"}},
        {"imgsz": 0},
        {"imgsz": "big"},
        {"imgsz": [1, 2, 3]},
        {"imgsz": True},
        {"resize": "squash"},
        {"padding": 300},
        {"bgr": "yes"},
        {"mean": [1, 2]},
        {"std": [1, 0, 1]},
        {"mean": [float("nan"), 0, 0]},
        {"mean": [10**400, 0, 0]},
        {"task": "poetry"},
    ],
)
def test_a_wrong_value_is_named_in_one_line(values):
    with pytest.raises(ModelError, match=rf"best\.yaml: {next(iter(values))} is ") as caught:
        read_settings(values, "best.yaml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("task", ["pose", "obb", "keypoint-detection"])
def test_a_task_that_is_not_judged_gets_one_line(task):
    with pytest.raises(TaskError, match="is not judged here"):
        read_settings({"task": task}, "best.yaml")


@pytest.mark.parametrize("names", ["{0: 'cat', 1: 'dog'}", '{"1": "dog", "0": "cat"}', '["cat", "dog"]'])
def test_metadata_names_are_read_as_python_or_json(names):
    assert read_metadata({"names": names, "stride": "32"}).classes == ("cat", "dog")


def test_ultralytics_models_are_letterboxed_and_their_classifiers_cropped():
    detector = read_metadata({"author": "Ultralytics", "task": "detect", "imgsz": "[640, 640]"})
    assert (detector.task, detector.resize, detector.width) == (Task.DETECTION, Resize.LETTERBOX, 640)
    assert read_metadata({"author": "Ultralytics", "task": "classify"}).resize is Resize.CENTER_CROP


def test_imagenet_is_understood_in_plain_words_and_overruled_by_numbers():
    assert read_metadata({"preprocess": "RGB, ImageNet mean/std"}).mean == (0.485, 0.456, 0.406)
    assert read_metadata({"preprocess": "ImageNet", "mean": "[0, 0, 0]"}).mean == (0.0, 0.0, 0.0)


def test_a_value_in_metadata_that_is_none_of_ours_is_a_hint_that_is_not_taken():
    said = read_metadata({"classes": "80", "imgsz": "huge", "task": "'poetry'", "resize": "bilinear", "bgr": "true"})
    assert said == ModelSettings(bgr=True, unread=said.unread)
    assert said.unread == {
        "classes": "classes is '80'; give a list of names in the model's order",
        "imgsz": "imgsz is 'huge'; invalid literal for int() with base 10: 'huge'",
        "task": "task is 'poetry'; the tasks are object-detection, instance-segmentation, "
        "single-label-classification, multi-label-classification",
        "resize": "resize is 'bilinear'; the ways to resize are stretch, letterbox, center crop",
    }


@given(st.dictionaries(st.sampled_from(READABLE), st.text(max_size=30)))
def test_strangers_metadata_refuse_no_model_but_for_a_task_that_is_not_judged(metadata):
    try:
        said = read_metadata(metadata)
    except TaskError:
        assert metadata["task"] in UNJUDGED_TASKS
        return
    assert all("\n" not in because for because in said.unread.values())
    assert not set(said.unread) & set(said.said())
