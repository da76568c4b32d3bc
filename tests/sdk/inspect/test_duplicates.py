from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.inspect.duplicates import duplicate_groups, merged_sources
from vision_readiness.inspect.feature_columns import FeatureColumns
from vision_readiness.inspect.features import ImageFeatures, Measures
from vision_readiness.project import Split
from vision_readiness.testing import a_dataset

SEEN = Measures(10, 10, 99.0, 50.0, 200.0, 0.0, 0.0, 1.0, bytes(32))


def features(*contents):
    """An image for each content; one of content "" cannot be decoded."""
    return FeatureColumns.of([ImageFeatures(c or "0", SEEN if c else None, None if c else "empty") for c in contents])


def table(*keys):
    return a_dataset({key: [] for key in keys}).images


def test_equal_files_of_different_sources_are_duplicates():
    found = duplicate_groups(table("train/b.jpg", "test/a.jpg", "test/c.jpg"), features("x", "x", "y"))
    assert [(group.images, group.splits) for group in found] == [
        (("test/a.jpg", "train/b.jpg"), (Split.TEST, Split.TRAIN))
    ]


def test_equal_copies_of_one_source_are_no_duplicates():
    assert duplicate_groups(table("a.rf.1.jpg", "a.rf.2.jpg"), features("x", "x")) == ()


def test_damaged_files_are_nobodys_duplicate():
    images = table("a.jpg", "b.jpg")
    assert duplicate_groups(images, features("", "")) == ()
    assert len(set(merged_sources(images, features("", "")).tolist())) == 2


def test_sources_merge_through_chains_of_equal_files():
    images = table("a.rf.1.jpg", "a.rf.2.jpg", "b.rf.1.jpg", "b.rf.2.jpg", "c.rf.1.jpg", "d.jpg")
    group = merged_sources(images, features("1", "2", "2", "3", "3", "4"))
    assert group.dtype == np.int32
    assert group.tolist() == [0, 0, 0, 0, 0, 3]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=20))
def test_groups_are_the_connected_components(rows):
    images = table(*(f"{source}.rf.{number}.jpg" for number, (source, _) in enumerate(rows)))
    group = merged_sources(images, features(*(f"c{content}" for _, content in rows)))
    component = list(range(len(rows)))
    for _ in rows:
        for one, (source, content) in enumerate(rows):
            for two, (other_source, other_content) in enumerate(rows):
                if source == other_source or content == other_content:
                    component[one] = component[two] = min(component[one], component[two])
    pairs = {(int(number), expected) for number, expected in zip(group, component, strict=True)}
    assert len(pairs) == len({number for number, _ in pairs}) == len({expected for _, expected in pairs})
