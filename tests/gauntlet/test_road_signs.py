"""Toy road signs along one fixed track, in YOLO's layout."""

import json

import pytest

from tests.command_line import run

pytestmark = pytest.mark.real_data

NAMES = ["tunnel", "Speedlimit_50", "Speedlimit_100", "intersection", "parking"]
NAMES += ["right", "left", "construction", "stop", "traffic_light"]


@pytest.fixture(scope="module")
def perfect(real_data, tmp_path_factory):
    """Every truth of val and test, answered exactly."""
    root = real_data / "road-signs" / "dataset_split"
    rows = []
    for split in ("val", "test"):
        for sheet in sorted((root / split / "labels").glob("*.txt")):
            for line in sheet.read_text().splitlines():
                label, x, y, width, height = line.split()
                x, y, width, height = (float(x) * 320, float(y) * 240, float(width) * 320, float(height) * 240)
                box = [x - width / 2, y - height / 2, width, height]
                image = f"{split}/images/{sheet.stem}.jpg"
                rows.append({"image_id": image, "category_id": NAMES[int(label)], "bbox": box, "score": 0.9})
    path = tmp_path_factory.mktemp("signs") / "perfect.json"
    path.write_text(json.dumps(rows))
    return path


@pytest.fixture(scope="module")
def checked(real_data, perfect):
    source = real_data / "road-signs" / "dataset_split"
    return run("check", source, "--predictions", perfect, "--format=json")


def test_signs_are_counted_by_split(checked):
    splits = {row["split"]: row for row in checked.report["data"]["splits"]}
    assert {name: row["images"] for name, row in splits.items()} == {"train": 350, "valid": 100, "test": 50}
    assert sum(sum(row["objects"].values()) for row in splits.values()) == 522
    assert [one["label"] for one in checked.report["figures"]["classes"]] == NAMES


def test_one_fixed_scene_is_reported_as_such_and_not_as_copies(checked):
    scene = [one for one in checked.report["findings"] if one["code"] == "SPLIT303"]
    assert {one["subject"]: one["of"] for one in scene} == {"valid": 100, "test": 50}
    assert sum(one["measured"] for one in scene) == pytest.approx(107, abs=2)
    assert all("one fixed scene" in one["sentence"] for one in scene)
    assert "DATA105" not in {one["code"] for one in checked.report["findings"]}


def test_even_perfect_answers_on_a_handful_of_each_sign_prove_nothing(checked):
    report = checked.report
    assert (checked.code, report["readiness_state"], report["blocked_by"]) == (3, "blocked", "evidence")
    rates = [one for one in report["requirements"] if one["requirement"]["metric"] == "recall"]
    assert {one["measured"] for one in rates} == {1.0}
    assert {one["outcome"] for one in rates} == {"inconclusive"}
    assert all(one["more"] > 0 for one in rates)
    assert report["plan"]["capture"]


def test_the_export_as_it_came_is_known_by_its_roboflow_name(real_data):
    ran = run("scan", real_data / "road-signs" / "dataset_original", "--format=json")
    assert "turtlebot-signs/rav/9" in ran.err
    assert json.loads(ran.out)["subject"]["version"] == 9
