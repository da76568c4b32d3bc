from __future__ import annotations

from pathlib import Path

from tests.webhook.hostile.abuse import abuse
from tests.webhook.hostile.live import live


def test_what_the_openapi_allows_and_what_it_does_not_never_makes_the_service_fall(judged: Path) -> None:
    with live(judged) as service:
        tried = abuse(service, examples=5)
    assert len(tried) > 20
    assert min(tried.values()) >= 1
