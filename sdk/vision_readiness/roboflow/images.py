"""Images of a project: searching them, their details, and their tags and metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from vision_readiness.errors import InputError
from vision_readiness.roboflow.call import Call, reading
from vision_readiness.roboflow.payload import (
    Anything,
    Count,
    Id,
    Moment,
    Number,
    Payload,
    Text,
    Texts,
    mapping,
    rows_of,
    texts,
)
from vision_readiness.roboflow.tasks import TaskHandle
from vision_readiness.roboflow.transport import Request, path_of

LARGEST_PAGE = 250
MOST_UPDATES = 1000
FIELDS = ("id", "name", "created", "labels", "split", "tags", "user_metadata")
Metadata: TypeAlias = Mapping[str, str | float | bool]


def _labels(value: object) -> tuple[str, ...]:
    """Class names, which come plain or as ``{"class": name}``."""
    rows = value if isinstance(value, list | tuple) else ()
    return texts(
        [mapping(row).get("class", mapping(row).get("label")) if isinstance(row, Mapping) else row for row in rows]
    )


Labels: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_labels)]


class ImageRow(Payload):
    """An image that a search found; which fields are there depends on those that were asked for."""

    id: Text = None
    name: Text = None
    created: Moment = None
    labels: Labels = ()
    split: Text = None
    tags: Texts = ()
    width: Count = None
    height: Count = None
    metadata: Annotated[Anything, Field(alias="user_metadata")] = Field(default_factory=dict)


class ImagePage(Payload):
    """A page of a search, and of how many in all where Roboflow says so."""

    results: Annotated[tuple[ImageRow, ...], BeforeValidator(lambda value: rows_of(ImageRow, value))]
    total: Count = None
    token: Annotated[Text, Field(alias="continuationToken")] = None


class LabelledBox(Payload):
    """A box of an image's annotation. Whether x, y is its centre or corner no page says: compare with an export."""

    label: Id
    x: Number = None
    y: Number = None
    width: Number = None
    height: Number = None


class Annotation(Payload):
    """What is labelled in an image, in pixels of ``width`` by ``height``."""

    width: Count = None
    height: Count = None
    boxes: Annotated[tuple[LabelledBox, ...], BeforeValidator(lambda value: rows_of(LabelledBox, value))] = ()


class ImageUrls(Payload):
    """Where an image can be fetched."""

    original: Text = None
    thumb: Text = None
    annotation: Text = None


class Image(ImageRow):
    """An image with its labels."""

    annotation: Annotation | None = None
    urls: ImageUrls = ImageUrls()


class Done(Payload):
    """That it was done."""


def search(
    workspace: str,
    project: str,
    *,
    offset: int = 0,
    limit: int = LARGEST_PAGE,
    fields: Sequence[str] = FIELDS,
    **wanted: Any,
) -> Call[ImagePage]:
    """A page of the images of a project that have all that is ``wanted``.

    ``wanted``: ``tag``, ``class_name``, ``prompt``, ``like_image``, ``in_dataset``, ``batch``, ``batch_id``,
    ``annotation_job``, ``annotation_job_id``. ``POST /{ws}/{project}/search``:
    https://docs.roboflow.com/developer/rest-api (read 2026-08) and roboflow-python, core/project.py (2026-07)
    """
    given = {name: value for name, value in wanted.items() if value is not None}
    body = {"offset": offset, "limit": min(limit, LARGEST_PAGE), "fields": list(fields), **given}
    return Call(Request("POST", path_of(workspace, project, "search"), json=body), reading(ImagePage))


def search_workspace(
    workspace: str, query: str, *, limit: int = LARGEST_PAGE, fields: Sequence[str] = FIELDS, token: str | None = None
) -> Call[ImagePage]:
    """A page of the images of a workspace that a RoboQL ``query`` finds; ``token`` asks for the page after.

    ``POST /{ws}/search/v1``: roboflow-python, adapters/rfapi.py (2026-07)
    """
    body = {"query": query, "pageSize": limit, "fields": list(fields)}
    if token is not None:
        body["continuationToken"] = token
    return Call(Request("POST", path_of(workspace, "search", "v1"), json=body), reading(ImagePage))


def image(workspace: str, project: str, image_id: str) -> Call[Image]:
    """An image with its labels, tags and addresses.

    ``GET /{ws}/{project}/images/{id}``: roboflow-python, tests/test_project.py (2026-07)
    """
    return Call(Request("GET", path_of(workspace, project, "images", image_id)), reading(Image, "image"))


def tag(
    workspace: str,
    project: str,
    image_id: str,
    tags: Sequence[str],
    operation: Literal["add", "remove", "set"] = "add",
) -> Call[Done]:
    """Adds, removes or sets tags; doing it twice changes nothing more.

    ``POST /{ws}/{project}/images/{id}/tags``: https://docs.roboflow.com/developer/rest-api (read 2026-08)
    """
    body = {"operation": operation, "tags": list(tags)}
    return Call(Request("POST", path_of(workspace, project, "images", image_id, "tags"), json=body), done)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageUpdate:
    """What to change of an image; values of metadata are text, numbers or booleans."""

    image_id: str
    metadata: Metadata = field(default_factory=dict)
    remove_metadata: tuple[str, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """The JSON to send, without what stays as it is."""
        tags = {"addTags": list(self.add_tags), "removeTags": list(self.remove_tags)}
        held = {"metadata": dict(self.metadata), "removeMetadata": list(self.remove_metadata), **tags}
        return {"imageId": self.image_id, **{name: value for name, value in held.items() if value}}


def update_image(workspace: str, update: ImageUpdate) -> Call[Done]:
    """Changes one image at once.

    ``POST /{ws}/images/{id}/metadata``: roboflow-python, adapters/rfapi.py (2026-07)
    """
    body = {name: value for name, value in update.body().items() if name != "imageId"}
    return Call(Request("POST", path_of(workspace, "images", update.image_id, "metadata"), json=body), done)


def update_images(workspace: str, updates: Sequence[ImageUpdate]) -> Call[TaskHandle]:
    """Changes up to 1,000 images; the task it answers with (202) is to be awaited. Scope ``image:tag``.

    ``POST /{ws}/images/metadata``: roboflow-python, adapters/rfapi.py (2026-07)
    """
    if not 0 < len(updates) <= MOST_UPDATES:
        raise InputError(f"{len(updates):,} images cannot be changed at once: give 1 to {MOST_UPDATES:,}.")
    body = {"updates": [update.body() for update in updates]}
    return Call(Request("POST", path_of(workspace, "images", "metadata"), json=body), reading(TaskHandle))


def done(body: Any) -> Done:
    """That it was done, as any answer says that was not refused."""
    return Done()
