"""The answers of people who looked at public data sets, against those of the scan."""

from __future__ import annotations

from functools import cache

import pytest

from vision_readiness.inspect.facts import BoxFault
from vision_readiness.inspect.lookalikes import nearest
from vision_readiness.inspect.scan import scan
from vision_readiness.project import Split
from vision_readiness_adapters.export_folder import ExportFolder

pytestmark = pytest.mark.real_data


@cache
def scanned(folder):
    source = ExportFolder(folder)
    dataset = source.version().dataset
    return dataset, scan(dataset, source.images)


def test_bccd_has_two_boxes_without_area_and_seven_labelled_twice(real_data):
    _, found = scanned(real_data / "bccd")
    facts = found.facts
    zero_area = facts.boxes[BoxFault.ZERO_AREA]
    assert [box.image.split("_jpg")[0] for box in zero_area.examples] == [
        "train/BloodImage_00343",
        "valid/BloodImage_00338",
    ]
    assert set(facts.boxes) == {BoxFault.ZERO_AREA, BoxFault.DUPLICATE}
    twice = facts.boxes[BoxFault.DUPLICATE]
    splits = [box.split for box in twice.examples]
    assert (twice.count, [splits.count(split) for split in Split]) == (7, [4, 2, 1])
    assert (facts.unreadable, facts.wrong_size, facts.duplicates, facts.leaks, facts.lookalikes) == ((),) * 5
    assert found.leak_free.sum() == 159


def test_bccd_is_counted_as_published(real_data):
    facts = scanned(real_data / "bccd")[1].facts
    assert {split: counted.objects for split, counted in facts.splits.items()} == {
        Split.TRAIN: {"Platelets": 209, "RBC": 2382, "WBC": 214},
        Split.VALID: {"Platelets": 83, "RBC": 968, "WBC": 87},
        Split.TEST: {"Platelets": 69, "RBC": 805, "WBC": 71},
    }


def test_person_river_versions_are_counted_once_and_its_neighbour_frames_are_seen(real_data):
    facts = scanned(real_data / "person-river")[1].facts
    assert sum(split.sources for split in facts.splits.values()) == 246
    assert facts.splits[Split.TRAIN].images == 515
    assert facts.boxes[BoxFault.TINY].count == 6
    assert (facts.leaks, facts.duplicates) == ((), ())
    # The 34 pairs across splits are of 24 evaluation images (22 at full size): hashes see a third of the neighbours.
    assert [(fact.split, fact.images, fact.of) for fact in facts.lookalikes] == [
        (Split.VALID, pytest.approx(17, abs=3), 49),
        (Split.TEST, pytest.approx(7, abs=3), 25),
    ]


def test_raccoon_has_four_pairs_of_equal_files_and_three_that_look_alike(real_data):
    dataset, found = scanned(real_data / "raccoon")
    number = {key: key.rsplit("-")[-1].split(".")[0] for key in dataset.images.key}
    assert {tuple(number[key] for key in group.images) for group in found.facts.duplicates} == {
        ("11", "116"),
        ("120", "83"),
        ("52", "74"),
        ("65", "98"),
    }
    dhash, rows = found.features.dhash, range(len(dataset.images))
    alike = set()
    for row in rows:  # one by one, for a data set without splits has no lookalikes of its own
        others = [other for other in rows if found.group[other] != found.group[row]]
        _, twin = nearest(dhash[[row]], dhash[others], found.group[[row]], found.group[others])
        alike |= {frozenset((number[dataset.images.key[row]], number[dataset.images.key[others[at]]])) for at in twin}
    assert {"21", "45"} in alike
    assert {"50", "52"} in alike
    assert found.facts.boxes[BoxFault.HUGE].count == 1


def test_road_signs_is_one_fixed_scene_and_not_a_heap_of_duplicates(real_data):
    facts = scanned(real_data / "road-signs" / "dataset_split")[1].facts
    assert facts.fixed_scene
    # 107 of 150 by hashes of the full-size pictures; those of half-size pictures add one.
    assert sum(fact.images for fact in facts.lookalikes) == pytest.approx(107, abs=2)
    assert not facts.duplicates


def test_clothing_is_clean_and_has_no_boxes_to_look_at(real_data):
    facts = scanned(real_data / "clothing")[1].facts
    assert facts.splits[Split.TEST].objects["shoes"] / facts.splits[Split.TEST].images == pytest.approx(0.196, abs=1e-3)
    assert (facts.unreadable, facts.duplicates, facts.leaks, facts.boxes) == ((), (), (), {})
    assert "crowding" not in facts.conditions
