"""The fake, served once for all tests of a module and forgetting everything between two of them."""

from __future__ import annotations

import pytest

from tests.adapters.testing.hasty import KEY, talking
from tests.conftest import REPOSITORY
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.testing import serve


@pytest.fixture(scope="session")
def _bundled():
    with serve(bundled_workspace(), key=KEY) as serving:
        yield serving


@pytest.fixture(scope="session")
def _fixtures():
    with serve(REPOSITORY / "fixtures", key=KEY) as serving:
        yield serving


@pytest.fixture
def serving(_bundled):
    _bundled.fake.reset()
    return _bundled


@pytest.fixture
def many(_fixtures):
    """Projects of other tasks."""
    _fixtures.fake.reset()
    return _fixtures


@pytest.fixture
def client(serving):
    with talking(serving.url) as talked:
        yield talked
