"""Clothing in a folder for each class, with a classifier that is known to be weak on some."""

import pytest

from tests.command_line import run

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def checked(real_data):
    model = real_data / "clothing-model" / "classifier.onnx"
    return run("check", real_data / "clothing", "--model", model, "--calls=60", "--format=json")


def of_class(checked, label):
    (found,) = (one for one in checked.report["figures"]["classes"] if one["label"] == label)
    return found


def test_the_share_of_right_answers_is_the_one_measured_when_it_was_made(checked):
    confusion = checked.report["errors"]["confusion"]
    right = sum(confusion["matrix"][place][place] for place in range(10))
    assert sum(map(sum, confusion["matrix"])) == 372
    assert 265 <= right <= 266  # the way a picture is shrunk decides one of them
    assert "background" not in confusion["labels"]


def test_weak_classes_are_found_behind_the_average(checked):
    assert (checked.code, checked.report["readiness_state"], checked.report["blocked_by"]) == (1, "blocked", "failure")
    assert of_class(checked, "hat")["recall"]["value"] == pytest.approx(4 / 12, abs=0.09)
    assert of_class(checked, "skirt")["recall"]["value"] == pytest.approx(5 / 12, abs=0.09)


def test_twelve_hats_prove_no_failure_and_no_success(checked):
    hats = [one for one in checked.report["requirements"] if one["requirement"]["label"] == "hat"]
    assert [one["outcome"] for one in hats] == ["inconclusive", "inconclusive"]


def test_another_mix_of_classes_in_test_than_in_train_can_be_seen(checked):
    splits = {row["split"]: row["objects"] for row in checked.report["data"]["splits"]}
    shares = {
        split: {label: round(100 * n / sum(objects.values()), 1) for label, n in objects.items()}
        for split, objects in splits.items()
    }
    assert (shares["train"]["shoes"], shares["test"]["shoes"]) == (6.5, 19.6)
    assert (shares["train"]["t-shirt"], shares["test"]["t-shirt"]) == (25.8, 14.0)


def test_a_classifier_has_no_sizes_and_no_ap50(checked):
    assert "size" not in {cell["condition"] for cell in checked.report["figures"]["coverage"]}
    assert {one["ap50"]["value"] for one in checked.report["figures"]["classes"]} == {None}
