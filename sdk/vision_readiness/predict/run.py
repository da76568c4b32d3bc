"""A model run over a data set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision_readiness.errors import ModelError, SourceError
from vision_readiness.ports import Images, Progress
from vision_readiness.predict.interface import Answer, Model, RuntimeFailure
from vision_readiness.predict.picture import decode
from vision_readiness.project import Dataset, Predictions
from vision_readiness.project.class_names import as_known
from vision_readiness.project.masks import Masks

SCORE_PLACES = 6
"""The decimal places that a score is kept with."""


@dataclass(frozen=True, slots=True)
class FailedImage:
    """An image that the model was not asked about or did not answer, and why."""

    image: str
    because: str


@dataclass(frozen=True, slots=True, eq=False)
class PredictionRun:
    """What a model answered, and the images it could not be asked about: these are not ``answered``."""

    predictions: Predictions
    failures: tuple[FailedImage, ...] = ()


def predict_dataset(
    model: Model,
    dataset: Dataset,
    images: Images,
    rows: NDArray[np.integer],
    progress: Progress,
    *,
    workers: int = 1,
) -> PredictionRun:
    """The answers of ``model`` to the images at ``rows`` of the data set, its classes matched by name.

    Every image is read and decoded once, upright by its EXIF orientation. An image that fails is named and counts as
    not answered. The result is the same for any number of ``workers`` (threads). Raises ``ModelError`` when every
    image fails.
    """
    keys = [dataset.images.key[row] for row in rows]
    ask = partial(_ask, model, images)
    with ThreadPoolExecutor(max(1, workers)) as pool:
        results = [
            result for _, result in zip(progress.track(keys, "running the model"), pool.map(ask, keys), strict=True)
        ]
    failures = tuple(
        FailedImage(key, result) for key, result in zip(keys, results, strict=True) if isinstance(result, str)
    )
    if failures and len(failures) == len(keys):
        raise ModelError(f"{model.card.name} answered none of {len(keys)} images; the first: {failures[0].because}")
    found = {int(row): result for row, result in zip(rows, results, strict=True) if isinstance(result, Answer)}
    return PredictionRun(answer_table(found, dataset, model.card.classes), failures)


def _ask(model: Model, images: Images, key: str) -> Answer | str:
    """The answer, or why there is none."""
    try:
        return model.predict(decode(images.read(key)))
    except (SourceError, RuntimeFailure) as error:
        return str(error)


def answer_table(found: Mapping[int, Answer], dataset: Dataset, classes: Sequence[str]) -> Predictions:
    """One table of the answers to the images at some rows, by row, without those of a class that the data set lacks.

    A class that an export would write as one of the data set's is that one.
    Scores are rounded to 1e-6: beyond it machines differ, and nobody sets a threshold finer.
    """
    number = {name: label for label, name in enumerate(dataset.classes)}
    to_dataset = np.array([number.get(name, -1) for name in as_known(classes, dataset.classes)], dtype=np.int32)
    order = sorted(found)
    answers = [found[row] for row in order]
    answered = np.zeros(len(dataset.images), dtype=bool)
    answered[order] = True
    image = np.repeat(np.array(order, dtype=np.int32), [len(answer.label) for answer in answers])
    label = to_dataset[_joined((answer.label for answer in answers), (0,), np.int32)]
    score = _joined((answer.score for answer in answers), (0,), np.float64).round(SCORE_PLACES)
    box = _joined((answer.box for answer in answers), (0, 4), np.float64)
    masks = Masks.joined([answer.masks for answer in answers])
    known = label >= 0
    if masks is not None and not known.all():
        masks = masks.take(np.flatnonzero(known))
    return Predictions(answered, image[known], label[known], score[known], box[known], masks)


def _joined(columns: Iterable[NDArray[Any]], empty: tuple[int, ...], dtype: type[np.generic]) -> NDArray[Any]:
    joined: NDArray[Any] = np.concatenate([np.zeros(empty, dtype), *columns]).astype(dtype)
    return joined
