"""The release checklist of a production workflow, each line answered by evidence, or said not to be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from vision_readiness.guide.checklist_line import ChecklistLine, LineOutcome
from vision_readiness.numbers import count, percent
from vision_readiness.project import Split
from vision_readiness.reasons import label
from vision_readiness.reasons.label_noise import asked_beyond_agreement, low_agreement
from vision_readiness.reasons.model import lost_against_parent, model_older_than_version, training_version_unknown
from vision_readiness.reasons.production import (
    fallback_incomplete,
    monitoring_not_in_place,
    no_fallback,
    no_feedback_loop,
    no_rollback_owner,
    no_rollout_plan,
)
from vision_readiness.reasons.reason import CRASHED, Severity
from vision_readiness.reasons.spec_paragraphs import (
    class_not_described,
    empty_image_set,
    no_agreement,
    no_camera_profile,
    no_challenge_set,
    no_data_policy,
    no_golden_set,
    no_labelling_rule,
    no_output_contract,
    no_seasons,
    set_without_requirement,
)
from vision_readiness.reasons.specification import (
    class_not_in_spec,
    no_conditions,
    refresh_overdue,
    spec_not_approved,
    spec_of_another_project,
    thresholds_against_contract,
    unknown_class_in_spec,
)
from vision_readiness.reasons.split import looks_like_training, source_in_two_splits
from vision_readiness.reasons.target import no_budget, no_target, preprocessing_conflict
from vision_readiness.reasons.unusable import unreadable_image
from vision_readiness.requirement import Outcome, RequirementResult
from vision_readiness.spec.capture import CHALLENGE, GOLDEN, SET

if TYPE_CHECKING:
    from vision_readiness.decide import Decision
    from vision_readiness.evidence import Evidence
    from vision_readiness.reasons.reason import Finding, Named
    from vision_readiness.spec import DeploymentSpec

PASS, FAIL = LineOutcome.PASS, LineOutcome.FAIL
OPEN, UNSEEN = LineOutcome.INCONCLUSIVE, LineOutcome.NOT_LOOKED_AT
Answer = tuple[LineOutcome, str, tuple[str, ...]]


@dataclass(frozen=True)
class _Gate:
    """A decision with what its lines ask of it."""

    decision: Decision

    @property
    def spec(self) -> DeploymentSpec:
        return self.decision.assessment.spec

    @property
    def evidence(self) -> Evidence:
        return self.decision.assessment.evidence

    @cached_property
    def found(self) -> tuple[tuple[Finding, str], ...]:
        """Every finding, waived or not, with who accepted it."""
        waived = ((one.finding, f" {one.waiver.person} accepted it.") for one in self.decision.waived)
        return (*((one, "") for one in self.decision.findings), *waived)

    def against(self, *reasons: Named, least: Severity = Severity.P2, subject: str = "") -> Answer | None:
        """The answer of the gravest finding of one of ``reasons``; ``None`` where there is none.

        Findings milder than ``least`` do not count, nor those on another subject than one that starts as given.
        """
        codes = {one.code for one in reasons}
        mine = [
            (one, accepted)
            for one, accepted in self.found
            if (one.subject if one.code == CRASHED.code else one.code) in codes
            and one.severity <= least
            and (one.subject.startswith(subject) or one.code == CRASHED.code)
        ]
        if not mine:
            return None
        crashed = [one for one in mine if one[0].code == CRASHED.code]
        worst, accepted = min(crashed or mine, key=lambda one: one[0].severity)
        named = tuple(dict.fromkeys(one.code for one, _ in mine))
        return (OPEN if crashed else FAIL), worst.sentence + accepted, named

    def written(self, key: str, said: str, *reasons: Named) -> Answer:
        """What stands in the specification under ``key``: it fails where a check found it lacking."""
        missing = self.against(*reasons)
        if missing:
            return missing
        assumed = next((one for one in self.spec.assumptions if one.partition(".")[0] == key), None)
        return (OPEN, f"It is assumed (`{assumed}`), nobody wrote it.", ()) if assumed else (PASS, said, ())

    def results(self, chosen: Callable[[RequirementResult], bool], nothing: str) -> Answer:
        """The worst outcome of the requirements that are ``chosen``; not looked at where none is."""
        mine = [one for one in self.decision.requirements if chosen(one)]
        if not mine:
            return UNSEEN, nothing, ()
        order = (Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.PASS)
        worst = min(mine, key=lambda one: (order.index(one.outcome), not one.requirement.critical, one.probability))
        codes = tuple(dict.fromkeys(one.code for one in mine if one.code))
        if worst.outcome is Outcome.PASS:
            return PASS, f"{_all(len(mine))} Closest to its limit: {worst.because}", codes
        return LineOutcome(worst.outcome), worst.because, codes


def release_checklist(decision: Decision) -> tuple[ChecklistLine, ...]:
    """The lines of the release gate in their order; the same decision gives the same lines.

    A line of the written specification fails where it is not written, and is inconclusive where it is assumed. What
    happens after the release passes only where the specification says who or what does it, and says so.
    """
    gate = _Gate(decision)
    return tuple(ChecklistLine(line, *answer(gate)) for line, answer in LINES.items())


def _approved(gate: _Gate) -> Answer:
    return gate.against(spec_not_approved, spec_of_another_project) or (
        PASS,
        f"{gate.spec.approved_by} approved the spec.",
        (),
    )


def _classes(gate: _Gate) -> Answer:
    said = "Each critical class says what counts as one and how hidden ones are labelled."
    return gate.written(
        "classes",
        said,
        unknown_class_in_spec,
        class_not_in_spec,
        class_not_described,
        no_labelling_rule,
    )


def _conditions_written(gate: _Gate) -> Answer:
    said = f"{count(len(gate.spec.conditions), 'condition')}, the camera and the refresh dates are written."
    return gate.written(
        "conditions",
        said,
        no_conditions,
        no_camera_profile,
        no_seasons,
        refresh_overdue,
    )


def _constraints(gate: _Gate) -> Answer:
    target = gate.spec.deployment_target
    return gate.written("deployment_target", f"{target.device if target else ''} has a budget.", no_target, no_budget)


def _contract(gate: _Gate) -> Answer:
    return gate.written(
        "output",
        "The format, the frame, the thresholds and NMS are written.",
        no_output_contract,
        thresholds_against_contract,
    )


def _failure_modes(gate: _Gate) -> Answer:
    said = "Low confidence, unknown objects and degradation have an answer."
    return gate.written("fallback", said, no_fallback, fallback_incomplete)


def _data_policy(gate: _Gate) -> Answer:
    return gate.written("data", "Sources, consent and retention are written.", no_data_policy)


def _agreement(gate: _Gate) -> Answer:
    agreement = gate.spec.agreement
    if agreement is None or agreement.measured is None:
        return UNSEEN, "The spec does not say how often annotators agree.", (no_agreement.code,)
    how = f" ({agreement.how})" if agreement.how else ""
    said = f"Annotators agree in {percent(agreement.measured, agreement.at_least)}{how}, as the spec says."
    return gate.against(low_agreement, asked_beyond_agreement) or (PASS, said, ())


def _labels(gate: _Gate) -> Answer:
    looked = "No defect that warns was found in the annotations; whether they are right was not looked at."
    return gate.against(*label.CHECKS, unreadable_image, least=Severity.P1) or (PASS, looked, ())


def _leakage(gate: _Gate) -> Answer:
    leaked = gate.against(source_in_two_splits, looks_like_training, least=Severity.P1)
    if leaked is None and not gate.evidence.judged(Split.TEST).any():
        return UNSEEN, "There is no test image.", ()
    said = "No copy or look-alike of a test image stands in training; camera and time were not compared."
    return leaked or (PASS, said, ())


def _versioned(gate: _Gate) -> Answer:
    model = gate.evidence.model
    unknown = gate.against(training_version_unknown, model_older_than_version)
    if unknown:
        return OPEN, unknown[1], unknown[2]
    if model is None or model.card.trained_on is None or gate.evidence.version.number is None:
        return OPEN, "It is not known which version the model was trained on.", ()
    return PASS, f"The model was trained on {model.card.trained_on}, and {gate.evidence.version} is judged.", ()


def _acceptance(gate: _Gate) -> Answer:
    return gate.results(
        lambda one: not (one.requirement.where or one.requirement.metric.is_budget or one.requirement.metric.is_change),
        "Nothing is asked of any class.",
    )


def _coverage(gate: _Gate) -> Answer:
    return gate.results(
        lambda one: any(name != SET for name, _ in one.requirement.where), "The spec asks for nothing in any condition."
    )


def _in_set(level: str) -> Callable[[_Gate], Answer]:
    def answer(gate: _Gate) -> Answer:
        found = gate.results(lambda one: (SET, level) in one.requirement.where, f"Nothing is asked of the {level} set.")
        lacking = gate.against(
            no_golden_set,
            no_challenge_set,
            empty_image_set,
            set_without_requirement,
            subject=f"{level}_set",
        )
        return (UNSEEN, found[1], lacking[2]) if lacking and found[0] is UNSEEN else found

    return answer


def _regression(gate: _Gate) -> Answer:
    lost = gate.against(lost_against_parent)
    if lost:
        return lost
    nothing = "No earlier model was compared with." if gate.evidence.parent is None else "The spec sets no margin."
    return gate.results(lambda one: one.requirement.metric.is_change, nothing)


def _parity(gate: _Gate) -> Answer:
    conflict = gate.against(preprocessing_conflict)
    if conflict:
        return conflict
    model = gate.evidence.model
    if model is None:
        return UNSEEN, "There is no model to look at.", ()
    if model.card.preprocessing is None or gate.evidence.preprocessing is None:
        return OPEN, "How training or inference prepares an image is not known, so the two were not compared.", ()
    return PASS, "No source disagrees on how an image is prepared; the code on the device was not looked at.", ()


def _latency(gate: _Gate) -> Answer:
    return gate.results(lambda one: one.requirement.metric.is_budget, "The spec sets no budget.")


def _rollout(gate: _Gate) -> Answer:
    rollout, owner = gate.spec.rollout, gate.spec.rollback_owner
    if rollout is None or rollout.strategy is None or not rollout.rollback_triggers or owner is None:
        return _unseen(
            gate,
            "The spec does not say how it is rolled out and taken back.",
            no_rollback_owner,
            no_rollout_plan,
        )
    strategy = rollout.strategy.replace("_", " ")
    return PASS, f"The spec says {strategy}, with triggers to take it back, and {owner} does so.", ()


def _monitoring(gate: _Gate) -> Answer:
    required, watching = gate.against(monitoring_not_in_place), gate.spec.monitoring
    if required:
        return required
    if watching.in_place is None:
        return _unseen(gate, "The spec does not say who watches it.", no_feedback_loop)
    if not watching.signals or watching.review is None or watching.retrain is None:
        because = (
            f"The spec says {watching.in_place} watches it, and not what, who labels the doubtful, or when to retrain."
        )
        return _unseen(gate, because, no_feedback_loop)
    of, loop = ", ".join(watching.signals), f"review {watching.review}; retrain {watching.retrain}"
    return PASS, f"The spec says {watching.in_place} watches {of}; {loop}. Nobody looked there.", ()


def _unseen(gate: _Gate, because: str, *reasons: Named) -> Answer:
    found = gate.against(*reasons)
    return UNSEEN, because, found[2] if found else ()


def _all(requirements: int) -> str:
    return f"All {requirements:,} requirements hold." if requirements > 1 else "The requirement holds."


LINES: dict[str, Callable[[_Gate], Answer]] = {
    "A named person approved the written spec": _approved,
    "Classes and labelling guidelines are written": _classes,
    "Operating conditions, camera and refresh dates are written": _conditions_written,
    "The device and its constraints are written": _constraints,
    "The output contract is written": _contract,
    "Failure modes have a fallback": _failure_modes,
    "Data sources, consent and retention are written": _data_policy,
    "Annotators agree often enough": _agreement,
    "The labels are sound": _labels,
    "No leakage between the splits": _leakage,
    "Data and model are versioned": _versioned,
    "Acceptance criteria hold for every class": _acceptance,
    "They hold in every declared condition": _coverage,
    "The golden set holds": _in_set(GOLDEN),
    "The challenge set holds": _in_set(CHALLENGE),
    "No regression against the earlier model": _regression,
    "Preprocessing is the same in training and inference": _parity,
    "Latency, throughput, memory and cost hold on the device": _latency,
    "Rollout is controlled and can be taken back": _rollout,
    "Drift and latency are watched, and feed labelling and retraining": _monitoring,
}
"""The lines of the gate, each with what answers it."""


def unanswered(lines: Iterable[ChecklistLine]) -> tuple[ChecklistLine, ...]:
    """The lines that do not pass, failures first."""
    order = (FAIL, OPEN, UNSEEN)
    return tuple(sorted((one for one in lines if one.outcome is not PASS), key=lambda one: order.index(one.outcome)))
