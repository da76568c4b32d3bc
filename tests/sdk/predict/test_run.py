import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from vision_readiness.errors import ModelError, SourceError
from vision_readiness.predict.interface import Answer, RuntimeFailure
from vision_readiness.predict.run import answer_table, predict_dataset
from vision_readiness.project.masks import Masks
from vision_readiness.testing import a_dataset

ROWS = np.arange(5)


class Shelf:
    """Images whose brightness is their number; image 1 is missing and image 2 is damaged."""

    def read(self, key):
        number = int(key.split("/")[1].split(".")[0])
        if number == 1:
            raise SourceError("test/1.png is not there")
        if number == 2:
            return b"not an image"
        file = io.BytesIO()
        Image.new("RGB", (8, 8), (number,) * 3).save(file, "PNG")
        return file.getvalue()


class CountingModel:
    """Finds as many dogs as the picture is bright, and one bird; fails on brightness 3."""

    def __init__(self, *, masks=False):
        self.card = SimpleNamespace(name="best.onnx", classes=("dog", "bird"))
        self.masks = masks

    def predict(self, picture):
        n = int(picture[0, 0, 0])
        if n == 3:
            raise RuntimeFailure("out of memory")
        label = np.array([0] * n + [1], dtype=np.int32)
        bitmaps = [np.full((8, 8), row % 2 == 0) for row in range(n + 1)]
        return Answer(
            label, np.full(n + 1, 0.5), np.ones((n + 1, 4)), Masks.from_bitmaps(bitmaps) if self.masks else None
        )


class Steps:
    """Progress that writes down what it followed."""

    def __init__(self):
        self.seen = []

    def track(self, items, what):
        for item in items:
            self.seen.append((what, item))
            yield item


@pytest.fixture
def dataset(version):
    return version(("cat", "dog"), sizes=((8, 8),) * 5).dataset


def test_answers_are_matched_by_name_and_ordered_by_image(dataset):
    run = predict_dataset(CountingModel(), dataset, Shelf(), ROWS[::-1], Steps())
    assert run.predictions.image.tolist() == [4, 4, 4, 4]
    assert run.predictions.label.tolist() == [1, 1, 1, 1]
    assert run.predictions.box.shape == (4, 4)


def test_a_failed_image_is_named_and_not_answered(dataset):
    run = predict_dataset(CountingModel(), dataset, Shelf(), ROWS, Steps())
    assert run.predictions.answered.tolist() == [True, False, False, False, True]
    assert [failure.image for failure in run.failures] == ["test/1.png", "test/2.png", "test/3.png"]
    assert run.failures[2].because == "out of memory"


def test_images_that_were_not_asked_about_are_not_answered(dataset):
    run = predict_dataset(CountingModel(), dataset, Shelf(), np.array([4]), Steps())
    assert run.predictions.answered.tolist() == [False] * 4 + [True]


@pytest.mark.parametrize("masks", [False, True])
def test_the_number_of_workers_changes_nothing(dataset, masks):
    one, many = (
        predict_dataset(CountingModel(masks=masks), dataset, Shelf(), ROWS, Steps(), workers=workers).predictions
        for workers in (1, 4)
    )
    for column in ("answered", "image", "label", "score", "box"):
        assert np.array_equal(getattr(one, column), getattr(many, column))
    assert (one.masks is not None) == masks


def test_masks_stay_with_their_answers(dataset):
    masks = predict_dataset(CountingModel(masks=True), dataset, Shelf(), ROWS, Steps()).predictions.masks
    assert masks is not None
    assert [bool(masks.bitmap(row).all()) for row in range(len(masks))] == [True, False, True, False]


def test_progress_follows_every_image(dataset):
    steps = Steps()
    predict_dataset(CountingModel(), dataset, Shelf(), ROWS, steps)
    assert [item for _, item in steps.seen] == list(dataset.images.key)


def test_a_run_that_answers_nothing_is_an_error(dataset):
    with pytest.raises(ModelError, match=r"answered none of 2 images; the first: test/1\.png is not there"):
        predict_dataset(CountingModel(), dataset, Shelf(), np.array([1, 2]), Steps())


def test_no_images_give_no_answers(dataset):
    run = predict_dataset(CountingModel(), dataset, Shelf(), np.zeros(0, dtype=int), Steps())
    assert len(run.predictions) == 0
    assert not run.predictions.answered.any()


@pytest.mark.parametrize("noise", [-4e-8, 0.0, 4e-8])
def test_scores_are_kept_to_a_millionth_so_that_other_machines_give_the_same_columns(noise):
    dataset = a_dataset({"test/0.png": [("dog", (0, 0, 8, 8))]}, classes=("dog", "cat"))
    answer = Answer(np.array([0, 1]), np.array([0.123456 + noise, 0.9]), np.ones((2, 4)))
    table = answer_table({0: answer}, dataset, ("dog", "bird"))
    assert table.score.tolist() == [0.123456]
    assert table.answered.tolist() == [True]
