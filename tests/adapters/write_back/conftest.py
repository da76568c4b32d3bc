from __future__ import annotations

import pytest

from tests.adapters.testing.hasty import KEY
from tests.adapters.write_back.worlds import captured, plan_of
from tests.small_workspace import small_workspace
from vision_readiness_adapters.testing import serve


@pytest.fixture(scope="package")
def _small(tmp_path_factory):
    with serve(small_workspace(tmp_path_factory.mktemp("small")), key=KEY) as serving:
        yield serving


@pytest.fixture
def serving(_small):
    _small.fake.reset()
    return _small


@pytest.fixture
def plan(serving, tmp_path):
    return plan_of(serving.fake.service, captured(tmp_path / "captured"))
