from __future__ import annotations

import sys

import pytest

from vision_readiness.errors import InputError
from vision_readiness.testing import a_dataset
from vision_readiness_adapters.supervision_bridge import to_detection_dataset


def test_the_bridge_says_which_extra_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "supervision", None)
    with pytest.raises(InputError, match=r"vision-readiness\[supervision\]"):
        to_detection_dataset(a_dataset({"test/a.jpg": []}), "")
