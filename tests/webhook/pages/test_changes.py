from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sdk.render import reports
from vision_readiness.readiness import Action, NextAction
from vision_readiness.report import Report
from vision_readiness_webhook.pages.changes import changes_between

BLOCKED = reports.blocked()


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (BLOCKED, BLOCKED, "Nothing changes."),
        (
            BLOCKED,
            replace(BLOCKED, next_action=NextAction(Action.TRAIN, "Train")),
            "Every outcome stays the same, but something else is next.",
        ),
        (
            BLOCKED,
            replace(BLOCKED, requirements=BLOCKED.requirements[:3]),
            "The state stays the same; some requirements come out differently.",
        ),
        (BLOCKED, reports.retrain(), "It is closer to a release."),
        (BLOCKED, reports.warning(), "It can be released."),
        (reports.warning(), reports.ready(), "It is closer to a release."),
        (reports.ready(), BLOCKED, "It is further from a release."),
    ],
)
def test_a_change_comes_to_one_sentence(before: Report, after: Report, verdict: str) -> None:
    assert changes_between(after, before).verdict == verdict
