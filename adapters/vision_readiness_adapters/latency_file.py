"""A latency run in one JSON file, so that the target measures and another machine judges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.errors import EvidenceError

SCHEMA = "vision-readiness/latency/1"
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Document(BaseModel):
    """The file's contents, keys as in ``LatencyFacts``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    schema_: Literal["vision-readiness/latency/1"] = Field(alias="schema")
    device: Annotated[str, Field(min_length=1)]
    artefact: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    seconds: list[Seconds]
    stages: dict[str, list[Seconds]]
    warm_up: Annotated[int, Field(ge=0)]
    failures: Annotated[int, Field(ge=0)]
    cold_seconds: Seconds | None = None
    peak_memory_bytes: Annotated[int, Field(ge=0)] | None = None
    estimated_error: Seconds | None = None
    device_facts: dict[str, str] = {}
    unstable: bool = False

    @model_validator(mode="after")
    def _stages_are_whole(self) -> _Document:
        for name, times in self.stages.items():
            if len(times) != len(self.seconds):
                raise ValueError(f"stage {name!r} has {len(times)} times for {len(self.seconds)} calls")
        return self


def save_latency(facts: LatencyFacts, path: str | Path) -> None:
    """Write ``facts`` to ``path``; the same facts give the same bytes. Raises ``EvidenceError`` where it cannot."""
    document = {
        "schema": SCHEMA,
        "device": facts.device,
        "artefact": facts.artefact,
        "seconds": facts.seconds.tolist(),
        "stages": {name: times.tolist() for name, times in facts.stages.items()},
        "warm_up": facts.warm_up,
        "failures": facts.failures,
        "cold_seconds": facts.cold_seconds,
        "peak_memory_bytes": facts.peak_memory_bytes,
        "estimated_error": facts.estimated_error,
        "device_facts": dict(facts.device_facts),
        "unstable": facts.unstable,
    }
    text = json.dumps(document, indent=1, sort_keys=True, allow_nan=False)
    try:
        Path(path).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise EvidenceError(f"{path} cannot be written ({error.strerror or error}): give another place") from error


def load_latency(path: str | Path) -> LatencyFacts:
    """The facts in a file that ``save_latency`` wrote; raises ``EvidenceError`` naming what is wrong in it."""
    try:
        values = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise EvidenceError(f"{path} cannot be read ({error.strerror or error}): check its name") from error
    except (ValueError, RecursionError) as error:
        raise EvidenceError(f"{path} is not complete JSON ({error}): measure again") from error
    schema = values.get("schema") if isinstance(values, Mapping) else None
    if schema != SCHEMA:
        raise EvidenceError(
            f"{path} is not a latency file of this version (schema {str(schema)[:60]!r}, not {SCHEMA!r}): "
            "write one with `vision-readiness benchmark -o FILE`"
        )
    try:
        read = _Document.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise EvidenceError(f"{path} is damaged: {where}: {first['msg']}. Measure again") from error
    return LatencyFacts(
        device=read.device,
        artefact=read.artefact,
        seconds=np.array(read.seconds, dtype=np.float64),
        stages={name: np.array(times, dtype=np.float64) for name, times in read.stages.items()},
        warm_up=read.warm_up,
        failures=read.failures,
        cold_seconds=read.cold_seconds,
        peak_memory_bytes=read.peak_memory_bytes,
        estimated_error=read.estimated_error,
        device_facts=read.device_facts,
        unstable=read.unstable,
    )
