import numpy as np
import pytest

from vision_readiness.errors import ModelError, TaskError
from vision_readiness.predict.artefact import ArtefactFile, describe
from vision_readiness.predict.settings import ModelSettings
from vision_readiness.project import Preprocessing, Resize, Task

FILE = ArtefactFile("best.onnx", "0" * 64, 1234)
YOLO = {"output0": np.zeros((1, 6, 84), dtype=np.float32)}
ROW = {"logits": np.array([[3.0, -1.0]], dtype=np.float32)}
DETR = {"dets": np.full((1, 5, 4), 0.5, np.float32), "labels": np.zeros((1, 5, 2), np.float32)}


def test_a_silent_model_takes_the_data_sets_order_and_says_so(fake_runtime, version):
    card = describe(FILE, fake_runtime(YOLO), {}, version(("dog", "cat")))
    assert card.classes == ("dog", "cat")
    assert card.origins["classes"] == "data set order"
    assert card.preprocessing == Preprocessing(64, 64)
    assert (card.head, card.task, card.digest, card.size_bytes) == ("yolo", Task.DETECTION, "0" * 64, 1234)
    assert card.conflicts == ()


def test_a_silent_classifier_takes_the_alphabet(fake_runtime, version):
    card = describe(FILE, fake_runtime(ROW), {}, version(("dog", "cat"), Task.CLASSIFICATION))
    assert card.classes == ("cat", "dog")
    assert card.origins["classes"] == "data set order, alphabetical"


def test_the_strongest_word_is_followed_and_the_others_are_quoted(fake_runtime, version):
    said = {
        "flag": ModelSettings(classes=("dog", "cat")),
        "sidecar": ModelSettings(classes=("cat", "dog"), resize=Resize.LETTERBOX),
        "metadata": ModelSettings(classes=("cat", "dog"), resize=Resize.CENTER_CROP, mean=(0.5, 0.5, 0.5)),
    }
    card = describe(FILE, fake_runtime(YOLO), said, version())
    assert card.classes == ("dog", "cat")
    assert card.preprocessing == Preprocessing(64, 64, resize=Resize.LETTERBOX, mean=(0.5, 0.5, 0.5))
    assert {key: card.origins[key] for key in ("classes", "resize", "mean", "head")} == {
        "classes": "flag",
        "resize": "sidecar",
        "mean": "metadata",
        "head": "detected",
    }
    assert card.conflicts == (
        "The sidecar says classes is cat, dog, the flag says dog, cat; the flag is followed.",
        "The metadata says classes is cat, dog, the flag says dog, cat; the flag is followed.",
        "The metadata says resize is center crop, the sidecar says letterbox; the sidecar is followed.",
    )


def test_the_versions_settings_win_over_what_such_heads_are_trained_with(fake_runtime, version):
    seen = version(preprocessing=Preprocessing(64, 64, resize=Resize.LETTERBOX, padding=0))
    card = describe(FILE, fake_runtime(DETR), {}, seen)
    assert card.preprocessing is not None
    assert card.preprocessing.resize is Resize.LETTERBOX
    assert card.preprocessing.mean == (0.485, 0.456, 0.406)
    assert (card.origins["resize"], card.origins["mean"]) == ("version", "detected")


def test_a_told_mean_switches_the_heads_usual_settings_off(fake_runtime, version):
    card = describe(FILE, fake_runtime(DETR), {"flag": ModelSettings(mean=(0.0, 0.0, 0.0))}, version())
    assert card.preprocessing == Preprocessing(64, 64)


@pytest.mark.parametrize(("size", "conflicts"), [((64, 48), 1), ((64, 64), 0)])
def test_another_resize_than_the_versions_matters_where_the_shape_changes(fake_runtime, version, size, conflicts):
    seen = version(preprocessing=Preprocessing(640, 640), sizes=(size,))
    card = describe(FILE, fake_runtime(YOLO), {"metadata": ModelSettings(resize=Resize.LETTERBOX)}, seen)
    assert len(card.conflicts) == conflicts


def test_a_free_input_size_is_taken_from_what_is_told(fake_runtime, version):
    runtime = fake_runtime(YOLO, input_shape=(None, 3, None, None))
    card = describe(FILE, runtime, {"sidecar": ModelSettings(width=96, height=64)}, version())
    assert runtime.seen[0].shape == (1, 3, 64, 96)
    assert card.origins["width"] == "sidecar"
    from_version = describe(FILE, runtime, {}, version(preprocessing=Preprocessing(128, 128)))
    assert from_version.preprocessing == Preprocessing(128, 128)


def test_a_free_input_size_that_nobody_tells_is_an_error(fake_runtime, version):
    with pytest.raises(ModelError, match="put `imgsz: 640`"):
        describe(FILE, fake_runtime(YOLO, input_shape=(1, 3, None, None)), {}, version())


@pytest.mark.parametrize("head", ["Detect", "rf-detr"])
def test_a_head_in_the_metadata_that_the_outputs_do_not_have_is_ignored_with_a_note(fake_runtime, version, head):
    card = describe(FILE, fake_runtime(YOLO), {"metadata": ModelSettings(head=head)}, version())
    assert (card.head, card.origins["head"], card.conflicts) == ("yolo", "detected", ())
    assert card.notes == (f"The metadata's head is '{head}', which is no form of these outputs here; it is ignored.",)
    with pytest.raises(ModelError, match=f"head '{head}'"):
        describe(FILE, fake_runtime(YOLO), {"sidecar": ModelSettings(head=head)}, version())


def test_what_metadata_say_and_is_not_understood_is_told(fake_runtime, version):
    unread = {"task": "task is 'poetry'; the tasks are these", "mean": "mean is 'grey'; give three numbers"}
    card = describe(FILE, fake_runtime(YOLO), {"metadata": ModelSettings(unread=unread)}, version())
    assert card.notes == ("The metadata's task is 'poetry'; the tasks are these; it is ignored.",)
    assert card.conflicts == ("The metadata's mean is 'grey'; give three numbers; it is ignored.",)


def test_a_told_size_cannot_contradict_a_fixed_one(fake_runtime, version):
    with pytest.raises(ModelError, match="takes a width of 64 px, the sidecar says 640"):
        describe(FILE, fake_runtime(YOLO), {"sidecar": ModelSettings(width=640)}, version())
    card = describe(FILE, fake_runtime(YOLO), {"metadata": ModelSettings(width=640)}, version())
    assert card.conflicts == ("The model takes a width of 64 px, the metadata says 640; the model is followed.",)


@pytest.mark.parametrize(
    ("shape", "dtype", "message"),
    [
        ((1, 64, 64), "tensor(float)", "is 1 x 64 x 64, not 1 x 3 x height x width"),
        ((8, 3, 64, 64), "tensor(float)", "takes 8 pictures at once"),
        ((1, 64, 64, 3), "tensor(float)", "channels first"),
        ((1, 3, 64, 64), "tensor(string)", "understood are"),
    ],
)
def test_an_input_that_is_no_picture_is_an_error(fake_runtime, version, shape, dtype, message):
    with pytest.raises(ModelError, match=message):
        describe(FILE, fake_runtime(YOLO, input_shape=shape, dtype=dtype), {}, version())


def test_another_class_count_names_both_counts_and_the_classes(fake_runtime, version):
    with pytest.raises(ModelError, match=r"answers with 2 classes.*data set order has 3 \(a, b, c\): give --classes"):
        describe(FILE, fake_runtime(YOLO), {}, version(("a", "b", "c")))
    with pytest.raises(ModelError, match=r"answers with 2 classes.*flag has 1 \(cat\)"):
        describe(FILE, fake_runtime(YOLO), {"flag": ModelSettings(classes=("cat",))}, version())


def test_classes_that_the_data_set_lacks_are_said(fake_runtime, version):
    said = {"metadata": ModelSettings(classes=("cat", "bird"))}
    assert describe(FILE, fake_runtime(YOLO), said, version()).conflicts == (
        "The model knows classes that the data set lacks; these answers are left out: bird.",
    )
    with pytest.raises(ModelError, match=r"none of the model's classes by its metadata \(x, y\)"):
        describe(FILE, fake_runtime(YOLO), {"metadata": ModelSettings(classes=("x", "y"))}, version())


@pytest.mark.parametrize(
    ("answers", "task", "message"),
    [
        (ROW, Task.DETECTION, "one row of class scores, the data set is for object-detection"),
        (YOLO, Task.CLASSIFICATION, "answers with boxes, the data set is for single-label-classification"),
    ],
)
def test_a_model_for_another_task_is_an_error(fake_runtime, version, answers, task, message):
    with pytest.raises(TaskError, match=message):
        describe(FILE, fake_runtime(answers), {}, version(task=task))


def test_a_single_label_classifier_does_not_serve_many_labels(fake_runtime, version):
    said = {"metadata": ModelSettings(task=Task.CLASSIFICATION)}
    with pytest.raises(TaskError, match="the metadata says the model is for single-label-classification"):
        describe(FILE, fake_runtime(ROW), said, version(task=Task.MULTILABEL))


def test_a_detector_serves_a_segmentation_data_set(fake_runtime, version):
    assert describe(FILE, fake_runtime(YOLO), {}, version(task=Task.SEGMENTATION)).task is Task.DETECTION


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_answers_that_are_no_numbers_are_an_error(fake_runtime, version, value):
    broken = {"output0": np.full((1, 6, 84), value, dtype=np.float32)}
    with pytest.raises(ModelError, match="holds NaN or infinite numbers"):
        describe(FILE, fake_runtime(broken), {}, version())


def test_answers_in_words_are_an_error(fake_runtime, version):
    with pytest.raises(ModelError, match="not numbers"):
        describe(FILE, fake_runtime({"label": np.array(["cat"])}), {}, version())


def test_preprocessing_in_plain_words_is_quoted_unless_settings_tell(fake_runtime, version):
    runtime = fake_runtime(YOLO, metadata={"preprocess": "crop somehow"})
    assert 'say "crop somehow"' in describe(FILE, runtime, {}, version()).conflicts[0]
    assert not describe(FILE, runtime, {"sidecar": ModelSettings(resize=Resize.STRETCH)}, version()).conflicts


def test_without_a_data_set_the_classes_are_numbered(fake_runtime):
    card = describe(FILE, fake_runtime(YOLO), {})
    assert card.classes == ("class 0", "class 1")
    assert card.origins["classes"] == "numbered"


def test_byte_inputs_are_not_scaled(fake_runtime, version):
    card = describe(FILE, fake_runtime(YOLO, dtype="tensor(uint8)"), {}, version())
    assert card.preprocessing == Preprocessing(64, 64, unit_range=False)
