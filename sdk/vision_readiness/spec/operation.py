"""How the model is run: the device and its budgets, what it returns, who watches it, and the way back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vision_readiness.spec.part import Name, Names, Part, Positive, Rate


class DeploymentTarget(Part):
    """Where the model will run and what it may take there; a budget that is ``None`` is not asked for.

    ``throughput`` is in images a second, all cameras together; where ``fps_per_camera`` is given too, the larger of
    the two is asked for. ``cost_per_1000_images`` and ``price_per_hour`` of the device are in one currency, yours.
    """

    device: Name
    kind: Literal["cloud", "edge", "api"] | None = None
    p50_ms: Positive | None = None
    p95_ms: Positive | None = None
    p99_ms: Positive | None = None
    memory_mb: Positive | None = None
    cameras: Annotated[int, Field(ge=1)] = 1
    fps_per_camera: Positive | None = None
    throughput: Positive | None = None
    cost_per_1000_images: Positive | None = None
    price_per_hour: Positive | None = None

    @property
    def frames_per_second(self) -> float | None:
        """What all cameras together need; ``None`` where nothing is asked for."""
        of_cameras = None if self.fps_per_camera is None else self.cameras * self.fps_per_camera
        return max((one for one in (of_cameras, self.throughput) if one is not None), default=None)


class OutputContract(Part):
    """What is returned, and how the systems behind it read it.

    ``boxes`` is the order of the numbers, ``coordinates`` their unit, ``frame`` the picture they are in: the one
    that was stored, or the resized one that the model sees. ``thresholds`` says whether one score counts for all
    classes; ``nms`` and ``nms_iou`` say which overlapping answers are dropped.
    """

    boxes: Literal["xyxy", "xywh", "cxcywh", "polygon", "mask"] | None = None
    coordinates: Literal["pixels", "normalised"] | None = None
    frame: Literal["stored_image", "model_input"] | None = None
    thresholds: Literal["fixed", "per_class"] | None = None
    nms: Literal["per_class", "class_agnostic", "none"] | None = None
    nms_iou: Rate | None = None
    consumer: Name | None = None


class Monitoring(Part):
    """Whether the model has to be watched in production, and what watches it once somebody has set that up.

    ``signals`` are what is watched, ``review`` is who labels uncertain cases and how soon, ``retrain`` is how often.
    """

    required: bool = False
    in_place: Name | None = None
    signals: Names = ()
    review: Name | None = None
    retrain: Name | None = None


class Fallback(Part):
    """What the system does when the model is unsure, meets what it was not trained on, or gets worse over time."""

    on_low_confidence: Name | None = None
    on_unknown_object: Name | None = None
    on_degradation: Name | None = None


class Rollout(Part):
    """How a version reaches production, what takes it back without a discussion, and who has to agree first.

    Without ``sign_off`` nobody is asked; with it each person named has to sign the very report that is rolled out.
    """

    strategy: Literal["shadow", "canary", "staged", "all_at_once"] | None = None
    rollback_triggers: Names = ()
    sign_off: Names = ()
