"""The decision table: what a version is decided to be, situation by situation, each with an example to try it on.

``docs/decision.md`` is written from these rows, and a test decides every example.
"""

from __future__ import annotations

from vision_readiness.decide.table.deployable import DEPLOYABLE, REFUSALS
from vision_readiness.decide.table.failing import FAILURES, RETRAINING
from vision_readiness.decide.table.missing import MISSING
from vision_readiness.decide.table.row import Refusal, Row

ROWS: tuple[Row, ...] = (*FAILURES, *RETRAINING, *MISSING, *DEPLOYABLE)

__all__ = ["REFUSALS", "ROWS", "Refusal", "Row"]
