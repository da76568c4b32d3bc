"""Workspaces, projects, versions, exports and health."""

from __future__ import annotations

from typing import Any

from vision_readiness_adapters.testing.answers import Answer, Asked, as_json, not_found, refusal
from vision_readiness_adapters.testing.behaviour import ErrorShape
from vision_readiness_adapters.testing.link_routes import fresh_link
from vision_readiness_adapters.testing.service import Known, Row, Service
from vision_readiness_adapters.testing.shelf import Kept
from vision_readiness_adapters.testing.training_routes import class_map

PROGRESS = (None, 0.62, 1.48)
"""How far an export is told to be; 1.48 was seen (roboflow-100-benchmark, issue 31)."""


def welcome(service: Service, asked: Asked) -> Answer:
    """Whose key it is."""
    return as_json({
        "welcome": "Welcome to the Roboflow API.", "instructions": "You are successfully authenticated.",
        "docs": "https://docs.roboflow.com", "workspace": service.shelf.owner,
    })  # fmt: skip


def workspace(service: Service, asked: Asked) -> Answer:
    """A workspace; the projects' ``versions`` are a count."""
    name = asked.names["ws"]
    projects = service.shelf.projects(name)
    if not projects:
        return not_found(f"Workspace {name} does not exist.")
    rows = [_project(service, service.shelf.versions(name, project)) for project in projects]
    return as_json({"workspace": {**_workspace(service, name), "projects": rows}})


def project(service: Service, asked: Asked) -> Answer:
    """A project with its versions, beside it or nested in it."""
    kept = service.versions(asked)
    rows = [_listed(service, version) for version in kept]
    around, inner = _workspace(service, asked.names["ws"]), _project(service, kept)
    if service.behaviour.nested_versions:
        return as_json({"workspace": around, "project": {**inner, "versions": rows}})
    return as_json({"workspace": around, "project": inner, "versions": rows})


def version(service: Service, asked: Asked) -> Answer:
    """A version, which is being generated for as many answers as the behaviour says."""
    kept = service.version(asked)
    notes = kept.notes["version"]
    row = {**_listed(service, kept), "classes": list(notes.get("classes", [])), "models": {}}
    row |= {name: notes[name] for name in ("models", "train", "skeletons", "modelType") if name in notes}
    count = service.state.count(f"version {kept.id}")
    if count <= service.behaviour.generating_answers:
        progress = round(0.41 * count, 2) if count < 3 else PROGRESS[-1]
        row |= {"generating": True, "progress": progress, "images": 0, "splits": {}}
    if service.behaviour.training_results and "train" not in row:
        row["train"] = {"status": "finished", "results": {"class_map": class_map(service, kept)}}
    around = _project(service, service.versions(asked))
    return as_json({"workspace": _workspace(service, asked.names["ws"]), "project": around, "version": row})


def export(service: Service, asked: Asked) -> Answer:
    """How far an export is: 202 while it is built, then a link that is fresh in every answer."""
    kept, format_ = service.version(asked), asked.names["format"]
    if service.archive(kept, format_) is None:
        hint = "See docs.roboflow.com for the formats of this project type."
        return refusal(400, f"{format_} is not a format of this version.", shape=ErrorShape.OBJECT,
                       code="InvalidExportFormatException", hint=hint)  # fmt: skip
    count = service.state.count(f"export {kept.id} {format_}")
    if count <= service.behaviour.export_answers:
        return as_json({"progress": PROGRESS[min(count, len(PROGRESS)) - 1]}, 202)
    link = fresh_link(service, asked.origin, str(kept.id), format_)
    notes = kept.notes["version"]
    return as_json({
        "workspace": _workspace(service, asked.names["ws"]), "project": _project(service, service.versions(asked)),
        "version": {"id": notes["id"], "name": notes.get("name"), "images": notes.get("images")},
        "export": {"format": format_, "link": link},
    })  # fmt: skip


def health(service: Service, asked: Asked) -> Answer:
    """The health of the project in one of the two published shapes, counted in its newest version."""
    kept = service.versions(asked)[0]
    classes: dict[str, int] = kept.notes["project"].get("classes", {})
    labels, empty = sum(classes.values()), sum(1 for picture in kept.pictures if not picture.labels)
    images, missing = kept.notes["project"].get("images"), kept.notes["project"].get("unannotated", 0)
    if service.behaviour.health_shape == "published":
        sizes = sorted(picture.width * picture.height for picture in kept.pictures)
        ratios = sorted(picture.width / max(1, picture.height) for picture in kept.pictures)
        return as_json({"health": True, "stats": {
            "numImages": images, "numAnnotations": labels, "avgImageSize": round(sum(sizes) / len(sizes) / 1e6, 3),
            "medianImageRatio": round(ratios[len(ratios) // 2], 3), "missingAnnotations": missing,
            "nullAnnotations": empty, "classDistribution": classes,
        }})  # fmt: skip
    largest = max(classes.values(), default=1)
    rows = [_class_health(name, count, largest) for name, count in sorted(classes.items(), key=lambda pair: -pair[1])]
    return as_json({"generated": int(1000 * kept.notes["project"]["updated"]), "version": 3, "stats": {
        "annotated": len(kept.pictures), "unannotated": missing, "empty": empty, "labels": labels, "images": images,
        "average": f"{labels / max(1, len(kept.pictures)):.1f}", "numClasses": len(classes), "classes": rows,
    }})  # fmt: skip


def _class_health(name: str, count: int, largest: int) -> dict[str, Any]:
    percent = 100 * count / max(1, largest)
    cls, words = ("under", "Under Represented") if percent < 25 else ("fair", "Represented")
    return {"name": name, "count": count, "percent": f"{percent:.1f}", "cls": cls, "description": words}


def _workspace(service: Service, name: str) -> dict[str, Any]:
    kept = next(iter(service.shelf.versions(name, service.shelf.projects(name)[0])))
    return {"name": name, "url": name, "members": 1, **kept.notes.get("workspace", {})}


def _project(service: Service, kept: list[Kept]) -> dict[str, Any]:
    notes = {**kept[0].notes["project"], "versions": len(kept)}
    if service.behaviour.shuffled_classes:
        turn = service.state.count(f"project {notes['id']}")
        for name in ("classes", "colors"):
            notes[name] = _turned(notes.get(name, {}), turn)
    return notes


def _turned(names: dict[str, Any], by: int) -> dict[str, Any]:
    items = list(names.items())
    return dict(items[by % len(items) :] + items[: by % len(items)]) if items else {}


def _listed(service: Service, kept: Kept) -> dict[str, Any]:
    notes = kept.notes["version"]
    names = ("id", "name", "created", "images", "splits", "generating", "progress", "exports", "model", "versionNotes")
    row = {name: notes[name] for name in names if name in notes}
    for name in ("preprocessing", "augmentation"):
        settings = notes.get(name, {})
        row[name] = _as_text(settings) if service.behaviour.numbers_as_text else settings
    if service.behaviour.export_answers:
        row["exports"] = _built(service, kept)
    return row


def _built(service: Service, kept: Kept) -> list[str]:
    """The formats that were asked for until they were there."""
    asked, least = service.state.asked, service.behaviour.export_answers
    names = [what.split(" ") for what, times in asked.items() if what.startswith("export ") and times > least]
    return sorted(format_ for _, version, format_ in names if version == str(kept.id))


def _as_text(value: Any) -> Any:
    """``value`` with every number in it as text."""
    if isinstance(value, dict):
        return {name: _as_text(held) for name, held in value.items()}
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


ROUTES = (
    Row("GET", "/", welcome, Known.DOCUMENTED),
    Row("POST", "/", welcome, Known.READ),
    Row("GET", "/{ws}/{project}/health", health, Known.DOCUMENTED, "project:read", "the bounds of under-represented"),
    Row("GET", "/{ws}/{project}/{number:int}/{format}", export, Known.DOCUMENTED, "version:read", "an error's body"),
    Row("GET", "/{ws}/{project}/{number:int}", version, Known.DOCUMENTED, "version:read"),
    Row("GET", "/{ws}/{project}", project, Known.DOCUMENTED, "project:read"),
    Row("GET", "/{ws}", workspace, Known.READ, "workspace:read"),
)
