"""What changed from one report to the next: codes that came and went, and requirements that came out differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from vision_readiness.guide.fix import Fix
from vision_readiness.readiness import Action, ReadinessState
from vision_readiness.requirement import Outcome, Requirement, RequirementResult

if TYPE_CHECKING:
    from vision_readiness.report import Report

DATA_ACTIONS = (Action.COLLECT_DATA, Action.LABEL_MORE, Action.FIX_DATASET, Action.RETRAIN)
"""What is done to images, labels, or with them."""


_THE_MODEL = "the model"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A reason code at a subject (a class, a split, a requirement), in the words of the later report that has it.

    ``key`` tells it from others of its code: the question of a requirement, or the key of a finding.
    """

    key: str
    code: str
    subject: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """One requirement that came out differently; an outcome is ``None`` where the requirement was not asked."""

    question: str
    requirement: str
    before: Outcome | None
    after: Outcome | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportChange:
    """A later report against an earlier one. An occurrence is the same when code and subject are."""

    state_before: ReadinessState
    state_after: ReadinessState
    new: tuple[Occurrence, ...]
    fixed: tuple[Occurrence, ...]
    unchanged: tuple[Occurrence, ...]
    outcomes: tuple[OutcomeChange, ...]

    @property
    def is_worse(self) -> bool:
        """Whether the state is further from a release than it was."""
        return self.state_after.rank > self.state_before.rank

    def to_dict(self) -> dict[str, Any]:
        """The change as plain values."""
        return asdict(self)


def report_change(after: Report, before: Report) -> ReportChange:
    """What ``after`` says differently from ``before``, in the order of the reports."""
    now, then = _occurrences(after), _occurrences(before)
    return ReportChange(
        state_before=before.readiness_state,
        state_after=after.readiness_state,
        new=tuple(one for key, one in now.items() if key not in then),
        fixed=tuple(one for key, one in then.items() if key not in now),
        unchanged=tuple(one for key, one in now.items() if key in then),
        outcomes=tuple(_outcomes(after, before)),
    )


def data_action(report: Report, labels: Collection[str]) -> Fix | None:
    """The best ranked fix of ``report`` that is about the data of one of ``labels``; ``None`` where none is."""
    subjects = {one.requirement.name for one in report.requirements if one.requirement.label in labels} | set(labels)
    fixes = (fix for fix in report.fixes if fix.action in DATA_ACTIONS)
    return next((fix for fix in fixes if not subjects.isdisjoint(fix.subjects)), None)


def _occurrences(report: Report) -> dict[tuple[str, str], Occurrence]:
    """The blockers of a release, by code and subject; requirements first, of equals the first.

    The artefact is one subject whatever its name, so that two artefacts with the same fault have it in common.
    """
    unmet = (
        Occurrence(_question(one.requirement), one.code, one.requirement.what, one.because)
        for one in report.requirements
        if one.code is not None and one.outcome is not Outcome.PASS
    )
    model = (report.subject.model or "").rpartition("@")[0]
    found = (
        Occurrence(f"{one.code}:{_THE_MODEL}" if one.subject == model else one.key, one.code, one.subject, one.sentence)
        for one in report.findings
    )
    by_key: dict[tuple[str, str], Occurrence] = {}
    for one in (*unmet, *found):
        by_key.setdefault((one.code, one.key), one)
    return by_key


def _outcomes(after: Report, before: Report) -> Iterator[OutcomeChange]:
    now, then = _by_question(after), _by_question(before)
    for question in dict.fromkeys((*now, *then)):
        for new, old in zip_longest(now.get(question, ()), then.get(question, ())):
            last = new or old
            outcomes = (old.outcome if old else None, new.outcome if new else None)
            if outcomes[0] is not outcomes[1]:
                yield OutcomeChange(question, last.requirement.name, *outcomes, last.because)


def _by_question(report: Report) -> dict[str, list[RequirementResult]]:
    """Results by what is asked whatever the limit; those of one question from the loosest limit to the strictest."""
    asked: dict[str, list[RequirementResult]] = defaultdict(list)
    for result in report.requirements:
        asked[_question(result.requirement)].append(result)
    for results in asked.values():
        results.sort(key=lambda one: one.requirement.limit, reverse=results[0].requirement.at_most)
    return asked


def _question(requirement: Requirement) -> str:
    """What is asked whatever the limit, and whichever earlier model a change is measured from."""
    return replace(requirement, against=None).question
