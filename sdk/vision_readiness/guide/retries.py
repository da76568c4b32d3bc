"""The retry plan: which fix goes into which version, and what each version has to prove before the next is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from vision_readiness.guide.fix import Fix, Retry
from vision_readiness.numbers import count
from vision_readiness.readiness import Action
from vision_readiness.requirement import Outcome

if TYPE_CHECKING:
    from vision_readiness.decide import Decision
    from vision_readiness.project import VersionId

NEW_IMAGES = (Action.FIX_DATASET, Action.COLLECT_DATA, Action.LABEL_MORE)
"""What changes the data set, which makes a new version of it."""
NEW_MODEL = (Action.LABEL_MORE, Action.RETRAIN, Action.TRAIN)
"""What ends in another model."""


def retry_plan(decision: Decision, fixes: Sequence[Fix]) -> tuple[Retry, ...]:
    """The tries in their order; empty where nothing blocks.

    First what needs no new version, then a version with every fix of the data that blocks, then one with those that
    only warn, so that each try says what its change did. The last line is when to stop trying.
    """
    if decision.state.deployable:
        return ()
    blocking = [fix for fix in fixes if fix.blocks]
    as_it_is = [fix for fix in blocking if fix.action not in (*NEW_IMAGES, *NEW_MODEL)]
    with_data = [fix for fix in blocking if fix.action in (*NEW_IMAGES, *NEW_MODEL)]
    warned = [fix for fix in fixes if not fix.blocks and fix.action in NEW_IMAGES]
    return tuple(_numbered(decision, as_it_is, with_data, warned))


def _numbered(
    decision: Decision, as_it_is: Sequence[Fix], with_data: Sequence[Fix], warned: Sequence[Fix]
) -> Iterator[Retry]:
    version = decision.assessment.evidence.version
    unmet = [one for one in decision.requirements if one.requirement.critical and one.outcome is not Outcome.PASS]
    proof = f"{count(len(unmet), 'unmet requirement')} to be proven" if unmet else "no finding may block"
    if as_it_is:
        yield Retry(str(version), _titles(as_it_is), "Check again: what these fixes are about has to hold.")
    made = 0
    for fixes, asked in ((with_data, proof), (warned, "nothing that holds may be lost")):
        if not fixes:
            continue
        made += any(fix.action in NEW_IMAGES for fix in fixes)
        trained = any(fix.action in NEW_MODEL for fix in fixes)
        check = "Train on it, and check with today's model as `--parent`" if trained else "Check the same model on it"
        name = _next(version, made) if made else str(version)
        yield Retry(name, _titles(fixes), f"{check}: {asked}, at thresholds chosen anew on valid.")
    if made:
        stop = "If the weakest requirement did not gain after this, escalate: the data was not what held it back."
        yield Retry("no further version", (), stop)


def _next(version: VersionId, by: int) -> str:
    return "the next version" if version.number is None else str(replace(version, number=version.number + by))


def _titles(fixes: Iterable[Fix]) -> tuple[str, ...]:
    return tuple(fix.title for fix in fixes)
