"""Work that Roboflow goes on with after it has answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from vision_readiness.roboflow.call import Call, reading
from vision_readiness.roboflow.payload import Anything, Count, Id, Payload, Text, mapping, text
from vision_readiness.roboflow.transport import Request, path_of

POLL_SECONDS = 5.0


class TaskHandle(Payload):
    """The receipt for a task."""

    task_id: Id


def _reason(value: object) -> str | None:
    return text(value) or text(mapping(value).get("message"))


class TaskProgress(Payload):
    """How much of how much is done."""

    current: Count = None
    total: Count = None


class AsyncTask(Payload):
    """A task: ``pending``, ``running``, ``completed`` or ``failed``."""

    task_id: Annotated[Id, Field(validation_alias=AliasChoices("taskId", "id"))]
    status: Text = None
    progress: TaskProgress = TaskProgress()
    result: Anything = Field(default_factory=dict)
    error: Annotated[str | None, BeforeValidator(_reason)] = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ("completed", "failed")


def task(workspace: str, task_id: str) -> Call[AsyncTask]:
    """How far a task is; ask again after ``POLL_SECONDS``.

    ``GET /{ws}/asynctasks/{id}``: roboflow-python, adapters/rfapi.py (2026-07)
    """
    return Call(Request("GET", path_of(workspace, "asynctasks", task_id)), reading(AsyncTask))
