"""A transport that gives the answers it was told, and every call there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from vision_readiness.roboflow import (
    Call,
    Request,
    Response,
    RoboflowError,
    Stream,
    annotation,
    evaluation_calls,
    exports,
    health,
    images,
    projects,
    tasks,
    trainings,
    uploads,
    usage,
    versions,
    vision_events,
)

EVENT = vision_events.VisionEvent(
    id=UUID(int=7), use_case="uc-1", at=datetime(2026, 1, 1, tzinfo=UTC), metadata={"state": "ready"}
)

EVERY_CALL: dict[str, Call[Any]] = {
    "key_owner": projects.key_owner(),
    "workspace": projects.workspace("acme"),
    "project": projects.project("acme", "dock"),
    "version": versions.version("acme", "dock", 3),
    "export": exports.export("acme", "dock", 3, "coco"),
    "trainings": trainings.trainings("acme", "dock", 3),
    "training": trainings.training("acme", "dock", 3, "t-1"),
    "training_results": trainings.training_results("acme", "dock", 3),
    "recipe": trainings.recipe("acme", "dock", 3, "rfdetr-medium"),
    "models": trainings.models("acme", "dock"),
    "model": trainings.model("acme", "dock-3-rfdetr-t1"),
    "evaluations": evaluation_calls.evaluations("acme", project="dock"),
    "evaluation": evaluation_calls.evaluation("acme", "e1"),
    "map_results": evaluation_calls.map_results("acme", "e1"),
    "confidence_sweep": evaluation_calls.confidence_sweep("acme", "e1"),
    "performance_by_class": evaluation_calls.performance_by_class("acme", "e1"),
    "confusion_matrix": evaluation_calls.confusion_matrix("acme", "e1"),
    "vector_analysis": evaluation_calls.vector_analysis("acme", "e1"),
    "image_predictions": evaluation_calls.image_predictions("acme", "e1"),
    "recommendations": evaluation_calls.recommendations("acme", "e1"),
    "health": health.health("acme", "dock"),
    "search": images.search("acme", "dock"),
    "search_workspace": images.search_workspace("acme", "tag:night"),
    "image": images.image("acme", "dock", "i1"),
    "tag": images.tag("acme", "dock", "i1", ["fix"]),
    "update_image": images.update_image("acme", images.ImageUpdate(image_id="i1", add_tags=("fix",))),
    "update_images": images.update_images("acme", [images.ImageUpdate(image_id="i1", add_tags=("fix",))]),
    "upload": uploads.upload("dock", "a.jpg", b"pixels", batch="captured"),
    "annotate": uploads.annotate("dock", "i1", "a.xml", "<annotation/>"),
    "batches": annotation.batches("acme", "dock"),
    "batch": annotation.batch("acme", "dock", "b1"),
    "jobs": annotation.jobs("acme", "dock"),
    "job": annotation.job("acme", "dock", "j1"),
    "create_job": annotation.create_job(
        "acme", "dock", name="night", batch_id="b1", images=3, labeler="a@b.c", reviewer="d@e.f"
    ),
    "task": tasks.task("acme", "t1"),
    "write_event": vision_events.write_event(EVENT),
    "write_events": vision_events.write_events([EVENT]),
    "events": vision_events.events("uc-1"),
    "use_cases": vision_events.use_cases(),
    "create_use_case": vision_events.create_use_case("readiness"),
    "usage_check": usage.usage_check(),
    "labelling_stats": usage.labelling_stats("acme"),
    "plan": usage.plan(),
}


def answer(body: Any = None, status: int = 200, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, named, b"" if body is None else json.dumps(body).encode())


@dataclass
class Scripted:
    """Gives ``answers`` in order, the last one ever after; an error among them is raised. Sleeping makes time pass."""

    answers: list[Response | RoboflowError | Callable[[Request], Response]]
    seconds_each: float = 0.0
    chance: float = 0.0
    sent: list[Request] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    now: float = 0.0

    def send(self, request: Request) -> Response:
        self.sent.append(request)
        self.now += self.seconds_each
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(given, RoboflowError):
            raise given
        return given if isinstance(given, Response) else given(request)

    @contextmanager
    def stream(self, request: Request) -> Iterator[Stream]:
        given = self.send(request)
        yield Stream(given.status, given.headers, iter([given.body[:3], given.body[3:]]))

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def perf(self) -> float:
        return self.now

    def random(self) -> float:
        return self.chance
