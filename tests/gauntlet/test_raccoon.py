"""Raccoons in Pascal VOC, without any split."""

import pytest

from tests.command_line import run
from vision_readiness_adapters.export_folder import ExportFolder

pytestmark = pytest.mark.real_data

COPIES = {("11", "116"), ("83", "120"), ("65", "98"), ("52", "74")}


@pytest.fixture(scope="module")
def checked(real_data):
    return run("check", real_data / "raccoon", "--format=json")


def findings(checked):
    return {one["code"]: one for one in checked.report["findings"]}


def test_without_test_images_or_a_model_nothing_is_proven(checked):
    assert (checked.code, checked.report["readiness_state"], checked.report["blocked_by"]) == (3, "blocked", "evidence")
    assert {"SPLIT301", "SPLIT304"} <= set(findings(checked))
    assert checked.report["headline"] == "There is no model to judge."
    assert checked.report["next_action"]["action"] == "train"


def test_every_raccoon_is_counted(checked):
    (train,) = checked.report["data"]["splits"]
    assert (train["images"], train["objects"]) == (200, {"raccoon": 217})


def test_the_raccoons_that_the_edge_cuts_are_known_as_annotated(real_data):
    marks = ExportFolder(real_data / "raccoon").version().dataset.objects.marks
    assert {mark: int(marked.sum()) for mark, marked in marks.items()} == {"truncated": 59}


def test_the_exact_copies_are_named(checked):
    copies = findings(checked)["DATA105"]
    named = {
        frozenset(part.rpartition("raccoon-")[2].removesuffix(".jpg") for part in pair.split(" = "))
        for pair in copies["examples"]
    }
    assert named == {frozenset(pair) for pair in COPIES}
    assert copies["measured"] == 4


def test_the_box_over_the_whole_image_is_found(checked):
    assert findings(checked)["LABEL208"]["measured"] == 1


def test_that_there_is_no_split_is_announced(checked):
    assert any("no train, valid and test split" in line for line in checked.report["data"]["announcements"])
    assert "no train, valid and test split" in checked.err
