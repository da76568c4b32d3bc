"""Labels to look at, image by image: what the checks found, and the surest answers that no label explains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from vision_readiness.evaluate.examples import FailureExample, FailureKind
from vision_readiness.guide.fix import LabelFix
from vision_readiness.reasons import label

if TYPE_CHECKING:
    from vision_readiness.reasons.reason import Finding

MOST = 60
OF_LABELS = {check.code for check in label.CHECKS}
SURE = 0.8
"""The score from which an answer that is counted as wrong may as well be right, and its label wrong."""


def label_fixes(findings: Iterable[Finding], examples: Iterable[FailureExample]) -> tuple[LabelFix, ...]:
    """Up to 60 things to look at: what is known to be wrong first, then by falling score what may be.

    A suspicion is no finding: it says what to look at, never that the label is wrong.
    """
    known = [
        LabelFix(image, finding.fix, finding.code)
        for finding in findings
        if finding.code in OF_LABELS
        for image in finding.examples
    ]
    suspected = sorted(_suspected(examples), key=lambda pair: (-pair[0], pair[1].where))
    return tuple(dict.fromkeys([*known, *(fix for _, fix in suspected)]))[:MOST]


def _suspected(examples: Iterable[FailureExample]) -> Iterator[tuple[float, LabelFix]]:
    for one in examples:
        if one.score is None or one.score < SURE or one.kind is FailureKind.MISSED:
            continue
        answered = one.answered or one.label
        if one.kind is FailureKind.CONFUSED:
            asked = f"Labelled `{one.label}`, answered `{answered}` with {one.score:.2f}: which is it?"
        else:
            asked = f"Answered `{answered}` with {one.score:.2f} where nothing is labelled: is one there?"
        yield one.score, LabelFix(one.image, asked)
