"""Roboflow's hosted inference, and dedicated deployments: every call costs credits."""

from __future__ import annotations

from collections.abc import Sequence

from vision_readiness.errors import InputError
from vision_readiness.ports import Clock
from vision_readiness.predict.interface import Device
from vision_readiness.project import ProjectVersion, Task
from vision_readiness.roboflow.client import RoboflowClient
from vision_readiness.roboflow.errors import KeyRejectedError
from vision_readiness.roboflow.inference import LARGEST_HOSTED_BYTES, LOWEST_CONFIDENCE, Question
from vision_readiness.roboflow.transport import Request, Transport
from vision_readiness_adapters.remote_model import RemoteModel, card_of, prepared_of
from vision_readiness_adapters.roboflow_http import LiveTransport
from vision_readiness_adapters.roboflow_settings import Secret, Settings, read_settings
from vision_readiness_adapters.this_machine import SystemClock


class HostedModel(RemoteModel):
    """A ``Model`` at a hosted endpoint. Nothing is called before the first picture.

    ``model_id`` is ``project/3``, or ``workspace/model``. ``url`` names a dedicated deployment
    (``https://name.roboflow.cloud``) in place of the serverless endpoint of the settings. The key is ``api_key``, else
    that of Roboflow's own tools. The task and the classes are those of the data set of ``version`` unless given.
    Raises ``InputError`` without a key, or without a task.
    """

    most_bytes = LARGEST_HOSTED_BYTES * 3 // 4 - 3  # base64 makes four bytes of three

    def __init__(
        self,
        model_id: str,
        *,
        version: ProjectVersion | None = None,
        task: Task | None = None,
        classes: Sequence[str] | None = None,
        api_key: str | None = None,
        url: str | None = None,
        device: str = "roboflow-hosted",
        confidence: float = LOWEST_CONFIDENCE,
        iou: float = 0.6,
        max_answers: int = 300,
        workers: int = 4,
        transport: Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        asked = task or (version.dataset.task if version is not None else None)
        if asked is None:
            raise InputError(f"nobody said what task {model_id} is for: give the task, or the version it is judged on")
        question = Question(model_id, asked, confidence, iou, max_answers, prepared_of(version))
        facts = {"endpoint": "serverless"}
        if transport is None:
            settings = _settings(version, api_key, url)
            facts["endpoint"] = settings.inference_url.partition("://")[2]
            transport = LiveTransport(settings)
        client = RoboflowClient(transport)
        card = card_of(question, version, classes)
        super().__init__(question, client, card, Device(device, facts), clock or SystemClock(), workers)

    def _request(self, picture: bytes) -> Request:
        return self.question.v0(picture)

    def _where(self) -> str:
        return f"Roboflow's endpoint for {self.question.model_id}"


def _settings(version: ProjectVersion | None, api_key: str | None, url: str | None) -> Settings:
    known = read_settings(version.id.workspace if version is not None else None)
    key = known.key if api_key is None else Secret(api_key)
    if key is None:
        raise InputError(f"Hosted inference needs a key. {KeyRejectedError.NEXT}")
    return Settings(inference_url=(url or known.inference_url).rstrip("/"), key=key)
