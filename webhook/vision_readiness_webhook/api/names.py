"""The names that requests hold: in paths, queries and bodies the same, and none that a path could be led astray by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from vision_readiness.deliveries.events import Number, Slug

SLUG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}"

PATTERNS = {
    "workspace": SLUG,
    "project": SLUG,
    "run_id": "[0-9a-f]{32}",
    "report_id": "[0-9a-f]{16}",
    "message_id": "[0-9a-f]{32}",
    "waiver_id": "[0-9a-f]{32}",
    "name": "[a-z][a-z-]{0,39}",
    "code": "[A-Z]{2,10}[0-9]{3}",
}
"""What each part of a path may look like."""

MEANINGS = {
    "workspace": "the workspace, which the token has to be for",
    "project": "the project, as in its address on Roboflow",
    "run_id": "the id of a run",
    "report_id": "the id of a report",
    "message_id": "the id of a message in the outbox",
    "waiver_id": "the id of a waiver",
    "name": "the name of a problem",
    "code": "a reason code",
}

RunId = Annotated[str, StringConstraints(pattern=f"^{PATTERNS['run_id']}$")]
ReportId = Annotated[str, StringConstraints(pattern=f"^{PATTERNS['report_id']}$")]
VersionId = Annotated[
    str,
    StringConstraints(pattern=f"^{SLUG}/[1-9][0-9]{{0,8}}$"),
    Field(description="PROJECT/VERSION, as Roboflow names the model that was trained on a version"),
]
Label = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
Score = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Milliseconds = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]
Device = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]

Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]+$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]+$")]
Digest = Annotated[str, StringConstraints(max_length=64, pattern="^[0-9a-f]*$")]
ReasonCode = Annotated[str, StringConstraints(pattern=f"^{PATTERNS['code']}$")]

__all__ = [
    "MEANINGS",
    "PATTERNS",
    "Device",
    "Digest",
    "Label",
    "Line",
    "Milliseconds",
    "Number",
    "ReasonCode",
    "ReportId",
    "RunId",
    "Score",
    "Slug",
    "VersionId",
    "Words",
]


def version_id(text: str) -> tuple[str, int]:
    """Project and number of a version id that was checked.

    >>> version_id("yard-safety/5")
    ('yard-safety', 5)
    """
    project, _, number = text.partition("/")
    return project, int(number)
