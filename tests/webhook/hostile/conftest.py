from __future__ import annotations

from tests.webhook.api.conftest import judged, judged_once

__all__ = ["judged", "judged_once"]
