"""A plan carried out over Roboflow's API: each step asks whether it is there before it writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from vision_readiness.errors import InputError, SourceError
from vision_readiness.publish import Published, Step, StepResult, WriteBack
from vision_readiness.publish.interface import EdgeCases, EventNote, ImageMarks, LabelJob
from vision_readiness.report import digest_of
from vision_readiness.roboflow import RoboflowClient
from vision_readiness_adapters.export_download import store_folder
from vision_readiness_adapters.progress_bar import Quiet
from vision_readiness_adapters.write_back.events import write_note
from vision_readiness_adapters.write_back.journal import Journal, open_journal
from vision_readiness_adapters.write_back.labelling import ask_for_labels, upload_files
from vision_readiness_adapters.write_back.marks import mark_images

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vision_readiness.ports import Progress

JOURNALS = "write-back"


class RoboflowPublisher:
    """A ``Publisher`` to the Roboflow that ``client`` sees; what is done is remembered in ``folder``.

    Safe to repeat, in any thread or process: what is there is left alone. A task is awaited
    ``task_seconds``, and another process that writes the same ``busy_seconds``.
    """

    def __init__(
        self,
        client: RoboflowClient,
        folder: Path,
        progress: Progress | None = None,
        *,
        task_seconds: float = 600.0,
        busy_seconds: float = 900.0,
    ) -> None:
        self.client = client
        self.folder = folder
        self._progress = progress or Quiet()
        self._task_seconds, self._busy_seconds = task_seconds, busy_seconds

    def __repr__(self) -> str:
        return f"RoboflowPublisher({str(self.folder)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections to Roboflow."""
        close = getattr(self.client.transport, "close", None)
        if close is not None:
            close()

    def publish(self, plan: WriteBack) -> Published:
        """The result of each step of ``plan``, in order; raises ``PublishError`` while another process writes.

        A step that fails says why, and the others are tried all the same.
        """
        name = digest_of(plan.report_id, plan.workspace, plan.project)
        with open_journal(self.folder, name, self._busy_seconds) as journal:
            came_of_it: list[StepResult] = []
            for step in plan.steps:
                came_of_it.append(self._carry_out(step, plan, journal, came_of_it))
            return Published(plan.report_id, tuple(came_of_it))

    def _carry_out(self, step: Step, plan: WriteBack, journal: Journal, before: Sequence[StepResult]) -> StepResult:
        if step.key in journal:
            return StepResult(step, there=step.count)
        if isinstance(step.work, LabelJob) and _lacks_images(step.work.batch, before):
            return StepResult(step, because=(f"The batch `{step.work.batch}` lacks images that are to be labelled.",))
        try:
            result = self._written(step, plan, journal)
        except (SourceError, InputError) as error:
            return StepResult(step, because=(str(error),))
        if result.is_whole:
            journal.add(step.key)
        return result

    def _written(self, step: Step, plan: WriteBack, journal: Journal) -> StepResult:
        work = step.work
        if isinstance(work, EventNote):
            return write_note(self.client, step, work)
        if isinstance(work, ImageMarks):
            return mark_images(self.client, plan, step, work, self._progress, self._task_seconds)
        if isinstance(work, EdgeCases):
            return upload_files(self.client, plan, step, work, journal, self._progress)
        return ask_for_labels(self.client, plan, step, work)


def _lacks_images(batch: str, before: Sequence[StepResult]) -> bool:
    """Whether a batch was not filled: a job that is made now would leave out for ever what comes later."""
    filled = [row for row in before if isinstance(row.step.work, EdgeCases) and row.step.work.batch == batch]
    return not all(row.is_whole for row in filled)


def open_publisher(
    workspace: str | None = None,
    *,
    api_key: str | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> RoboflowPublisher:
    """A publisher to the live service, with ``api_key``, else the key that is found for ``workspace``.

    What is done is remembered in ``folder``, else beside the exports that are kept of the same Roboflow. Raises
    ``KeyRejectedError`` where there is no key.
    """
    from vision_readiness.roboflow.errors import KeyRejectedError
    from vision_readiness_adapters.roboflow_http import LiveTransport
    from vision_readiness_adapters.roboflow_settings import read_settings

    settings = read_settings(workspace)
    settings = settings if api_key is None else settings.with_key(api_key)
    if settings.key is None:
        raise KeyRejectedError(f"To write to Roboflow a key is needed. {KeyRejectedError.NEXT}")
    kept = folder or journals_in(store_folder(settings.api_url))
    return RoboflowPublisher(RoboflowClient(LiveTransport(settings)), kept, progress)


def journals_in(store: Path) -> Path:
    """Where the journals are kept, beside the exports of the same Roboflow."""
    return store / JOURNALS
