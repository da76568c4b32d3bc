"""What every part of a specification is made of. Every rate is 0 to 1; every time says its unit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


class Part(BaseModel):
    """A part of a specification: frozen, and a key it does not have is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Rate = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Name = Annotated[str, StringConstraints(min_length=1)]
Names = Annotated[tuple[Name, ...], BeforeValidator(_listed)]
"""A list of texts; one text stands for a list of one."""
