"""Settings files for models: ``<model>.yaml`` or ``.json`` beside the artefact, or one that is named."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from vision_readiness.errors import ModelError
from vision_readiness.predict.settings import READERS, ModelSettings, read_settings

SUFFIXES = (".yaml", ".yml", ".json")
MAX_BYTES = 1_000_000


def settings_for(model: Path, named: Path | None = None) -> ModelSettings:
    """What the settings file says: ``named``, or the one beside ``model``; without one, nothing.

    A file that merely shares the model's name and holds none of the keys is somebody else's. Raises ``ModelError``
    for a named file that is not there, and for one that cannot be understood.
    """
    if named is not None:
        return read_settings(_mapping(named), str(named))
    for suffix in SUFFIXES:
        beside = model.with_suffix(suffix)
        if beside.is_file():
            values = _mapping(beside)
            if any(key in READERS for key in values):
                return read_settings(values, str(beside))
    return ModelSettings()


def _mapping(path: Path) -> Mapping[Any, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path} is too large for a settings file: give one of a few lines")
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror or error}): check its name") from error
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())[:120]
        raise ModelError(f"{path} is not valid {path.suffix[1:].upper()} ({reason}): correct it") from error
    if not isinstance(values, dict):
        raise ModelError(f"{path} holds no settings: write lines such as `classes: [cat, dog]`")
    return values
