"""Settings of one artefact from several sources, merged: the strongest wins, the others are quoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from vision_readiness.errors import ModelError
from vision_readiness.predict.settings import ModelSettings
from vision_readiness.predict.tensor_model import TensorInput
from vision_readiness.project import Preprocessing, ProjectVersion

FLAG, SIDECAR, METADATA, VERSION, DETECTED = "flag", "sidecar", "metadata", "version", "detected"
DATASET = "data set"
"""Where the classes of a model out of reach are known from."""
PREPROCESSING = ("width", "height", "resize", "padding", "bgr", "grayscale", "unit_range", "mean", "std")
HOW = PREPROCESSING[2:]
"""What changes the numbers a model is given; its size is seen in the model itself."""


@dataclass(frozen=True, slots=True)
class Word:
    """The winning value of each field with its origin, and sentences on those who disagreed or were not understood."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]
    conflicts: tuple[str, ...]
    notes: tuple[str, ...] = ()


def merge(said: Mapping[str, ModelSettings], version: ProjectVersion | None) -> Word:
    """The strongest word on each field; ``said`` maps an origin to what it says, strongest first, the version last.

    The version's settings made the images, not the model, so their difference from the model's is no conflict here.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    conflicts: list[str] = []
    notes: list[str] = []
    for origin, settings in {**said, VERSION: _of_version(version)}.items():
        for name, value in settings.said().items():
            if name not in values:
                values[name], origins[name] = value, origin
            elif values[name] != value and origin != VERSION:
                conflicts.append(
                    f"The {origin} says {name} is {_worded(value)}, the {origins[name]} says {_worded(values[name])}; "
                    f"the {origins[name]} is followed."
                )
        for key, because in settings.unread.items():
            (conflicts if key in HOW else notes).append(f"The {origin}'s {because}; it is ignored.")
    return Word(values, origins, tuple(conflicts), tuple(notes))


def fix_size(word: Word, taken: TensorInput) -> Word:
    """``word`` with the input's width and height: the model's own where fixed, else as told.

    Raises ``ModelError`` where a flag or settings file contradicts a fixed size, or nothing says a free one.
    """
    values, origins, conflicts = dict(word.values), dict(word.origins), list(word.conflicts)
    for name, fixed in (("width", taken.width), ("height", taken.height)):
        told, origin = values.get(name), origins.get(name)
        if fixed is None and told is None:
            raise ModelError(
                "the model takes pictures of any size and nothing says which it was trained with: "
                "put `imgsz: 640` (its size) into a settings file and pass it with --model-settings"
            )
        if fixed is None:
            continue
        if told not in (None, fixed) and origin != VERSION:
            sentence = f"the model takes a {name} of {fixed} px, the {origin} says {told}"
            if origin != METADATA:
                raise ModelError(f"{sentence}: correct the {origin}, or export the model with that size")
            conflicts.append(f"{sentence[0].upper()}{sentence[1:]}; the model is followed.")
        values[name], origins[name] = fixed, DETECTED
    return replace(word, values=values, origins=origins, conflicts=tuple(conflicts))


def preprocessing(word: Word, usual: Mapping[str, Any], taken: TensorInput) -> tuple[Preprocessing, dict[str, str]]:
    """The preprocessing that ``word`` gives over what is ``usual``, and the origin of each field that is not default.

    The usual settings stand or fall together: one that is told otherwise shows that the model is not the usual one.
    """
    told = {name: word.values[name] for name in PREPROCESSING if name in word.values}
    stronger = [name for name in usual if word.origins.get(name, VERSION) != VERSION]
    assumed = {} if stronger else dict(usual)
    chosen = {**assumed, **told}
    origins = {**dict.fromkeys(assumed, DETECTED), **{name: word.origins[name] for name in told}}
    if taken.dtype == "uint8":
        chosen.setdefault("unit_range", False)
    return Preprocessing(**chosen), origins


def _of_version(version: ProjectVersion | None) -> ModelSettings:
    how = version.preprocessing if version else None
    if how is None:
        return ModelSettings()
    return ModelSettings(
        width=how.width, height=how.height, resize=how.resize, padding=how.padding, grayscale=how.grayscale or None
    )


def _worded(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
