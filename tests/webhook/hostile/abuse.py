"""Schemathesis on the OpenAPI of a running service: requests as it allows them, and as it does not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.webhook.hostile.live import Live
from vision_readiness_webhook.access import Role

MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def abuse(service: Live, *, examples: int, role: Role = Role.DEPLOYER) -> Counter[str]:
    """How many requests of each operation were answered; raises for the first answer that the OpenAPI does not promise.

    The checks of schemathesis: no 5xx, the status, media type, headers and schema that are declared, no answer to what
    should have been refused, 405 with ``Allow`` where there is no such method. Only what fits the schema may still be
    refused: a cursor, a class or an id can be well written and be of nothing that is there.
    """
    tried: Counter[str] = Counter()
    schema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {service.token(role)}"
        for found in schema.get_all_operations():
            for mode in MODES:
                _ask(service, session, found.ok(), mode, examples, tried)
    return tried


def _ask(
    service: Live, session: requests.Session, operation: Any, mode: GenerationMode, examples: int, tried: Counter[str]
) -> None:
    headers = {str(name): str(value) for name, value in session.headers.items()}

    @seed(1)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        more = {"session": session, "headers": headers, "timeout": 30}
        case.call_and_validate(base_url=service.url, excluded_checks=[positive_data_acceptance], **more)
        tried[operation.label] += 1

    ask()
