"""Blood cells made darker, brighter and blurred: what is predicted on some images holds on others."""

from __future__ import annotations

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
OTHERS = (0.7, 1.8, 2.9, 3.8, 4.8)
"""Severities that the prediction never saw."""
LOSSES = ("RBC darker", "RBC brighter", "RBC blur", "Platelets darker", "Platelets brighter", "Platelets blur")
POLICY = Policy(min_groups=10)
IMAGES = 48


class Bench:
    """The model and the data set, with one threshold for every class."""

    def __init__(self, folder):
        source = Advisor.connect(str(folder / "bccd")).source
        version = source.version()
        self.dataset, self.images = version.dataset, source.images
        self.model = open_onnx(str(folder / "bccd-models" / "final.onnx"), version=version, threads=1)
        scores = np.full(len(self.dataset.classes), 0.45)
        self.point = OperatingPoint(scores[None], np.zeros(len(self.dataset.images), np.int8), scores, ("spec",) * 3)

    def stressed(self, rows, severities) -> StressFacts:
        return stress(self.model, self.dataset, self.images, rows, shifts=TRIED, severities=severities, progress=silent)

    def figures(self, facts):
        return StressFigures.at(facts, self.point, self.dataset.classes, self.dataset.images.source)

    def breaks(self, facts, requirement, shift):
        found = breaking_points(self.figures(facts), [requirement], self.dataset.images, POLICY)
        return next(one for one in found if one.curve.shift == shift)


@pytest.fixture(scope="module")
def bench(real_data):
    return Bench(real_data)


@pytest.fixture(scope="module")
def halves(bench):
    """24 test images for the prediction, and 24 others for the sweep at other severities."""
    rows = np.flatnonzero(bench.dataset.images.of(Split.TEST))[:IMAGES]
    return bench.stressed(rows[::2], (1, 2, 3, 4, 5)), bench.stressed(rows[1::2], OTHERS)


@pytest.fixture(scope="module", params=LOSSES)
def prediction(bench, halves, request):
    """A requirement half-way between the recall of the images as they are and at the worst, and where it breaks."""
    label, shift = request.param.split()
    curves = bench.figures(halves[0]).curves(Metric.RECALL, label)
    points = next(curve.points for curve in curves if curve.shift == shift)
    limit = (points[0].bounds.rate + points[-1].bounds.rate) / 2
    return bench.breaks(halves[0], Requirement(metric=Metric.RECALL, limit=limit, label=label), shift)


def test_the_predicted_break_agrees_with_a_direct_sweep_within_one_step(bench, halves, prediction):
    swept = bench.breaks(halves[1], prediction.requirement, prediction.curve.shift)
    assert prediction.breaks is not None
    assert swept.breaks is not None
    assert swept.breaks.severity == pytest.approx(prediction.breaks.severity, abs=1.0)


def test_the_break_lies_in_its_interval_and_beyond_every_image_of_this_laboratory(prediction):
    assert prediction.unproven.severity <= prediction.breaks.severity
    assert prediction.fails is None or prediction.breaks.severity <= prediction.fails.severity
    assert prediction.room > 0
    assert prediction.beyond == 0


def test_what_is_measured_goes_one_way_and_brightness_strictly(bench, halves):
    for facts in halves:
        darker, brighter, blur = bench.figures(facts).curves(Metric.RECALL, "RBC")
        seen = [np.diff([point.quantity for point in curve.points]) for curve in (darker, brighter, blur)]
        assert (seen[0] < 0).all()
        assert (seen[1] > 0).all()
        assert (seen[2] <= 0).all()
        assert (seen[2][:3] < 0).all()


def test_the_order_of_the_images_and_the_workers_change_nothing(bench):
    rows = np.flatnonzero(bench.dataset.images.of(Split.TEST))[:3]
    chancy = [shift for shift in SHIFTS if shift.name in ("noise", "motion")]
    first, second = (
        stress(
            bench.model,
            bench.dataset,
            bench.images,
            order,
            shifts=chancy,
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
