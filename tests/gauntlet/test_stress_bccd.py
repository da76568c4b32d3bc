"""Blood cells made darker, brighter and blurred: what is predicted on some images holds on others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vision_readiness.advisor import Advisor
from vision_readiness.evaluate.operating import OperatingPoint
from vision_readiness.policy import Policy
from vision_readiness.project import Split
from vision_readiness.requirement import Metric, Requirement
from vision_readiness.stress.breaking import breaking_points
from vision_readiness.stress.curves import StressFigures
from vision_readiness.stress.facts import StressFacts
from vision_readiness.stress.run import stress
from vision_readiness.stress.shifts import SHIFTS
from vision_readiness.testing import silent
from vision_readiness_adapters.onnx_model import open_onnx

pytestmark = pytest.mark.real_data

TRIED = tuple(shift for shift in SHIFTS if shift.name in ("darker", "brighter", "blur"))
OTHERS = (0.6, 1.7, 2.4, 3.3, 3.9, 4.6)
"""Severities that the prediction never saw."""
POLICY = Policy(min_groups=10)
ASKED = (
    Requirement(Metric.RECALL, 0.55, label="RBC"),
    Requirement(Metric.RECALL, 0.70, label="WBC"),
    Requirement(Metric.PRECISION, 0.70, label="WBC"),
)


class Bench:
    """The model and the data set, with thresholds of one half for every class."""

    def __init__(self, folder):
        source = Advisor.connect(str(folder / "bccd")).source
        version = source.version()
        self.dataset, self.images = version.dataset, source.images
        self.model = open_onnx(str(folder / "bccd-models" / "final.onnx"), version=version, threads=1)
        half = np.full(len(self.dataset.classes), 0.3)
        self.point = OperatingPoint(half[None], np.zeros(len(self.dataset.images), np.int8), half, ("spec",) * 3)

    def stressed(self, rows, severities) -> StressFacts:
        return stress(self.model, self.dataset, self.images, rows, shifts=TRIED, severities=severities, progress=silent)

    def breaks(self, facts, requirements=ASKED):
        figures = StressFigures.at(facts, self.point, self.dataset.classes, self.dataset.images.source)
        found = breaking_points(figures, requirements, self.dataset.images, POLICY)
        return {(one.requirement, one.curve.shift): one for one in found}


@pytest.fixture(scope="module")
def bench(real_data):
    return Bench(real_data)


@pytest.fixture(scope="module")
def halves(bench):
    """24 test images for the prediction, and 24 others for the sweep at other severities."""
    rows = np.flatnonzero(bench.dataset.images.of(Split.TEST))
    return (bench.stressed(rows[:48:2], (1, 2, 3, 4, 5)), bench.stressed(rows[1:48:2], OTHERS))


def test_the_predicted_break_agrees_with_a_direct_sweep_within_one_step(bench, halves):
    predicted, swept = map(bench.breaks, halves)
    compared = []
    for key, prediction in predicted.items():
        if prediction.breaks is None or prediction.breaks.severity == 0:
            continue
        direct = swept[key].breaks
        assert direct is not None, prediction.because
        assert direct.severity == pytest.approx(prediction.breaks.severity, abs=1.0), prediction.because
        compared.append(key[1])
    assert {"darker", "brighter", "blur"} <= set(compared)


def test_the_break_lies_in_its_interval_and_beyond_every_image_of_this_laboratory(bench, halves):
    for point in bench.breaks(halves[0]).values():
        if point.breaks is None or point.curve.shift != "darker":
            continue
        assert point.unproven.severity <= point.breaks.severity
        assert point.room > 0
        assert point.beyond == 0


def test_brightness_and_sharpness_go_one_way(halves):
    for facts in halves:
        for shift, sign in zip(facts.shifts, (-1, 1, -1), strict=True):
            middle = np.nanmedian(shift.measured, axis=1)
            assert (sign * np.diff(middle) > 0).all(), shift.name


def test_the_order_of_the_images_and_the_workers_change_nothing(bench):
    rows = np.flatnonzero(bench.dataset.images.of(Split.TEST))[:3]
    noise = [replace(shift) for shift in SHIFTS if shift.name in ("noise", "motion")]
    first, second = (
        stress(
            bench.model,
            bench.dataset,
            bench.images,
            order,
            shifts=noise,
            severities=(2.5,),
            progress=silent,
            workers=workers,
        )
        for order, workers in ((rows, 1), (rows[::-1], 3))
    )
    for table in ("answers", "truths"):
        one, other = getattr(first, table), getattr(second, table)
        assert all(
            np.array_equal(getattr(one, column), getattr(other, column))
            for column in ("step", "image", "label", "score")
        )
