"""The result of a readiness check: one frozen value that every rendering reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from vision_readiness.errors import InputError, ReadinessError
from vision_readiness.guide.fix import Fix
from vision_readiness.readiness import BlockedBy, NextAction, ReadinessState, StageState
from vision_readiness.reasons.reason import Finding, Skipped, Waived
from vision_readiness.report.blockers import Blocker
from vision_readiness.report.schema_1 import SCHEMA_1, from_schema_1, keys_of
from vision_readiness.report.sections import (
    DataSummary,
    ErrorAnalysis,
    ModelFigures,
    RolloutPlan,
    ScoreAnalysis,
    WorkPlan,
)
from vision_readiness.report.tables import Identity, LatencyFigures, Provenance
from vision_readiness.requirement import RequirementResult

if TYPE_CHECKING:
    import pandas as pd

    from vision_readiness.report.change import ReportChange

FAMILY = "vision-readiness/report/"
SCHEMA = f"{FAMILY}2"


@dataclass(frozen=True, slots=True, repr=False, kw_only=True)
class Report:
    """Everything that is known about one version and artefact, decided. Equal inputs give an equal ``id``.

    The decision stands flat, what it rests on and what follows from it in sections. ``valid_until`` is the last day on
    which it holds; ``history`` holds the keys of earlier looks at the same test images.
    """

    id: str
    subject: Identity
    readiness_state: ReadinessState
    blocked_by: BlockedBy | None
    blockers: tuple[Blocker, ...]
    headline: str
    proof: tuple[str, ...]
    next_action: NextAction
    score: int
    score_needs: int
    confidence: float
    failure_probability: float
    weakest: str | None
    stages: tuple[StageState, ...]
    requirements: tuple[RequirementResult, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    waived: tuple[Waived, ...]
    fixes: tuple[Fix, ...]
    expected_runtime: LatencyFigures | None
    assumptions: Mapping[str, str]
    provenance: Provenance
    data: DataSummary
    valid_until: date | None
    history: tuple[str, ...]
    figures: ModelFigures = field(default_factory=ModelFigures)
    scores: ScoreAnalysis = field(default_factory=ScoreAnalysis)
    errors: ErrorAnalysis = field(default_factory=ErrorAnalysis)
    plan: WorkPlan = field(default_factory=WorkPlan)
    rollout: RolloutPlan = field(default_factory=RolloutPlan)
    schema: str = SCHEMA

    @property
    def deployable(self) -> bool:
        return self.readiness_state.deployable

    def __repr__(self) -> str:
        return f"<Report {self.subject}: {self.readiness_state}, {len(self.findings)} findings>"

    def __str__(self) -> str:
        from vision_readiness.render.card import card_text

        return card_text(self)

    def __bool__(self) -> bool:
        raise TypeError("a report has no truth value; ask report.deployable or report.readiness_state")

    def _repr_html_(self) -> str:
        from vision_readiness.render.html import card_html

        return card_html(self)

    def rows(self) -> Iterator[Mapping[str, object]]:
        """One flat mapping a requirement and a finding, in the order of the report."""
        for result in self.requirements:
            yield {
                "kind": "requirement",
                "code": None,
                "subject": result.requirement.name,
                "outcome": str(result.outcome),
                "measured": result.measured,
                "lower": result.lower,
                "upper": result.upper,
                "limit": result.requirement.limit,
                "n": result.trials,
                "sentence": result.because,
            }
        for finding in self.findings:
            yield {
                "kind": "finding",
                "code": finding.code,
                "subject": finding.subject,
                "outcome": str(finding.severity),
                "measured": finding.measured,
                "lower": None,
                "upper": None,
                "limit": finding.limit,
                "n": finding.of,
                "sentence": finding.sentence,
            }

    def to_dict(self) -> dict[str, object]:
        """The report as plain values; it validates against ``report_schema()``."""
        plain: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        for told, result in zip(plain["requirements"], self.requirements, strict=True):
            told["requirement"]["id"] = result.requirement.id
        return {**plain, "deployable": self.deployable}

    def to_json(self) -> str:
        """The report as JSON: sorted keys, no NaN, one trailing newline."""
        return json.dumps(self.to_dict(), sort_keys=True, indent=1, allow_nan=False) + "\n"

    def to_dataframe(self) -> pd.DataFrame:
        """``rows()`` as a table; raises ``ImportError`` naming the extra when pandas is absent."""
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError('a table needs pandas: pip install "vision-readiness[tables]"') from error
        return pd.DataFrame(list(self.rows()))

    def compare(self, previous: Report) -> ReportChange:
        """What is new, fixed and unchanged since ``previous``, and which requirements came out differently."""
        from vision_readiness.report.change import report_change

        return report_change(self, previous)

    def raise_if_not_deployable(self) -> Report:
        """This report; raises ``NotDeployableError`` when the release has to stop."""
        if not self.deployable:
            raise NotDeployableError(self)
        return self


_ADAPTER: TypeAdapter[Report] = TypeAdapter(Report)


class NotDeployableError(ReadinessError):
    """The report says no; it is carried along."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{report.headline} Next: {report.next_action.sentence}")
        self.report = report


def report_schema() -> dict[str, object]:
    """The JSON Schema that every report validates against."""
    schema = _ADAPTER.json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Vision Readiness report"
    schema["properties"]["deployable"] = {"type": "boolean"}
    requirement = schema["$defs"]["Requirement"]
    requirement["properties"]["id"] = {"type": "string"}
    requirement["required"] = sorted({*requirement["required"], "id"})
    schema["required"] = sorted({*schema["required"], "deployable", "schema"})
    return schema


def report_from_dict(plain: Mapping[str, object]) -> Report:
    """The report that ``to_dict`` was made from, by this release or by one that wrote schema 1.

    Raises ``InputError`` for a schema that this release does not know, and ``ValidationError`` for what is no report.
    """
    if plain.get("schema") == SCHEMA_1:
        old = _ADAPTER.validate_python({**from_schema_1(plain), "schema": SCHEMA})
        weakest = next((one.requirement.id for one in old.requirements if one.requirement.name == old.weakest), None)
        return replace(old, weakest=weakest, **keys_of(old.requirements, old.findings, old.waived, old.fixes))
    if str(plain.get("schema")).startswith(FAMILY) and plain["schema"] != SCHEMA:
        raise InputError(f"a later release wrote the report ({plain['schema']:.60}): read it with that one")
    return _ADAPTER.validate_python({key: value for key, value in plain.items() if key != "deployable"})


def digest_of(*parts: object) -> str:
    """A short stable name for values: the first 16 hex digits of the SHA-256 of their sorted JSON."""
    text = json.dumps(parts, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else TypeAdapter(type(value)).dump_python(value, mode="json")
