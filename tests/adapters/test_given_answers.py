import hashlib
import json

import pytest

from tests.small_export import perfect_answers, small_export
from vision_readiness.errors import InputError
from vision_readiness.project import Split, VersionId
from vision_readiness_adapters.export_folder import ExportFolder
from vision_readiness_adapters.given_answers import open_predictions


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("given")
    export = small_export(folder / "cells")
    path = folder / "answers.json"
    path.write_text(json.dumps(perfect_answers(export)))
    return path, ExportFolder(export).version()


def test_the_card_names_the_file_and_its_bytes(place):
    path, version = place
    card = open_predictions(path, version=version).card
    assert (card.name, card.digest) == ("answers.json", hashlib.sha256(path.read_bytes()).hexdigest())
    assert card.task is version.dataset.task
    assert card.origins == {"answers": "file"}
    assert card.trained_on is None


def test_all_classes_are_known_unless_said(place):
    path, version = place
    assert open_predictions(path, version=version).card.classes == ("red", "green")
    assert open_predictions(path, version=version, classes=["red"]).card.classes == ("red",)


@pytest.mark.parametrize("trained_on", ["acme/cells/3", VersionId("acme", "cells", 3)])
def test_the_training_version_is_taken_as_text_or_value(place, trained_on):
    path, version = place
    assert open_predictions(path, version=version, trained_on=trained_on).card.trained_on == VersionId(
        "acme", "cells", 3
    )


def test_every_evaluation_image_is_answered(place):
    path, version = place
    predictions = open_predictions(path, version=version).predictions
    images = version.dataset.images
    assert predictions.answered.tolist() == images.of(Split.VALID, Split.TEST).tolist()
    assert len(predictions) == 4 * 5


def test_numbers_are_explained_by_the_export(place, tmp_path):
    _, version = place
    rows = [{"image_id": 0, "category_id": 2, "bbox": [0, 0, 8, 8], "score": 0.5}]
    (tmp_path / "numbers.json").write_text(json.dumps(rows))
    predictions = open_predictions(tmp_path / "numbers.json", version=version).predictions
    assert version.dataset.images.key[predictions.image[0]].startswith("test/test0")
    assert version.dataset.classes[predictions.label[0]] == "green"


def test_a_wrong_row_is_named(place, tmp_path):
    _, version = place
    (tmp_path / "wrong.json").write_text('[{"image_id": "test/none.png", "category_id": "red", "score": 1}]')
    with pytest.raises(InputError, match="row 0 "):
        open_predictions(tmp_path / "wrong.json", version=version)
