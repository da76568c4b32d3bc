"""Classification figures against scikit-learn's, on labels and scores made at random."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import average_precision_score, confusion_matrix, precision_recall_fscore_support

from tests.sdk.evaluate.test_figures import laid_out
from vision_readiness.evaluate.average_precision import average_precision
from vision_readiness.evaluate.calibration import calibration
from vision_readiness.project import Predictions, Task
from vision_readiness.testing import a_dataset

TOLERANCE = 1e-12
"""Both compute in float64; only the order of sums differs."""
CLASSES = ("ant", "bee", "cat", "dog")


def classified(seed, task, *, images=120, ties=False):
    """A data set with the truth and the scores as scikit-learn takes them, both of shape (images, classes)."""
    rng = np.random.default_rng(seed)
    single = task is Task.CLASSIFICATION
    label = rng.integers(0, len(CLASSES), images)
    truth = np.eye(len(CLASSES), dtype=bool)[label] if single else rng.random((images, len(CLASSES))) < 0.35
    score = np.clip(rng.normal(0.35 + 0.25 * truth, 0.2), 0.01, 0.99)
    if ties:
        score = np.round(score, 1)
    if single:  # the top answer has to be one
        score += rng.permuted(np.tile(np.arange(len(CLASSES)) * 1e-4, (images, 1)), axis=1)
    labels = {f"test/{n:03d}.jpg": [CLASSES[at] for at in np.flatnonzero(row)] for n, row in enumerate(truth)}
    dataset = a_dataset(labels, task=task, classes=CLASSES)
    image = np.repeat(np.arange(images, dtype=np.int32), len(CLASSES))
    place = np.tile(np.arange(len(CLASSES), dtype=np.int32), images)
    predictions = Predictions(np.ones(images, bool), image, place, score.ravel(), np.zeros((len(image), 4)))
    return dataset, predictions, truth, score


@pytest.mark.parametrize("ties", [False, True], ids=["apart", "ties"])
@pytest.mark.parametrize("task", [Task.CLASSIFICATION, Task.MULTILABEL])
def test_average_precision_is_that_of_scikit_learn(task, ties):
    for seed in range(25):
        dataset, predictions, truth, score = classified(seed, task, ties=ties)
        figures, _ = laid_out(dataset, predictions)
        ours = average_precision(figures.matches, dataset.images.source, replicates=0)
        theirs = average_precision_score(truth, score, average=None)
        np.testing.assert_allclose(ours.value[:, 0], theirs, rtol=0, atol=TOLERANCE, err_msg=f"seed {seed}")
        mean = average_precision_score(truth, score, average="macro")
        assert ours.mean() == pytest.approx(mean, abs=TOLERANCE), seed


def test_the_figures_of_a_single_label_are_those_of_scikit_learn():
    for seed in range(25):
        dataset, predictions, truth, score = classified(seed, Task.CLASSIFICATION)
        figures, scope = laid_out(dataset, predictions)
        real, given = truth.argmax(axis=1), score.argmax(axis=1)
        precision, recall, _, support = precision_recall_fscore_support(real, given, labels=range(len(CLASSES)))
        for place in range(len(CLASSES)):
            assert figures.recall(place, scope).rate == pytest.approx(recall[place], abs=TOLERANCE), seed
            assert figures.precision(place, scope).rate == pytest.approx(precision[place], abs=TOLERANCE), seed
            assert figures.recall(place, scope).trials == support[place], seed
        theirs = confusion_matrix(real, given, labels=range(len(CLASSES)))
        np.testing.assert_array_equal(figures.confusion(scope)[:-1, :-1], theirs, err_msg=f"seed {seed}")


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7])
def test_the_figures_of_many_labels_are_those_of_scikit_learn_at_a_threshold(threshold):
    for seed in range(10):
        dataset, predictions, truth, score = classified(seed, Task.MULTILABEL)
        figures, scope = laid_out(dataset, predictions, threshold=threshold)
        precision, recall, _, _ = precision_recall_fscore_support(truth, score >= threshold)
        for place in range(len(CLASSES)):
            assert figures.recall(place, scope).rate == pytest.approx(recall[place], abs=TOLERANCE), seed
            assert figures.precision(place, scope).rate == pytest.approx(precision[place], abs=TOLERANCE), seed


def test_the_bins_of_a_calibration_are_those_of_scikit_learn():
    for seed in range(10):
        dataset, predictions, truth, score = classified(seed, Task.MULTILABEL)
        figures, scope = laid_out(dataset, predictions, threshold=0.0)
        for place in range(len(CLASSES)):
            bins = tuple(calibration(figures, scope, place))
            right, said = calibration_curve(truth[:, place], score[:, place], n_bins=10)
            shares = [one.right / one.answers for one in bins]
            assert shares == pytest.approx(right.tolist(), abs=TOLERANCE), seed
            assert [one.mean_score for one in bins] == pytest.approx(said.tolist(), abs=TOLERANCE), seed
