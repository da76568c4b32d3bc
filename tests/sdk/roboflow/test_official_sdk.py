from __future__ import annotations

from types import SimpleNamespace

import pytest

from vision_readiness.project import VersionId
from vision_readiness.roboflow.official_sdk import version_id_of


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (SimpleNamespace(id="acme/dock"), VersionId("acme", "dock", None)),
        (SimpleNamespace(id="acme/dock/3", version="3"), VersionId("acme", "dock", 3)),
        ("acme/dock/3", VersionId("acme", "dock", 3)),
        ("https://app.roboflow.com/acme/dock/3", VersionId("acme", "dock", 3)),
        (VersionId(None, "dock", 3), VersionId(None, "dock", 3)),
        (SimpleNamespace(id=7), None),
        (SimpleNamespace(id="../dock"), None),
        (SimpleNamespace(), None),
        (None, None),
    ],
)
def test_what_carries_an_address_names_a_version(named, expected):
    assert version_id_of(named) == expected
