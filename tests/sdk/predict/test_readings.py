"""A misreading that is planted is named; a model that is only bad is not excused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vision_readiness.predict.readings import HYPOTHESES, Form, Sample, met_share, misreading
from vision_readiness.project import Predictions, Split
from vision_readiness.testing import a_dataset

W, H, EACH = 64, 48, 3
CLASSES = ("cat", "dog", "owl")


def scene(split: str, images: int = 12, seed: int = 5):
    """Boxes that are far from the middle and of unlike sides, so that no two readings of them agree."""
    rng = np.random.default_rng(seed)
    labelled = {}
    for number in range(images):
        x, y = rng.uniform(2, 12, EACH) + np.arange(EACH) * 16, rng.uniform(2, 20, EACH)
        w, h = rng.uniform(5, 9, EACH), rng.uniform(8, 14, EACH)
        boxes = np.stack([x, y, x + w, y + h], axis=1)
        labelled[f"{split}/{number}.jpg"] = [(CLASSES[place], tuple(box)) for place, box in enumerate(boxes.tolist())]
    return a_dataset(labelled, size=(W, H))


def answered(dataset, box=lambda box: box, label=lambda label: label) -> Predictions:
    objects = dataset.objects
    named = label(objects.label.astype(np.int64))
    known = (named >= 0) & (named < len(CLASSES))
    return Predictions(
        np.ones(len(dataset.images), bool),
        objects.image[known],
        named[known].astype(np.int32),
        np.full(int(known.sum()), 0.9),
        box(objects.box)[known],
    )


PLANTED = {
    Form.SHARES: {"box": lambda box: box / [W, H, W, H]},
    Form.CORNERS_AS_SIZES: {"box": lambda box: np.concatenate([box[:, :2], box[:, :2] + box[:, 2:]], axis=1)},
    Form.CENTRES_AS_CORNERS: {"box": lambda box: box + np.tile((box[:, 2:] - box[:, :2]) / 2, 2)},
    Form.CLASSES_FROM_ONE: {"label": lambda label: label + 1},
    Form.CLASSES_FROM_MINUS_ONE: {"label": lambda label: label - 1},
}


@pytest.mark.parametrize("form", PLANTED)
def test_what_is_planted_is_named(form):
    dataset = scene("valid")
    found = misreading(answered(dataset, **PLANTED[form]), dataset)
    assert found is not None
    assert found.form is form
    assert found.met < 0.2
    assert found.would_meet > 0.6
    assert found.objects == len(dataset.objects)


def test_a_right_reading_is_in_no_doubt():
    dataset = scene("valid")
    assert misreading(answered(dataset), dataset) is None


def test_a_bad_model_is_not_excused():
    dataset = scene("valid")
    rng = np.random.default_rng(3)
    low = rng.uniform(0, 30, (len(dataset.objects), 2))
    assert misreading(answered(dataset, box=lambda _: np.concatenate([low, low + 6], axis=1)), dataset) is None


def test_test_images_are_never_looked_at():
    dataset = scene("test")
    assert misreading(answered(dataset, **PLANTED[Form.SHARES]), dataset) is None


def test_training_images_serve_where_there_are_no_valid_ones():
    dataset = scene("train")
    found = misreading(answered(dataset, **PLANTED[Form.SHARES]), dataset)
    assert found is not None
    assert found.form is Form.SHARES


def test_answers_everywhere_meet_no_more_than_the_best_ones():
    dataset = scene("valid")
    plain = answered(dataset, **PLANTED[Form.SHARES])
    grid = np.stack(np.meshgrid(np.arange(0, W, 8), np.arange(0, H, 8)), axis=-1).reshape(-1, 2)
    many = np.tile(np.concatenate([grid, grid + 10], axis=1), (len(dataset.images), 1)).astype(float)
    image = np.repeat(np.arange(len(dataset.images)), len(grid))
    noisy = Predictions(
        plain.answered,
        np.concatenate([plain.image, image]).astype(np.int32),
        np.concatenate([plain.label, np.zeros(len(image))]).astype(np.int32),
        np.concatenate([plain.score, np.full(len(image), 0.05)]),
        np.concatenate([plain.box, many]),
    )
    order = np.argsort(noisy.image, kind="stable")
    sorted_noisy = replace(noisy, **{name: getattr(noisy, name)[order] for name in ("image", "label", "score", "box")})
    found = misreading(sorted_noisy, dataset)
    assert found is not None
    assert found.form is Form.SHARES


@pytest.mark.parametrize("one", HYPOTHESES, ids=lambda one: str(one.form))
def test_every_reading_keeps_the_shapes_of_the_sample(one):
    rng = np.random.default_rng(1)
    low = rng.uniform(0, 20, (6, 2))
    box = np.concatenate([low, low + 5], axis=1)
    sample = Sample(
        size=np.full((2, 2), 40.0),
        answer_image=np.repeat([0, 1], 3),
        answer_label=np.arange(6) % 3,
        answer_box=box,
        truth_image=np.repeat([0, 1], 3),
        truth_label=np.arange(6) % 3,
        truth_box=box,
    )
    changed = one.apply(sample)
    assert changed.answer_box.shape == changed.truth_box.shape == (6, 4)
    assert met_share(sample) == 1.0
    assert met_share(changed) <= 1.0


def test_the_splits_are_as_the_names_say():
    assert scene("valid").images.of(Split.VALID).all()
