"""What the checks of a specification look at, and a specification in which they find nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from vision_readiness.spec.capture import Agreement, CameraProfile, DataPolicy, ImageSet, Season
from vision_readiness.spec.model import ClassRule, ConditionRule, DeploymentSpec, RequirementRule
from vision_readiness.spec.operation import OutputContract


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecCase:
    """A specification beside the project it is applied to.

    ``set_images`` counts, for each set that the specification declares, its leak-free test images and its images in
    all. ``cameras`` are those of the leak-free test images, and how many of them took no training image;
    ``months`` are those in which leak-free test images are known to have been taken. Without ``as_of`` no season is
    overdue.
    """

    spec: DeploymentSpec
    project: str
    classes: tuple[str, ...]
    has_boxes: bool = True
    set_images: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    as_of: date | None = None
    cameras: tuple[int, int] = (0, 0)
    months: tuple[str, ...] = ()


def sound() -> SpecCase:
    """A whole specification, signed, of a project with one class."""
    person = ClassRule(
        min_recall=0.9,
        min_precision=0.8,
        includes=("people standing, sitting or lying",),
        excludes=("posters",),
        min_visible_area=0.2,
        truncated="label what is seen",
    )
    golden = {"metric": "recall", "class": "person", "at_least": 0.9, "where": {"set": "golden"}}
    challenge = {"metric": "recall", "class": "person", "at_least": 0.8, "where": {"set": "challenge"}}
    spec = DeploymentSpec(
        project="acme/dock",
        approved_by="Neha Kapoor",
        classes={"person": person},
        conditions={"lighting": ConditionRule(levels={"day": 0.6, "night": 0.4})},
        requirements=(RequirementRule.model_validate(golden), RequirementRule.model_validate(challenge)),
        seasons={"winter": Season(refresh_by=date(2026, 11, 1))},
        camera=CameraProfile(resolution=(1920, 1080), angle="30 degrees down", lens="2.8 mm", mount="dock gate"),
        data=DataPolicy(sources=("dock 1",), consent="signs at the gates", retention="90 days"),
        agreement=Agreement(measured=0.95, how="two annotators, 200 images"),
        golden_set=ImageSet(tags=("set:golden",), verified_by="Neha Kapoor"),
        challenge_set=ImageSet(folders=("hard-cases",)),
        output=OutputContract(
            boxes="xyxy", coordinates="pixels", frame="stored_image", thresholds="per_class", nms="per_class"
        ),
    )
    sets = {"golden": (80, 80), "challenge": (60, 60)}
    return SpecCase(
        spec=spec,
        project="acme/dock/3",
        classes=("person",),
        set_images=sets,
        as_of=date(2026, 6, 1),
        cameras=(3, 1),
    )


def changed(**changes: object) -> SpecCase:
    """The sound specification but for ``changes``."""
    return replace(sound(), spec=sound().spec.model_copy(update=changes))
