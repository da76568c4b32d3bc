import pytest

from vision_readiness.advisor import decide
from vision_readiness.decide.table.project import Answers, a_spec, gathered
from vision_readiness.render.html import page_html
from vision_readiness.testing import StillClock


def reported(evidence):
    return decide(evidence, a_spec(), as_of=StillClock().now())


def test_false_alarms_on_images_without_any_object_are_told_though_nobody_asks_for_them():
    report = reported(gathered(Answers(false_alarms={"pallet": 40}), empty=60))
    figure = report.figures.false_alarms
    assert (figure.n, figure.value) == (60, pytest.approx(1000 * figure.hits / 60))
    assert 0 < figure.lower < figure.value < figure.upper
    assert f"{figure.hits} on 60 images" in page_html(report)


def test_without_such_images_nothing_is_told():
    report = reported(gathered())
    assert report.figures.false_alarms is None
    assert "Images without any object" not in page_html(report)
