from dataclasses import replace

from tests.sdk.render.parts import FINDINGS
from tests.sdk.render.reports import blocked, but
from vision_readiness.evaluate.costs import CostlyImage
from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.publish.fix_queue import fix_queue

BOX = (0.0, 0.0, 1.0, 1.0)


def of(findings=(), examples=(), costly=()):
    return fix_queue(but(blocked(), findings=findings, examples=examples, costly_images=costly))


def test_an_image_is_queued_once_with_all_that_is_wrong_with_it():
    (row,) = of(
        [replace(FINDINGS[0], code="LABEL203", examples=("test/a.jpg",))],
        [FailureExample("test/a.jpg", FailureKind.MISSED, "person", BOX)],
        [CostlyImage("test/a.jpg", 1, 2, 0)],
    )
    assert row.tags == (
        "vision-readiness",
        "vision-readiness-LABEL203",
        "vision-readiness-false-alarm",
        "vision-readiness-missed",
    )
    assert row.why.split("; ")[1:] == ["missed `person`", "2 answered where nothing is"]


def test_images_come_in_the_order_of_findings_examples_and_costs():
    confused = FailureExample("test/b.png", FailureKind.CONFUSED, "box", BOX, answered="crate")
    alarm = FailureExample("test/c.jpg", FailureKind.FALSE_ALARM, "box", BOX)
    rows = of([replace(FINDINGS[0], code="SPLIT304", examples=("test/z.jpg ~ valid/y.jpg",))], [confused, alarm])
    assert [row.image for row in rows] == ["test/z.jpg", "valid/y.jpg", "test/b.png", "test/c.jpg"]
    assert [row.why for row in rows[2:]] == ["`box` taken for `crate`", "false alarm `box`"]
    assert [row.image for row in of(costly=[CostlyImage("a.jpg", 0, 0, 3)])] == ["a.jpg"]


def test_an_example_that_is_no_image_is_passed_over_and_long_words_are_cut():
    assert of([replace(FINDINGS[0], code="LABEL201", examples=("annotation 7 is on image 9", "person"))]) == ()
    (row,) = of(examples=[FailureExample("a.jpg", FailureKind.MISSED, "x" * 900 + "\n\x1b[31m", BOX)])
    assert len(row.why) == 500
    assert "\x1b" not in row.why
