"""What the pages say beside the report's own words: times, efforts, and where a run is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from vision_readiness.numbers import count
from vision_readiness.readiness import Action
from vision_readiness.report import Report, deployable_on
from vision_readiness_webhook.store.people import FixStep
from vision_readiness_webhook.store.reports import EXPIRED, NOT_PROVEN, ReportRow
from vision_readiness_webhook.store.runs import Run, RunState
from vision_readiness_webhook.unblock import DEPLOYABLE, UNKNOWN

BADGES = {
    "ready": "Ready",
    "warning": "Warning",
    "monitor_required": "Monitor required",
    "retrain_required": "Retrain required",
    "blocked": "Blocked",
    "not_proven": "Not proven",
    "expired": "Expired",
}
"""The states as they are filtered by: blocked for want of evidence is one of its own, and so is what has run out."""

STEPS = {
    FixStep.OPENED: "Opened",
    FixStep.RELABEL_STARTED: "Relabelling started",
    FixStep.RETRAIN_STARTED: "Retraining started",
    FixStep.DONE: "Done",
}
RUNS = {
    RunState.QUEUED: "Waiting for its turn",
    RunState.RUNNING: "Running",
    RunState.SUCCEEDED: "Done",
    RunState.FAILED: "Failed",
    RunState.SUPERSEDED: "Replaced by a newer run",
    RunState.DEAD: "Given up",
}
SLOW_SECONDS = 60.0
"""After so long without a word of a run, the page says what may be the matter."""


def state_of(row: ReportRow, today: date | None = None) -> str:
    """The state of a row, as ``BADGES`` has it; as it was decided, or as it is ``today``."""
    if today is not None and row.readiness_state.deployable and not deployable_on(row, today):
        return EXPIRED
    return NOT_PROVEN if row.blocked_by == "evidence" else row.state


def tone_of(state: str) -> str:
    """The colour of a state."""
    return "evidence" if state in (NOT_PROVEN, EXPIRED) else state


def effort_words(minutes: float) -> str:
    """What the way out costs, roughly.

    >>> effort_words(30), effort_words(60), effort_words(200), effort_words(2000)
    ('Half an hour', 'About 1 hour', 'About 3 hours', 'About 4 days of work')
    """
    if minutes >= DEPLOYABLE:
        return "Can be released"
    if minutes >= UNKNOWN:
        return "Not known yet"
    if minutes < 45:
        return "Half an hour"
    hours = round(minutes / 60)
    return f"About {count(hours, 'hour')}" if hours < 12 else f"About {count(round(hours / 8), 'day')} of work"


def deploy_words(report: Report) -> str:
    """What the one button says, once all that was to be read has been read."""
    device = report.rollout.target.get("device")
    monitored = report.next_action.action is not Action.DEPLOY
    return f"Deploy{' with monitoring' if monitored else ''}{f' to {device}' if device else ''}"


def day(at: float) -> str:
    """A moment as people write it, such as ``20 Nov 2026, 12:05 UTC``."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def moment(at: float) -> str:
    """A moment as machines write it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def ago(at: float, now: float) -> str:
    """How long ago a moment was.

    >>> ago(0, 30), ago(0, 300), ago(0, 7200), ago(0, 200000)
    ('just now', '5 minutes ago', '2 hours ago', '2 days ago')
    """
    seconds = now - at
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return f"{count(int(seconds // size), name)} ago"
    return "just now"


def left_words(seconds: float | None) -> str:
    """How long a stage still takes.

    >>> left_words(None), left_words(20), left_words(400)
    ('', 'under a minute left', 'about 7 minutes left')
    """
    if seconds is None:
        return ""
    return "under a minute left" if seconds < 60 else f"about {count(round(seconds / 60), 'minute')} left"


def done_words(run: Run) -> str:
    """How far the stage is, such as ``120 of 400``; empty where it counts nothing."""
    return "" if run.total is None else f"{run.done or 0:,} of {run.total:,}"


def is_slow(run: Run, now: float) -> bool:
    """Whether a run that is not over has had nothing new to say for a while."""
    since = run.stage_at or run.accepted_at
    return not run.state.is_over and now - since > SLOW_SECONDS


def because_words(because: str) -> str:
    """Why a run was asked for."""
    return {
        "version.created": "a new version",
        "model.trained": "a newly trained model",
        "spec.changed": "a specification or an accepted risk that changed or ended",
        "dataset.changed": "a changed data set",
        "scan": "somebody asked",
    }.get(because, because)
