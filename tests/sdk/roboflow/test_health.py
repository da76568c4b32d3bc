from __future__ import annotations

import pytest

from tests.sdk.roboflow.scripted import EVERY_CALL, answer
from vision_readiness.roboflow.errors import UnreadableAnswerError

DOCUMENTED = {"health": True, "stats": {
    "numImages": 100, "numAnnotations": 386, "missingAnnotations": 3,
    "nullAnnotations": 1, "classDistribution": {"head": 90, "helmet": 287}}}  # fmt: skip
SEEN = {"generated": 1630335698746, "version": 3, "stats": {
    "images": 100, "labels": "386", "unannotated": 3, "empty": 1,
    "classes": [{"name": "helmet", "count": 287, "percent": "100.0"},
                {"name": "head", "count": 90, "percent": "31.4", "description": "Under Represented"}]}}  # fmt: skip


def test_both_published_shapes_say_the_same():
    documented, seen = (EVERY_CALL["health"].value(answer(body)) for body in (DOCUMENTED, SEEN))
    for field in ("images", "labels", "unannotated", "empty"):
        assert getattr(documented, field) == getattr(seen, field)
    assert {row.name: row.count for row in documented.classes} == {row.name: row.count for row in seen.classes}
    assert (documented.published_shape, seen.published_shape) == (True, False)


def test_health_is_of_the_project_and_its_schema_number_is_no_version():
    found = EVERY_CALL["health"].value(answer(SEEN))
    assert found.scope == "project"
    assert not hasattr(found, "version")
    assert found.classes[1].verdict == "Under Represented"


@pytest.mark.parametrize("body", [{}, {"health": False}, None, []])
def test_an_answer_without_figures_is_none(body):
    with pytest.raises(UnreadableAnswerError):
        EVERY_CALL["health"].value(answer(body))
