from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.roboflow import version_id_of


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("acme/dock/3", "acme/dock/3"),
        ("acme/dock", "acme/dock"),
        ("roboflow:acme/dock/3", "acme/dock/3"),
        ("https://app.roboflow.com/acme/dock/3", "acme/dock/3"),
        ("https://app.roboflow.com/acme/dock/3/", "acme/dock/3"),
        ("https://app.roboflow.com/acme/dock/models", "acme/dock"),
        ("https://app.roboflow.com/acme/dock/models/dock/3?tab=x#y", "acme/dock/3"),
        ("https://app.roboflow.com/acme/dock/images/abc?queryText=1", "acme/dock"),
        ("https://app.roboflow.com/acme/dock/visualize/4", "acme/dock/4"),
        ("https://universe.roboflow.com/acme/dock/dataset/9", "acme/dock/9"),
    ],
)
def test_a_version_is_named_in_many_ways(source, named):
    assert str(version_id_of(source)) == named


@pytest.mark.parametrize(
    "source",
    ["./acme/dock", "/data/dock", "../x", "https://evil.test/acme/dock/3", "https://app.roboflow.com/", "a/b/c/d",
     "https://[", "C:\\data", "", "a b/c", "acme/dock/three", "ftp://app.roboflow.com/acme/dock/3", "https://app.roboflow.com/%2e%2e/x"],
)  # fmt: skip
def test_what_is_no_name_of_roboflow_is_none(source):
    assert version_id_of(source) is None


@given(st.text(max_size=60) | st.text(max_size=30).map("https://app.roboflow.com/".__add__))
def test_no_text_raises(source):
    found = version_id_of(source)
    assert found is None or found.project
