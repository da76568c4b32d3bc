"""Runs over HTTP: all of them, one as it goes, and one again."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from vision_readiness_webhook.access import Role
from vision_readiness_webhook.api.cursor import Page, PageAsked, page_of, unpack
from vision_readiness_webhook.api.names import Slug
from vision_readiness_webhook.api.operation import Answer, Call, Nothing, Operation, log, not_found
from vision_readiness_webhook.api.shown import RunShown, Ticket, run_shown
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.intake import Arrival
from vision_readiness_webhook.store.runs import Run, RunState, find_run, list_runs


class RunsAsked(PageAsked):
    """Which runs."""

    project: Slug | None = None
    state: RunState | None = Field(None, description="those in this state; `dead` are those nobody could finish")


def show_runs(call: Call[RunsAsked, Nothing]) -> Answer:
    """The runs of the workspace, the last asked for first."""
    asked = call.query
    before = unpack(asked.cursor, int)[0] if asked.cursor else None
    states = [] if asked.state is None else [asked.state]
    with call.service.database.read() as connection:
        rows = list_runs(
            connection, call.workspace, project=asked.project, states=states, before=before, most=asked.limit + 1
        )
    shown, following = page_of(rows, asked.limit, lambda run: (run.sequence,))
    return Answer(Page[RunShown](items=tuple(run_shown(call, run) for run in shown), next=following))


def show_run(call: Call[Nothing, Nothing]) -> Answer:
    """Where the run is."""
    return Answer(run_shown(call, _run(call)))


def replay_run(call: Call[Nothing, Nothing]) -> Answer:
    """A new run that asks for the same. Asked twice before it ended well, it is one."""
    run = _run(call)
    if not run.state.is_over:
        raise ProblemError(409, "not-replayable", "The run is not over yet.")
    receipt = call.service.intake.accept(Arrival(run.again()))
    log(call, "run.replayed", run.project, {"run": run.run_id, "again": receipt.run_id})
    url = call.url(f"/runs/{receipt.run_id}")
    return Answer(Ticket(run=receipt.run_id, url=url, new=receipt.is_new), 202, {"location": url})


def _run(call: Call[Nothing, Nothing]) -> Run:
    with call.service.database.read() as connection:
        run = find_run(connection, call.path["run_id"])
    if run is None or run.workspace != call.workspace:
        raise not_found("run")
    return run


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        "GET",
        "/runs",
        "list_runs",
        "The runs of the workspace, the last asked for first.",
        Role.SUPPORT,
        {200: Page[RunShown]},
        show_runs,
        RunsAsked,
        Nothing,
    ),
    Operation(
        "GET",
        "/runs/{run_id}",
        "show_run",
        "Where a run is: its stage, how many of how many, and how long it may still take.",
        Role.SUPPORT,
        {200: RunShown},
        show_run,
        Nothing,
        Nothing,
    ),
    Operation(
        "POST",
        "/runs/{run_id}/replay",
        "replay_run",
        "Have the same computed again.",
        Role.EDITOR,
        {202: Ticket},
        replay_run,
        Nothing,
        Nothing,
        ("not-replayable",),
    ),
)
