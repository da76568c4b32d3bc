"""A Roboflow ``inference`` server that somebody runs: on this machine, on a device in the field, in a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from vision_readiness.errors import InputError, ModelError, TaskError
from vision_readiness.ports import Clock
from vision_readiness.predict.interface import Device
from vision_readiness.project import ProjectVersion, Task
from vision_readiness.roboflow.call import Call
from vision_readiness.roboflow.client import RoboflowClient
from vision_readiness.roboflow.errors import DeadlineError, NoAnswerError, RoboflowError
from vision_readiness.roboflow.inference import (
    LOWEST_CONFIDENCE,
    SERVER_TASKS,
    LoadedModel,
    Question,
    load_model,
    loaded_models,
    server_info,
)
from vision_readiness.roboflow.retry import RetryPolicy
from vision_readiness.roboflow.transport import Request, Response, Transport
from vision_readiness_adapters.remote_model import RemoteModel, card_of, prepared_of
from vision_readiness_adapters.roboflow_http import LiveTransport
from vision_readiness_adapters.roboflow_settings import Secret, Settings
from vision_readiness_adapters.this_machine import SystemClock, machine_facts

T = TypeVar("T")
NEAR = frozenset({"localhost", "127.0.0.1", "::1"})


class ServerModel(RemoteModel):
    """A ``Model`` on the server at ``url``, such as ``http://localhost:9001``, which loads it now if it has not.

    ``model_id`` is ``project/3``, or ``workspace/model``. The server gets no key but ``api_key``, which it needs only
    to fetch a model that it does not hold. The task is the server's own; it has to be that of ``version``. Routes v1
    are used where there are any, else v0, unless ``route`` says which. ``device`` is what the spec calls the device the
    server runs on. Raises ``ModelError`` where there is no server or it cannot load the model, ``TaskError``
    where the model is for another task.
    """

    def __init__(
        self,
        url: str,
        model_id: str,
        *,
        version: ProjectVersion | None = None,
        task: Task | None = None,
        classes: Sequence[str] | None = None,
        api_key: str | None = None,
        route: Literal["v0", "v1"] | None = None,
        device: str | None = None,
        confidence: float = LOWEST_CONFIDENCE,
        iou: float = 0.6,
        max_answers: int = 300,
        workers: int = 2,
        transport: Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        address = _address(url)
        self.url = address
        self._key = None if api_key is None else Secret(api_key)
        wanted = task or (version.dataset.task if version is not None else None)
        question = Question(model_id, wanted or Task.DETECTION, confidence, iou, max_answers, prepared_of(version))
        settings = Settings(inference_url=address, key=self._key)
        self._server = RoboflowClient(transport or LiveTransport(settings), RetryPolicy(retries=0))
        clock = clock or SystemClock()
        facts = self._facts()
        began = clock.perf()
        was_loaded, own_task = self._loaded(question)
        self._load_seconds = clock.perf() - began if was_loaded is False else None
        question = replace(question, task=_agreed(question.model_id, wanted, own_task))
        self._route = route or self._best_route(question)
        host = urlsplit(address).hostname or ""
        on = Device(device or ("this-machine" if host in NEAR else host), facts)
        card = card_of(question, version, classes)
        super().__init__(question, RoboflowClient(self._server.transport), card, on, clock, workers)

    @property
    def cold_seconds(self) -> float | None:
        """The seconds that the first answer took, and loading the model before it; ``None`` where it was loaded."""
        first = super().cold_seconds
        return None if first is None or self._load_seconds is None else self._load_seconds + first

    def _request(self, picture: bytes) -> Request:
        return self.question.v0(picture) if self._route == "v0" else self._with_key(self.question.v1(picture))

    def _with_key(self, request: Request) -> Request:
        """The key stands in the body as well, where every server reads it."""
        return request if self._key is None else replace(request, json={**request.json, "api_key": self._key.reveal()})

    def _where(self) -> str:
        return f"the server at {self.url}"

    def _is_cold(self, response: Response) -> bool | None:
        return self._load_seconds is not None

    def _told(self, error: RoboflowError) -> str:
        if isinstance(error, DeadlineError):
            return f"{self._where()} did not answer in time: look at its log, or send fewer pictures at once"
        if isinstance(error, NoAnswerError):
            return f"{self._where()} cannot be reached: is it running, and is the address right?"
        said = f": {error.said.rstrip('. ')}" if error.said else ""
        return f"{self._where()} answered {error.status}{said}. Look at its log{_next(error.status, self._key)}"

    def _facts(self) -> dict[str, str]:
        """What the server tells of itself, and what is known of the machine where that is this one."""
        here = machine_facts() if urlsplit(self.url).hostname in NEAR else {}
        said = self._optional(server_info())
        return {**here, "inference": said.version} if said is not None and said.version else here

    def _loaded(self, question: Question) -> tuple[bool | None, str | None]:
        """Whether the server held the model before it was asked to, and what it says the task is; ``None``: unsaid."""
        held = self._optional(loaded_models())
        if held is None:  # a server without a registry loads a model when it is asked of a picture
            return None, None
        row = _row(held, question.model_id)
        if row is not None:
            return True, row.task_type
        load = load_model(question.model_id)
        try:
            held = self._server.run(replace(load, request=self._with_key(load.request)))
        except DeadlineError:
            told = f"{self._where()} has not loaded it yet, but may be at it: try again in a while"
        except RoboflowError as error:
            told = self._told(error)
        else:
            row = _row(held, question.model_id)
            return False, row.task_type if row is not None else None
        raise ModelError(f"{question.model_id} cannot be loaded: {told}")

    def _best_route(self, question: Question) -> Literal["v0", "v1"]:
        """v1 where the route finds fault with an empty question: where it is absent, v0 takes it for a model's name."""
        try:
            self._server.send(self._with_key(replace(question.v1(b""), json={})))
        except RoboflowError as error:
            return "v1" if error.status == 422 else "v0"
        return "v0"

    def _optional(self, call: Call[T]) -> T | None:
        """What the server says, ``None`` where it does not know the route; raises ``ModelError`` where it is not."""
        try:
            return self._server.run(call)
        except NoAnswerError as error:
            told = self._told(error)
        except RoboflowError:
            return None
        raise ModelError(told)


def _row(held: Sequence[LoadedModel], model_id: str) -> LoadedModel | None:
    return next((row for row in held if row.model_id == model_id), None)


def _agreed(model_id: str, wanted: Task | None, own: str | None) -> Task:
    """The task that is asked for, where the server agrees or does not say; else the server's own."""
    if wanted is not None and own in (None, SERVER_TASKS[wanted]):
        return wanted
    if wanted is not None:
        raise TaskError(f"{model_id} is a model for {own} on the server, and the data set is for {wanted.value}")
    fits = [task for task, name in SERVER_TASKS.items() if name == own]
    if len(fits) != 1:
        raise InputError(f"the server does not say exactly what task {model_id} is for: give the task or the version")
    return fits[0]


def _address(url: str) -> str:
    """The address without a slash at its end; ``http`` where no scheme is given."""
    whole = (url if "://" in url else f"http://{url}").rstrip("/")
    try:
        parts = urlsplit(whole)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment or parts.username:
        raise InputError("a server's address is like http://localhost:9001, without a query or a password")
    return whole


def _next(status: int | None, key: Secret | None) -> str:
    if status in (400, 401, 403, 503) and key is None:
        return ". A model that it does not hold yet it can fetch only with a key; none was sent"
    return ""
