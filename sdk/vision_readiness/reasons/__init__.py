"""Reason codes: a family a file, every check in an explicit tuple. Codes are never used twice.

DATA1xx images, balance, coverage; LABEL2xx annotations; SPLIT3xx splits and leakage; MODEL4xx the artefact;
TARGET5xx the device; PROD6xx production; SPEC7xx the specification; INPUT9xx unusable input.
"""

from __future__ import annotations

import difflib
from typing import Any

from vision_readiness.errors import InputError
from vision_readiness.reasons import data, label, model, production, specification, split, target, unusable
from vision_readiness.reasons.outcomes import OUTCOMES
from vision_readiness.reasons.reason import CRASHED, Check, Reason

DATASET_CHECKS = (*data.CHECKS, *label.CHECKS, *split.CHECKS, *unusable.CHECKS)
MODEL_CHECKS = model.CHECKS
TARGET_CHECKS = target.CHECKS
PRODUCTION_CHECKS = production.CHECKS
SPEC_CHECKS = specification.CHECKS

CHECKS: tuple[Check[Any], ...] = (
    *DATASET_CHECKS,
    *MODEL_CHECKS,
    *TARGET_CHECKS,
    *PRODUCTION_CHECKS,
    *SPEC_CHECKS,
)
REASONS: dict[str, Reason] = {
    reason.code: reason
    for reason in sorted((*(check.reason for check in CHECKS), *OUTCOMES, CRASHED), key=lambda reason: reason.code)
}


def explain(code: str) -> Reason:
    """The reason behind a code or a name; raises ``InputError`` naming the nearest one."""
    by_name = {reason.name: reason for reason in REASONS.values()}
    found = REASONS.get(code.upper()) or by_name.get(code.lower())
    if found is None:
        near = difflib.get_close_matches(code.upper(), REASONS, n=1) or difflib.get_close_matches(
            code.lower(), by_name, n=1
        )
        hint = f"did you mean {near[0]}?" if near else f"the codes are {', '.join(REASONS)}"
        raise InputError(f"there is no reason {code!r}; {hint}")
    return found
