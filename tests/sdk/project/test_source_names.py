from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.project.source_names import number_sources, source_name


def test_copies_of_one_source_share_a_name_across_splits_and_image_folders():
    names = {
        source_name(f"{place}dock_7_jpg.rf.{code}.jpg")
        for place, code in (
            ("train/", "a" * 32),
            ("valid/images/", "b" * 32),
            ("images/test/", "Zz9" * 7),
            ("", "0" * 6),
        )
    }
    assert names == {"dock_7_jpg"}


def test_a_class_folder_keeps_sources_of_the_same_stem_apart():
    assert source_name("train/hat/1_jpg.rf.aaaaaa.jpg") != source_name("train/shoe/1_jpg.rf.aaaaaa.jpg")


def test_files_without_a_copy_hash_are_sources_of_their_own():
    assert number_sources(["train/1.jpg", "test/1.jpg", "train/a.rf.jpg"]).tolist() == [0, 1, 2]


def test_no_keys_give_no_numbers():
    assert number_sources([]).shape == (0,)


@given(st.lists(st.text(), max_size=20))
def test_equal_keys_are_one_source_and_numbers_have_no_gap(keys):
    numbers = number_sources(keys).tolist()
    assert sorted(set(numbers)) == list(range(len(set(numbers))))
    assert all(numbers[i] == numbers[keys.index(key)] for i, key in enumerate(keys))
