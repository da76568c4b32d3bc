"""Images: searching them, their details, tags and metadata, and the tasks that change many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from vision_readiness_adapters.testing.answers import Answer, Asked, as_json, not_found, refusal
from vision_readiness_adapters.testing.link_routes import picture_urls
from vision_readiness_adapters.testing.service import Known, Row, Service
from vision_readiness_adapters.testing.shelf import EPOCH, Kept, Picture, id_of

LARGEST_PAGE = 250
MOST_UPDATES = 1000
DEFAULT_BATCH = "Pip Package Upload"
"""The batch that the images of an export are."""
Found = tuple[Kept, Picture]


def search(service: Service, asked: Asked) -> Answer:
    """A page of a project's images, by offset."""
    body = asked.json
    offset, limit = int(body.get("offset") or 0), min(LARGEST_PAGE, int(body.get("limit") or 50))
    fields = body.get("fields") or ["id", "created", "name", "labels"]
    batch, mine = body.get("batch_id"), id_of("batch", asked.names["project"], DEFAULT_BATCH)
    found = [row for row in service.pictures(asked) if batch in (None, mine) and _wanted(service, row[1], body)]
    rows = [_row(service, row, asked.origin, fields) for row in found[offset : offset + limit]]
    sent = _sent(service, asked.names["project"], batch)
    begin, end = (max(0, place - len(found)) for place in (offset, offset + limit))
    rows += [{name: value for name, value in row.items() if name in fields} for row in sent[begin:end]]
    return as_json({"offset": offset, "total": len(found) + len(sent), "results": rows})


def search_workspace(service: Service, asked: Asked) -> Answer:
    """A page of a workspace's images, by token; of RoboQL the terms ``tag:``, ``class:`` and ``split:``, all joined."""
    body = asked.json
    projects = service.shelf.projects(asked.names["ws"])
    held = [(kept, picture) for name in projects
            for kept in service.shelf.versions(asked.names["ws"], name)[:1] for picture in kept.pictures]  # fmt: skip
    for term in str(body.get("query") or "").replace(" AND ", " ").split():
        name, colon, value = term.partition(":")
        if not colon or name not in ("tag", "class", "split"):
            return refusal(400, f"The query cannot be read at {term!r}.")
        held = [row for row in held if _has(service, row[1], name, value)]
    begin, size = int(str(body.get("continuationToken") or 0)), int(body.get("pageSize") or 50)
    rows = [
        _row(service, row, asked.origin, body.get("fields") or ["id", "name"]) for row in held[begin : begin + size]
    ]
    token = str(begin + size) if begin + size < len(held) else None
    return as_json({"results": rows, "total": len(held), "continuationToken": token})


def image(service: Service, asked: Asked) -> Answer:
    """An image with its labels; the boxes' x and y are their centres, which no page says."""
    wanted = asked.names["image"]
    found = next((row for row in service.pictures(asked) if row[1].id == wanted), None)
    if found is None:
        sent = service.state.uploads.get(wanted)
        return as_json({"image": sent}) if sent else not_found("Image not found.")
    kept, picture = found
    row = _row(service, found, asked.origin, ["id", "name", "labels", "split", "tags", "created"])
    drawn = {"key": kept.notes["project"].get("annotation"), "width": picture.width, "height": picture.height,
             "boxes": list(picture.boxes)}  # fmt: skip
    return as_json(
        {"image": {**row, "annotation": drawn, "urls": picture_urls(asked.origin, kept, picture), "embedding": []}}
    )


def tag(service: Service, asked: Asked) -> Answer:
    """Adds, removes or sets tags."""
    body, tags = asked.json, asked.json.get("tags")
    if body.get("operation") not in ("add", "remove", "set") or not isinstance(tags, list):
        return refusal(400, "operation must be add, remove or set, and tags a list.")
    found = next((picture for _, picture in service.pictures(asked) if picture.id == asked.names["image"]), None)
    if found is None:
        return not_found("Image not found.")
    held = service.tags_of(found)
    changed = {"add": [*held, *tags], "remove": [name for name in held if name not in tags], "set": tags}
    service.state.tags[found.id] = list(dict.fromkeys(map(str, changed[body["operation"]])))
    return as_json({"success": True})


def update_image(service: Service, asked: Asked) -> Answer:
    """Changes metadata and tags of one image at once."""
    picture = _pictures(service, asked.names["ws"]).get(asked.names["image"])
    if picture is None:
        return not_found("Image not found.")
    _update(service, picture, asked.json)
    return as_json({"success": True})


def update_images(service: Service, asked: Asked) -> Answer:
    """Changes many images in a task; an image that is not there makes the task fail."""
    updates = asked.json.get("updates")
    if not isinstance(updates, list) or not 0 < len(updates) <= MOST_UPDATES:
        return refusal(400, f"updates must hold 1 to {MOST_UPDATES} images.")
    pictures = _pictures(service, asked.names["ws"])
    unknown = [str(row.get("imageId")) for row in updates if row.get("imageId") not in pictures]
    for row in updates:
        if row.get("imageId") in pictures:
            _update(service, pictures[row["imageId"]], row)
    number = service.state.count("tasks")
    name = id_of("task", asked.names["ws"], str(number))
    service.state.tasks[name] = {"total": len(updates), "unknown": unknown, "answers": 0}
    return as_json({"taskId": name, "url": f"/{asked.names['ws']}/asynctasks/{name}"}, 202)


def task(service: Service, asked: Asked) -> Answer:
    """How far a task is: pending or running for as many answers as the behaviour says."""
    held = service.state.tasks.get(asked.names["id"])
    if held is None:
        return not_found("Task not found.")
    held["answers"] += 1
    left = service.behaviour.task_answers - held["answers"]
    progress = {"current": 0 if left >= 0 else held["total"], "total": held["total"]}
    if left >= 0:
        return as_json(
            {"taskId": asked.names["id"], "status": "running" if left == 0 else "pending", "progress": progress}
        )
    failed = held["unknown"]
    row = {
        "taskId": asked.names["id"],
        "status": "failed" if failed else "completed",
        "progress": progress,
        "result": {},
    }
    return as_json({**row, "error": f"Images not found: {', '.join(failed)}"} if failed else row)


def _sent(service: Service, project: str, batch: str | None) -> list[dict[str, Any]]:
    """The uploads of a batch; without one none, as if all that was uploaded were still to be labelled."""
    held = [row for row in service.state.uploads.values()
            if row["project"] == project and id_of("batch", project, row["batch"]) == batch]  # fmt: skip
    return [{**row, "user_metadata": service.state.metadata.get(row["id"], {})} for row in held]


def _wanted(service: Service, picture: Picture, body: dict[str, Any]) -> bool:
    asked = (("tag", "tag"), ("class_name", "class"), ("prompt", "prompt"), ("like_image", "like"))
    given = [(name, str(body[field])) for field, name in asked if body.get(field)]
    return all(_has(service, picture, name, value) for name, value in given)


def _has(service: Service, picture: Picture, name: str, value: str) -> bool:
    tests: dict[str, Callable[[], bool]] = {
        "tag": lambda: value in service.tags_of(picture),
        "class": lambda: value in picture.labels,
        "split": lambda: value == picture.split,
        "prompt": lambda: value.lower() in picture.name.lower(),
    }
    return name not in tests or tests[name]()


def _row(service: Service, found: Found, origin: str, fields: Iterable[str]) -> dict[str, Any]:
    kept, picture = found
    whole = {
        "id": picture.id, "name": picture.name, "created": int(kept.notes["version"].get("created", EPOCH)),
        "labels": list(picture.labels), "split": picture.split, "tags": service.tags_of(picture),
        "width": picture.width, "height": picture.height, "filename": picture.name,
        "aspectRatio": picture.width / max(1, picture.height), "owner": id_of(str(kept.id.workspace)),
        "user_metadata": service.state.metadata.get(picture.id, {}), "annotations": {"count": len(picture.boxes)},
        "url": picture_urls(origin, kept, picture)["original"], "embedding": [],
    }  # fmt: skip
    return {name: value for name, value in whole.items() if name in fields}


def _pictures(service: Service, workspace: str) -> dict[str, Picture]:
    held = [kept for kept in service.shelf.kept.values() if kept.id.workspace == workspace]
    return {picture.id: picture for kept in held for picture in kept.pictures}


def _update(service: Service, picture: Picture, change: dict[str, Any]) -> None:
    metadata = {**service.state.metadata.get(picture.id, {}), **(change.get("metadata") or {})}
    gone = change.get("removeMetadata") or []
    service.state.metadata[picture.id] = {name: value for name, value in metadata.items() if name not in gone}
    tags = [*service.tags_of(picture), *(change.get("addTags") or [])]
    service.state.tags[picture.id] = [
        name for name in dict.fromkeys(tags) if name not in (change.get("removeTags") or [])
    ]


ROUTES = (
    Row("POST", "/{ws}/search/v1", search_workspace, Known.READ, "project:read", "three terms of RoboQL"),
    Row("POST", "/{ws}/images/metadata", update_images, Known.READ, "image:tag", "an unknown image fails the task"),
    Row("POST", "/{ws}/images/{image}/metadata", update_image, Known.READ, "image:tag"),
    Row("GET", "/{ws}/asynctasks/{id}", task, Known.READ),
    Row(
        "POST",
        "/{ws}/{project}/search",
        search,
        Known.DOCUMENTED,
        "project:read",
        "a prompt is looked for in names, uploads are found by batch_id alone",
    ),
    Row("GET", "/{ws}/{project}/images/{image}", image, Known.READ, "project:read", "x and y of a box are its centre"),
    Row("POST", "/{ws}/{project}/images/{image}/tags", tag, Known.DOCUMENTED, "image:tag"),
)
