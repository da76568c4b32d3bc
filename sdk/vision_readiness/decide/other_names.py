"""Classes that a model and the data set call by other names."""

from __future__ import annotations

import numpy as np

from vision_readiness.evidence import ModelEvidence
from vision_readiness.predict.precedence import DATASET
from vision_readiness.project.class_names import as_known


def other_names(model: ModelEvidence, classes: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labelled classes that the model does not know or never answered, and its classes that the data set lacks.

    A model that names its own classes knows those, answered or not; nobody can say so of one that is out of reach.
    """
    card, matches = model.card, model.matches
    own = as_known(card.classes, classes)
    said = () if card.origins.get("classes") == DATASET else own
    answered, labelled = (
        np.bincount(table.label, minlength=len(classes)) for table in (matches.answers, matches.truths)
    )
    silent = (
        label
        for label, answers, truths in zip(classes, answered, labelled, strict=True)
        if truths and not answers and label not in said
    )
    return tuple(silent), tuple(label for label, known in zip(card.classes, own, strict=True) if known not in classes)
