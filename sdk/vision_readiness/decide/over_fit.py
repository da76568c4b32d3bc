"""Memorised training data: the figures on training images beside those on images that the model never saw."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from vision_readiness.decide.regression import counts_by_group
from vision_readiness.evaluate.figures import Figures, scope_of
from vision_readiness.evaluate.paired import rate_change
from vision_readiness.evidence.split_fit import SplitFit
from vision_readiness.project import Split

if TYPE_CHECKING:
    from vision_readiness.decide.assess import Assessment
    from vision_readiness.decide.regression import Counts


def split_fits(assessment: Assessment) -> tuple[SplitFit, ...]:
    """Recall and precision of each class on train, valid and test, all at the thresholds that test is judged at.

    Empty unless the model was asked about training images. Nothing here decides a requirement.
    """
    model, figures = assessment.model, assessment.figures
    if model.on_train is None:
        return ()
    learnt = Figures.at(model.on_train, figures.point, figures.group)
    return tuple(_rows(assessment, learnt, figures))


def _rows(assessment: Assessment, learnt: Figures, figures: Figures) -> Iterator[SplitFit]:
    evidence, policy = assessment.evidence, assessment.policy
    seen = scope_of(learnt.matches, evidence.images.of(Split.TRAIN))
    valid, test = (scope_of(figures.matches, evidence.judged(split)) for split in (Split.VALID, Split.TEST))
    for place, label in enumerate(evidence.dataset.classes):
        for metric in ("recall", "precision"):
            recall = metric == "recall"
            train, chosen, judged = (
                counts_by_group(one, scope, place, recall=recall)
                for one, scope in ((learnt, seen), (figures, valid), (figures, test))
            )
            change = rate_change(train, judged, alpha=policy.alpha)
            enough = min(_groups(train), _groups(judged)) >= policy.min_groups
            yield SplitFit(
                label,
                metric,
                train=_rate(train),
                valid=_rate(chosen),
                test=_rate(judged),
                train_n=int(train[1].sum()),
                valid_n=int(chosen[1].sum()),
                test_n=int(judged[1].sum()),
                gap=change.change,
                lower=change.lower if enough else None,
                upper=change.upper if enough else None,
                limit=policy.max_train_gap,
            )


def _rate(counts: Counts) -> float | None:
    hits, trials = counts
    return float(hits.sum() / trials.sum()) if trials.sum() else None


def _groups(counts: Counts) -> int:
    return int(np.count_nonzero(counts[1]))
