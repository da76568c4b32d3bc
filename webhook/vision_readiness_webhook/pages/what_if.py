"""What if: the decision taken again from the evidence there is, with other scores, another device or another budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from vision_readiness.compare.what_if import changed_spec, moves, what_if
from vision_readiness.errors import InputError, ReadinessError
from vision_readiness.evidence import Evidence
from vision_readiness.spec import DeploymentSpec
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.pages.changes import changes_between
from vision_readiness_webhook.pages.newest import newest, report_of
from vision_readiness_webhook.pages.visit import Visit
from vision_readiness_webhook.store.given import unpack_spec, unpack_waivers
from vision_readiness_webhook.store.reports import Kept, load_evidence


@dataclass(frozen=True, slots=True)
class Wish:
    """The changes that somebody asks about; ``wrong`` says which fields cannot be read, and why."""

    thresholds: Mapping[str, float] = field(default_factory=dict)
    target: str | None = None
    p95_ms: float | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not self.thresholds and self.target is None and self.p95_ms is None

    def applied(self, spec: DeploymentSpec, classes: tuple[str, ...]) -> DeploymentSpec:
        """``spec`` with the changes; raises ``InputError`` for one that cannot be made."""
        return changed_spec(spec, classes, thresholds=self.thresholds, target=self.target, p95_ms=self.p95_ms)


def wish_of(given: Mapping[str, str], classes: tuple[str, ...]) -> Wish:
    """The changes in the fields ``t.0``, ``t.1`` … by the order of ``classes``, ``device`` and ``p95_ms``."""
    thresholds: dict[str, float] = {}
    wrong: dict[str, str] = {}
    for n, label in enumerate(classes):
        score = _number(given, f"t.{n}", wrong, "Give a score from 0 to 1, such as 0.35.", most=1.0)
        if score is not None:
            thresholds[label] = score
    p95_ms = _number(given, "p95_ms", wrong, "Give milliseconds above 0, such as 80.", least=1e-9)
    return Wish(thresholds, given.get("device", "").strip()[:200] or None, p95_ms, wrong)


def show(visit: Visit) -> Response:
    """The form, and what comes of it where something was asked."""
    kept = newest(visit)
    report = report_of(kept)
    spec = unpack_spec(kept.spec_text)
    known = evidence_of(visit, kept)
    classes = known.dataset.classes if known else ()
    given = dict(visit.request.query_params)
    wish = wish_of(given, classes)
    asked = {f"t.{n}": given.get(f"t.{n}", "") for n in range(len(classes))}
    found = {} if known is None or wish.is_empty or wish.wrong else _decided(visit, kept, known, spec, wish)
    return visit.page(
        "what_if.html.j2",
        project=visit.project,
        report=report,
        spec=spec,
        known=known is not None,
        classes=classes,
        given={"device": given.get("device", ""), "p95_ms": given.get("p95_ms", ""), **asked},
        wrong=wish.wrong,
        query={name: value for name, value in given.items() if value},
        **{"changes": None, "moves": (), "refused": "", **found},
    )


def evidence_of(visit: Visit, kept: Kept) -> Evidence | None:
    """What the report rests on, while it is kept."""
    with visit.service.database.read() as connection:
        return load_evidence(connection, kept.row.workspace, kept.row.evidence_key)


def _decided(visit: Visit, kept: Kept, known: Evidence, spec: DeploymentSpec, wish: Wish) -> dict[str, Any]:
    try:
        before, after = what_if(
            known,
            spec,
            as_of=visit.service.clock.now(),
            thresholds=wish.thresholds,
            target=wish.target,
            p95_ms=wish.p95_ms,
            policy=visit.service.policy,
            waivers=unpack_waivers(kept.waivers),
        )
        moved = moves(known, spec, wish.thresholds)
    except InputError as error:
        return {"refused": str(error)}
    except ReadinessError as error:
        raise ProblemError(422, "not-decidable", str(error)) from None
    return {"changes": changes_between(after, before), "moves": moved}


def _number(
    given: Mapping[str, str], name: str, wrong: dict[str, str], said: str, *, least: float = 0.0, most: float = 1e9
) -> float | None:
    text = given.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if least <= value <= most:
        return value
    wrong[name] = said
    return None
