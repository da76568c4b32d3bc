"""Waiting until Roboflow has built an export and gives a link to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.roboflow import exports
from vision_readiness.roboflow.errors import DeadlineError, UnreadableAnswerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision_readiness.roboflow import RoboflowClient
    from vision_readiness_adapters.export_download.store import Wanted

EXPORT_SECONDS = 1800.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 10.0
"""Seconds between two looks: Roboflow's own tools look every second."""


def await_link(
    client: RoboflowClient, wanted: Wanted, show: Callable[[float | None], None], within_seconds: float
) -> str:
    """A fresh link to the export, as soon as there is one; ``show`` is told how far the building is.

    Raises ``DeadlineError`` when it takes longer: corrupted images are known to keep the progress below 100 %
    (https://github.com/roboflow/roboflow-100-benchmark/issues/31).
    """
    version = wanted.version
    call = exports.export(version.workspace or "", version.project, version.number or 0, wanted.format)
    until, pause, progress = client.transport.perf() + within_seconds, FIRST_PAUSE, None
    while True:
        answer = client.send(call.request)
        export = call.value(answer)
        if export.link is not None:
            return export.link
        if answer.status != 202:
            raise UnreadableAnswerError(
                f"Roboflow answered {answer.status} for the {wanted.format} export of {version}, without a link to it."
                f" {UnreadableAnswerError.NEXT}",
                status=answer.status,
                request_id=answer.request_id,
            )
        progress = export.progress if export.progress is not None else progress
        show(progress)
        if client.transport.perf() + pause > until:
            raise DeadlineError(_late(wanted, progress, within_seconds))
        client.transport.sleep(pause)
        pause = min(LONGEST_PAUSE, 1.5 * pause)


def _late(wanted: Wanted, progress: float | None, within_seconds: float) -> str:
    at = f", which stands at {100 * progress:.0f} %" if progress is not None else ""
    return (
        f"Roboflow has not built the {wanted.format} export of {wanted.version} in {within_seconds / 60:.0f} minutes"
        f"{at}. Try again later; if it stays so, export the version in the app: a corrupted image can hold it up."
    )
