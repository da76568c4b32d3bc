from __future__ import annotations

import numpy as np
import pytest

from tests.sdk.evaluate.coco_sets import made
from tests.sdk.evaluate.test_slice_costs import halves
from vision_readiness.evaluate.coco_figures import coco_figures
from vision_readiness.evaluate.figures import Figures, scope_of
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.operating import OperatingPoint
from vision_readiness.evaluate.slice_figures import slice_figures

IMAGES = 60


def figures_of(seed, images=None):
    made_set = made(seed, images=IMAGES, crowd=True)
    matches = match(made_set.dataset, made_set.predictions)
    if images is not None:
        matches = matches.within(images)
    half = np.full(len(matches.classes), 0.5)
    point = OperatingPoint(half[None], np.zeros(IMAGES, np.int8), half, ("spec",) * len(half))
    figures = Figures.at(matches, point, made_set.dataset.images.source)
    return figures, scope_of(matches, matches.answered)


def mean_of(rows, name):
    known = [getattr(row, name) for row in rows if getattr(row, name) is not None]
    return sum(known) / len(known) if known else None


@pytest.mark.parametrize("seed", range(5))
def test_the_mean_over_classes_is_cocos_own_figure(seed):
    figures, scope = figures_of(seed)
    rows = list(slice_figures(figures, scope, {}))
    coco = coco_figures(figures.matches)
    for level, ends in (("all", ""), ("small", "_small"), ("medium", "_medium"), ("large", "_large")):
        of_level = [row for row in rows if row.level == level]
        assert mean_of(of_level, "ap") == pytest.approx(coco[f"ap{ends}"], abs=1e-12)
        assert mean_of(of_level, "ar") == pytest.approx(coco[f"ar{ends or '_100'}"], abs=1e-12)
    whole = [row for row in rows if row.level == "all"]
    assert mean_of(whole, "ap50") == pytest.approx(coco["ap50"], abs=1e-12)
    assert mean_of(whole, "ap75") == pytest.approx(coco["ap75"], abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_a_level_has_the_figures_of_its_images_alone(seed):
    conditions = halves(IMAGES)
    figures, scope = figures_of(seed)
    rows = {(row.label, row.level): row for row in slice_figures(figures, scope, conditions)}
    for level, members in conditions["half"].members.items():
        for alone in slice_figures(*figures_of(seed, members), {}):
            if alone.level == "all":
                row = rows[alone.label, level]
                for name in ("images", "truths", "recall", "precision", "f1", "ap", "ap50", "ap75", "ar"):
                    assert getattr(row, name) == pytest.approx(getattr(alone, name), abs=1e-12), name


def test_f1_is_the_harmonic_mean_of_both_rates_and_nothing_without_them():
    figures, scope = figures_of(0)
    for row in slice_figures(figures, scope, halves(IMAGES)):
        if row.recall is None or row.precision is None:
            assert row.f1 is None
        elif row.recall and row.precision:
            assert row.f1 == pytest.approx(2 / (1 / row.recall + 1 / row.precision))
        else:
            assert row.f1 == 0.0
