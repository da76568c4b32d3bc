"""One tiny person in each drone frame: a segmentation export, judged through masks."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.command_line import run
from tests.sdk.evaluate.coco_sets import judged_by_pycocotools
from vision_readiness.advisor import Advisor
from vision_readiness_adapters.predictions_file import read_predictions

pytestmark = pytest.mark.real_data


def answers(export, *, shift=0.0, jitter=0.0):
    """The truths of valid and test, each mask moved by ``shift`` pixels and a little at random; boxes stay."""
    rng = np.random.default_rng(0)
    rows = []
    for split in ("valid", "test"):
        document = json.loads((export / split / "_annotations.coco.json").read_text())
        names = {image["id"]: image["file_name"] for image in document["images"]}
        for truth in document["annotations"]:
            moved = [
                (np.array(ring).reshape(-1, 2) + shift + rng.normal(0, jitter, 2)).clip(0, 640).ravel().tolist()
                for ring in truth["segmentation"]
            ]
            rows.append(
                {
                    "image_id": f"{split}/{names[truth['image_id']]}",
                    "category_id": "person",
                    "bbox": truth["bbox"],
                    "segmentation": moved,
                    "score": float(rng.uniform(0.3, 0.99)),
                }
            )
    return rows


@pytest.fixture(scope="module")
def jittered(real_data, tmp_path_factory):
    path = tmp_path_factory.mktemp("river") / "masks.json"
    path.write_text(json.dumps(answers(real_data / "person-river", jitter=1.0)))
    return path


@pytest.fixture(scope="module")
def checked(real_data, jittered):
    return run("check", real_data / "person-river", "--predictions", jittered, "--format=json")


def test_few_test_images_are_not_proven(checked):
    report = checked.report
    assert (checked.code, report["readiness_state"], report["blocked_by"]) == (3, "blocked", "evidence")
    assert report["data"]["task"] == "instance-segmentation"
    assert {"SPLIT303", "SPLIT305", "LABEL204", "DATA104"} <= {one["code"] for one in report["findings"]}


def test_versions_of_a_source_are_counted_once(checked):
    splits = {row["split"]: (row["images"], row["sources"]) for row in checked.report["data"]["splits"]}
    assert splits == {"train": (515, 172), "valid": (49, 49), "test": (25, 25)}


def test_the_placeholder_category_of_the_same_name_is_no_class(checked):
    assert [one["label"] for one in checked.report["figures"]["classes"]] == ["person"]
    assert not {one["code"] for one in checked.report["findings"]} & {"LABEL205", "LABEL211", "DATA103"}


def test_average_precision_of_masks_is_that_of_pycocotools(checked, jittered, real_data):
    version = Advisor.connect(str(real_data / "person-river")).source.version()
    predictions = read_predictions(jittered, version.dataset)
    test = version.dataset.images.of("test")
    rows = test[predictions.image]
    only = replace(
        predictions,
        answered=test,
        image=predictions.image[rows],
        label=predictions.label[rows],
        score=predictions.score[rows],
        box=predictions.box[rows],
        masks=predictions.masks.take(np.flatnonzero(rows)),
    )
    table, mean = judged_by_pycocotools(version.dataset, only)
    (person,) = checked.report["figures"]["classes"]
    assert 0.2 < mean < 0.95
    assert person["ap"]["value"] == pytest.approx(mean, abs=1e-12)
    assert person["ap50"]["value"] == pytest.approx(table[0, 0], abs=1e-12)


def test_a_right_box_with_a_wrong_mask_finds_nothing(real_data, tmp_path):
    (tmp_path / "beside.json").write_text(json.dumps(answers(real_data / "person-river", shift=-30.0)))
    ran = run("check", real_data / "person-river", "--predictions", tmp_path / "beside.json", "--format=json")
    (person,) = ran.report["figures"]["classes"]
    assert person["recall"]["value"] == 0.0
