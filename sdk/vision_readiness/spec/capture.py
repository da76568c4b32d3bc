"""Where the pictures come from: the camera, the data and who agreed to their use, and the images set apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from vision_readiness.project.months import Month, month_named
from vision_readiness.spec.part import Name, Names, Part, Rate
from vision_readiness.spec.pattern import checked_pattern

GOLDEN, CHALLENGE = "golden", "challenge"
SET = "set"
"""The condition whose levels are the golden and the challenge set, so that a requirement can name one in ``where``."""

CAMERA, UNSEEN = "camera", "unseen"
"""The condition whose levels are cameras, and the level of those that took no training image."""


def _width_and_height(value: Any) -> Any:
    """``1920x1080`` as its two numbers; anything else as it is."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*[x×]\s*(\d{1,6})\s*", value) if isinstance(value, str) else None
    return (int(found[1]), int(found[2])) if found else value


def _month(value: Any) -> Any:
    """A month by its full name, where a number or another way to write it means one; anything else as it is."""
    return month_named(str(value)) or value if isinstance(value, str | int) else value


Pixels = Annotated[int, Field(ge=1)]
Resolution = Annotated[tuple[Pixels, Pixels], BeforeValidator(_width_and_height)]


class CameraProfile(Part):
    """What takes the pictures in production. ``resolution`` is width and height in pixels, or such as `1920x1080`."""

    resolution: Resolution | None = None
    angle: Name | None = None
    lens: Name | None = None
    mount: Name | None = None


class Season(Part):
    """A time of the year; ``refresh_by`` is the day by which the data set has to be refreshed for it, or all it says.

    ``months`` says which months it is, by name or number. Then each critical class is asked for its floors on images
    that were taken in them, or that are tagged `season:NAME`, unless it says ``critical: false``.
    """

    refresh_by: date | None = None
    months: tuple[Annotated[Month, BeforeValidator(_month)], ...] = ()
    critical: bool = True

    @model_validator(mode="before")
    @classmethod
    def _only_a_day(cls, value: Any) -> Any:
        return value if isinstance(value, Mapping | cls) else {"refresh_by": value}


class DataPolicy(Part):
    """Where the images come from, who agreed to their use, and how long they are kept."""

    sources: Names = ()
    consent: Name | None = None
    retention: Name | None = None


class ImageSet(Part):
    """Images set apart: an image is in the set when any of the marks fits.

    ``tags`` are `name:value` or a bare tag, ``file_name_pattern`` is a regular expression searched for in the file
    name, ``folders`` are names of folders that the image lies in. An image with the tag `set:golden` (or
    `set:challenge`) is in that set without being named here. ``verified_by`` is who checked the labels one by one.
    """

    tags: Names = ()
    file_name_pattern: Name | None = None
    folders: Names = ()
    verified_by: Name | None = None

    @field_validator("file_name_pattern")
    @classmethod
    def _is_an_expression(cls, pattern: str | None) -> str | None:
        return None if pattern is None else checked_pattern(pattern)


class Agreement(Part):
    """How often two annotators agree on the same image, ``how`` that was measured, and the least that is enough.

    ``of_class`` holds what was measured of single classes. What is asked of a class above the agreement on it is
    beyond what its labels can show.
    """

    measured: Rate | None = None
    how: Name | None = None
    of_class: Mapping[Name, Rate] = Field(default_factory=dict)
    at_least: Rate = 0.85

    def on(self, label: str | None) -> float | None:
        """The agreement on a class, where it was measured, else on everything."""
        return self.of_class.get(label, self.measured) if label is not None else self.measured
