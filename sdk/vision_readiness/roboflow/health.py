"""Roboflow's health check: of a whole PROJECT, never of a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from vision_readiness.roboflow.call import Call, reading
from vision_readiness.roboflow.payload import Count, Flag, Id, Moment, Number, Payload, Text, counts, mapping, rows_of
from vision_readiness.roboflow.transport import Request, path_of, query_of

SCOPE = "project"


class ClassHealth(Payload):
    """A class; ``percent_of_largest`` compares its count with the most frequent one, ``verdict`` is Roboflow's word."""

    name: Id
    count: Count = None
    percent_of_largest: Annotated[Number, Field(alias="percent")] = None
    verdict: Annotated[Text, Field(alias="description")] = None


class Health(Payload):
    """The project's images and labels, as far as either published shape tells.

    Images without any annotation are ``unannotated``; those marked as empty on purpose are ``empty``.
    """

    images: Count = None
    labels: Count = None
    annotated: Count = None
    unannotated: Count = None
    empty: Count = None
    classes: Annotated[tuple[ClassHealth, ...], BeforeValidator(lambda value: rows_of(ClassHealth, value))] = ()
    generated: Moment = None
    published_shape: Flag = None

    @property
    def scope(self) -> str:
        """``project``: what is said holds for the project as it is now, not for any version of it."""
        return SCOPE

    @model_validator(mode="before")
    @classmethod
    def _either_shape(cls, body: Any) -> Any:
        """The documented names are mapped to those that were seen in a dump; ``stats`` has to be there."""
        if not isinstance(body, Mapping) or not isinstance(body.get("stats"), Mapping):
            return body if isinstance(body, Mapping) and "images" in body else None
        stats = mapping(body["stats"])
        if "numImages" not in stats:
            return {**stats, "generated": body.get("generated"), "publishedShape": False}
        held = counts(stats.get("classDistribution"))
        return {
            "images": stats.get("numImages"),
            "labels": stats.get("numAnnotations"),
            "unannotated": stats.get("missingAnnotations"),
            "empty": stats.get("nullAnnotations"),
            "classes": [{"name": name, "count": number} for name, number in held.items()],
            "publishedShape": True,
        }


def health(workspace: str, project: str, *, regenerate: bool = False) -> Call[Health]:
    """The health of a project as it was last computed; computing it anew may take minutes.

    ``GET /{ws}/{project}/health``: https://docs.roboflow.com/developer/rest-api (read 2026-08); the other shape:
    roboflow-python, pull request 472
    """
    request = Request(
        "GET",
        path_of(workspace, project, "health"),
        query=query_of(regenerate=regenerate or None),
        deadline_seconds=300.0 if regenerate else 60.0,
    )
    return Call(request, reading(Health))
