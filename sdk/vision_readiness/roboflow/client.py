"""The verbs of Roboflow's API, over a transport."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from tenacity import RetryCallState, Retrying

from vision_readiness.roboflow import (
    annotation,
    evaluation_calls,
    exports,
    health,
    images,
    projects,
    tasks,
    trainings,
    versions,
)
from vision_readiness.roboflow.annotation import Batch, Job
from vision_readiness.roboflow.call import Call
from vision_readiness.roboflow.errors import DeadlineError, NotFoundError, RoboflowError, ServerFailedError, error_of
from vision_readiness.roboflow.evaluations import Evaluation
from vision_readiness.roboflow.exports import Export
from vision_readiness.roboflow.health import Health
from vision_readiness.roboflow.images import Image, ImageRow
from vision_readiness.roboflow.pages import paged_by_offset, paged_by_token
from vision_readiness.roboflow.projects import Project, ProjectVersions, Workspace
from vision_readiness.roboflow.redact import plain
from vision_readiness.roboflow.retry import RetryPolicy
from vision_readiness.roboflow.tasks import AsyncTask, TaskHandle
from vision_readiness.roboflow.trainings import TrainedModel, Training, TrainingRow
from vision_readiness.roboflow.transport import Request, Response, Stream, Transport
from vision_readiness.roboflow.unavailable import Unavailable, unavailable
from vision_readiness.roboflow.versions import Version

T = TypeVar("T")
MOST_OF_AN_ERROR = 65536


@dataclass(frozen=True, slots=True)
class RoboflowClient:
    """Roboflow behind ``transport``. A call that has no verb here goes through ``run``."""

    transport: Transport
    policy: RetryPolicy = field(default_factory=RetryPolicy)

    def run(self, call: Call[T]) -> T:
        """The value of ``call``, made again where that may help; raises ``RoboflowError``."""
        return call.value(self.send(call.request))

    def send(self, request: Request) -> Response:
        """The 2xx answer to ``request``; raises ``RoboflowError`` for any other, after retries."""

        def once(due: Request) -> Response:
            response = self.transport.send(due)
            if not 200 <= response.status < 300:
                raise error_of(due, response)
            return response

        return self._persist(request, once)

    @contextmanager
    def stream(self, request: Request) -> Iterator[Stream]:
        """The 2xx answer to ``request`` as it comes; asked for again until it begins, and not after."""

        def once(due: Request) -> tuple[Stream, ExitStack]:
            with ExitStack() as stack:
                stream = stack.enter_context(self.transport.stream(due))
                if not 200 <= stream.status < 300:
                    raise error_of(due, Response(stream.status, stream.headers, _beginning(stream)))
                return stream, stack.pop_all()

        stream, opened = self._persist(request, once)
        with opened:
            yield stream

    def optional(self, call: Call[T]) -> T | Unavailable:
        """The value of a ``call`` that can be done without, or why it is not to be had.

        So are evaluations and health: a workspace may lack the plan, the key the scope, the project the thing.
        """
        try:
            return self.run(call)
        except RoboflowError as error:
            closed = unavailable(error)
            if closed is None:
                raise
            return closed

    def workspace(self, name: str | None = None) -> Workspace:
        """A workspace with its projects; without a name the one that the key belongs to."""
        return self.run(projects.workspace(name or self.run(projects.key_owner()).workspace))

    def projects(self, workspace: str | None = None) -> tuple[Project, ...]:
        """The projects of a workspace."""
        return self.workspace(workspace).projects

    def versions(self, workspace: str, project: str) -> ProjectVersions:
        """A project with its versions, newest first."""
        return self.run(projects.project(workspace, project))

    def version(self, workspace: str, project: str, number: int) -> Version:
        """A version with its training results.

        Raises ``NotFoundError``, naming the versions there are, when there is none: Roboflow answers 404, or 500,
        and only its list of versions tells that 500 from trouble of its own.
        """
        try:
            return self.run(versions.version(workspace, project, number))
        except (NotFoundError, ServerFailedError) as error:
            missing = self._missing(workspace, project, number, error)
        raise missing

    def _missing(self, workspace: str, project: str, number: int, error: RoboflowError) -> RoboflowError:
        """The error that says what there is instead; the same when the version is listed, or the list is not had."""
        if isinstance(error, ServerFailedError) and error.status != 500:
            return error
        try:
            listed = self.versions(workspace, project).numbers()
        except NotFoundError as no_project:
            return no_project
        except RoboflowError:
            return error
        if number in listed:
            return error
        there = ", ".join(map(str, listed[-10:])) or "none"
        return NotFoundError(
            f"{workspace}/{project} has no version {number}; there is {there}. {NotFoundError.NEXT}",
            status=error.status,
            request_id=error.request_id,
        )

    def export(self, workspace: str, project: str, number: int, format_: str) -> Export:
        """How far the export of a version is; its link is fresh."""
        return self.run(exports.export(workspace, project, number, format_))

    def trainings(self, workspace: str, project: str, number: int) -> tuple[TrainingRow, ...]:
        """The trainings of a version; there may be several, or none."""
        return self.run(trainings.trainings(workspace, project, number))

    def training(self, workspace: str, project: str, number: int, training_id: str) -> Training:
        """A training with its models."""
        return self.run(trainings.training(workspace, project, number, training_id))

    def trained_models(self, workspace: str, project: str, number: int) -> tuple[TrainedModel, ...]:
        """The models of all trainings of a version: which one is judged is for a person to say."""
        found = (
            self.training(workspace, project, number, row.training_id)
            for row in self.trainings(workspace, project, number)
        )
        return tuple({model.model_id: model for training in found for model in training.models}.values())

    def models(self, workspace: str, project: str) -> tuple[TrainedModel, ...]:
        """The models of a project."""
        return self.run(trainings.models(workspace, project))

    def evaluations(
        self, workspace: str, *, project: str, number: int | None = None, model: str | None = None
    ) -> tuple[Evaluation, ...] | Unavailable:
        """Roboflow's evaluations of a project, held to a version or a model where one is given.

        One that names no model may be of any.
        """
        found = self.optional(evaluation_calls.evaluations(workspace, project=project))
        if isinstance(found, Unavailable):
            return found
        fits = (row for row in found if number is None or row.version == str(number))
        return tuple(row for row in fits if model is None or row.model_id in (None, model))

    def health(self, workspace: str, project: str) -> Health | Unavailable:
        """The health of a project, which says nothing of a version."""
        return self.optional(health.health(workspace, project))

    def search(self, workspace: str, project: str, **wanted: Any) -> Iterator[ImageRow]:
        """The images of a project that have what is ``wanted`` (see ``images.search``), page after page."""
        return paged_by_offset(lambda offset: self.run(images.search(workspace, project, offset=offset, **wanted)))

    def search_workspace(self, workspace: str, query: str) -> Iterator[ImageRow]:
        """The images of a workspace that a RoboQL ``query`` finds, page after page."""
        return paged_by_token(lambda token: self.run(images.search_workspace(workspace, query, token=token)))

    def image(self, workspace: str, project: str, image_id: str) -> Image:
        """An image with its labels, tags and addresses."""
        return self.run(images.image(workspace, project, image_id))

    def tags(self, workspace: str, project: str, image_id: str) -> tuple[str, ...]:
        """The tags of an image."""
        return self.image(workspace, project, image_id).tags

    def batches(self, workspace: str, project: str) -> tuple[Batch, ...]:
        """The batches of uploaded images."""
        return self.run(annotation.batches(workspace, project))

    def jobs(self, workspace: str, project: str) -> tuple[Job, ...]:
        """The annotation jobs."""
        return self.run(annotation.jobs(workspace, project))

    def finish(self, workspace: str, handle: TaskHandle, *, within_seconds: float = 600.0) -> AsyncTask:
        """The task once it is over, failed or not; raises ``DeadlineError`` when it is not in time."""
        until = self.transport.perf() + within_seconds
        while not (task := self.run(tasks.task(workspace, handle.task_id))).is_over:
            if self.transport.perf() + tasks.POLL_SECONDS > until:
                raise DeadlineError(f"Roboflow's task {plain(handle.task_id)} is not over yet. {DeadlineError.NEXT}")
            self.transport.sleep(tasks.POLL_SECONDS)
        return task

    def _persist(self, request: Request, once: Callable[[Request], T]) -> T:
        """What ``once`` gives for ``request``, tried as the policy says, under one key and one deadline."""
        due, began = self._keyed(request), self.transport.perf()

        def left() -> float:
            return due.deadline_seconds - (self.transport.perf() - began)

        def pause(state: RetryCallState, remaining: float, chance: float) -> float | None:
            error = state.outcome.exception() if state.outcome is not None else None
            if not isinstance(error, RoboflowError):
                return None
            return self.policy.pause(error.failure, state.attempt_number, remaining, chance)

        persistent = Retrying(
            retry=lambda state: pause(state, left(), 0.0) is not None,
            wait=lambda state: pause(state, math.inf, self.transport.random()) or 0.0,
            sleep=self.transport.sleep,
        )
        return persistent(lambda: once(replace(due, deadline_seconds=max(left(), 0.001))))

    def _keyed(self, request: Request) -> Request:
        """``request`` with a key that all its attempts share, if it writes."""
        if request.method == "GET" or request.idempotency_key is not None:
            return request
        drawn = [int(self.transport.random() * 2**52) for _ in range(2)]
        return replace(request, idempotency_key="vr-" + "".join(f"{part:013x}" for part in drawn))


def _beginning(stream: Stream) -> bytes:
    taken = bytearray()
    for chunk in stream.chunks:
        taken += chunk
        if len(taken) >= MOST_OF_AN_ERROR:
            break
    return bytes(taken[:MOST_OF_AN_ERROR])
