"""Batches, jobs, uploads and labels that are sent."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
from typing import Any

from vision_readiness_adapters.testing.answers import Answer, Asked, as_json, not_found, refusal
from vision_readiness_adapters.testing.behaviour import ErrorShape
from vision_readiness_adapters.testing.image_routes import DEFAULT_BATCH
from vision_readiness_adapters.testing.service import Known, Refused, Row, Service
from vision_readiness_adapters.testing.shelf import EPOCH, id_of

LARGEST = 20 * 10**6


def batches(service: Service, asked: Asked) -> Answer:
    """The batches of a project: its export's images, and what was uploaded."""
    return as_json({"batches": _batches(service, asked)})


def batch(service: Service, asked: Asked) -> Answer:
    """One batch."""
    found = next((row for row in _batches(service, asked) if row["id"] == asked.names["id"]), None)
    return not_found("Batch not found") if found is None else as_json({"batch": found})


def jobs(service: Service, asked: Asked) -> Answer:
    """The annotation jobs of a project."""
    service.versions(asked)
    return as_json({"jobs": [job for job in service.state.jobs.values() if job["project"] == asked.names["project"]]})


def job(service: Service, asked: Asked) -> Answer:
    """One job."""
    found = service.state.jobs.get(asked.names["id"])
    return not_found("Job not found") if found is None else as_json({"job": found})


def create_job(service: Service, asked: Asked) -> Answer:
    """A new job; every one is new, whatever its name."""
    body = asked.json
    named = body.get("batch") or body.get("batchId")
    if not any(row["id"] == named for row in _batches(service, asked)):
        return not_found("Batch not found")
    people = [body.get("labelerEmail"), body.get("reviewerEmail")]
    if not all(isinstance(person, str) and "@" in person for person in people):
        return refusal(400, "labelerEmail and reviewerEmail must be members of the workspace.")
    number = service.state.count("jobs")
    images = int(body.get("num_images") or body.get("numImages") or 0)
    name = id_of("job", asked.names["project"], str(number))
    made = {
        "id": name, "name": body.get("name"), "status": "assigned", "created": _moment(number), "numImages": images,
        "annotated": 0, "unannotated": images, "approved": 0, "rejected": 0, "labeler": people[0],
        "reviewer": people[1], "sourceBatch": named, "instructionsText": body.get("instructionText") or "",
        "project": asked.names["project"], "owner": id_of(asked.names["ws"]), "createdBy": id_of("key owner"),
    }  # fmt: skip
    service.state.jobs[name] = made
    sent = {"batch": named, "num_images": images}
    return as_json({"success": True, "job": {**made, **sent}})


def upload(service: Service, asked: Asked) -> Answer:
    """Takes an image, as a form or in base64; one that is there already is told and not kept twice."""
    if asked.text("image"):
        return refusal(400, "The image could not be fetched from its address.", shape=ErrorShape.OBJECT,
                       code="InvalidImageException")  # fmt: skip
    form = asked.form()
    data = form["file"] if "file" in form else _plain(asked.body)
    if len(data) > LARGEST:
        return refusal(413, "The image is above 20 MB.")
    if not _is_image(data):
        hint = "Only JPEG, PNG, WebP, BMP, AVIF, HEIC and TIFF images can be uploaded."
        return refusal(400, "Invalid image.", shape=ErrorShape.OBJECT, code="InvalidImageException", hint=hint)
    project = asked.names["project"]
    if not any(version.project == project for version in service.shelf.kept):
        return not_found(f"Project {project} does not exist.")
    name = id_of("upload", project, hashlib.sha256(data).hexdigest())
    if name in service.state.uploads:
        return as_json({"duplicate": True, "id": name})
    sent = {
        field: form[field].decode(errors="replace") if field in form else asked.text(field)
        for field in ("name", "split", "metadata")
    }
    service.state.uploaded_bytes[name] = data
    service.state.metadata[name] = json.loads(sent["metadata"]) if sent["metadata"] else {}
    service.state.uploads[name] = {
        "id": name, "name": sent["name"], "split": sent["split"] or "train", "tags": asked.texts("tag"), "labels": [],
        "created": int(EPOCH), "batch": asked.text("batch", DEFAULT_BATCH), "project": project,
    }  # fmt: skip
    return as_json({"success": True, "id": name})


def annotate(service: Service, asked: Asked) -> Answer:
    """Labels an uploaded image; 409 when it has labels."""
    name = asked.names["image"]
    known = {picture.id for kept in service.shelf.kept.values() for picture in kept.pictures}
    if name not in service.state.uploads and name not in known:
        return not_found("Image not found.")
    has_labels = name in known or name in service.state.annotated
    if has_labels and asked.text("overwrite") != "true":
        hint = "This image was already annotated; to overwrite the annotation, pass overwrite=true..."
        return refusal(
            409, "Image was already annotated.", shape=ErrorShape.OBJECT, code="InvalidImageException", hint=hint
        )
    service.state.annotated[name] = str(asked.json.get("annotationFile") or "")
    return as_json({"success": True})


def _batches(service: Service, asked: Asked) -> list[dict[str, Any]]:
    kept = service.versions(asked)[0]
    project = asked.names["project"]
    sent = [image for image in service.state.uploads.values() if image["project"] == project]
    counts = {DEFAULT_BATCH: len(kept.pictures)}
    for image in sent:
        counts[image["batch"]] = counts.get(image["batch"], 0) + 1
    rows = []
    for name, images in counts.items():
        number = id_of("batch", project, name)
        held = [job for job in service.state.jobs.values() if job["sourceBatch"] == number]
        rows.append({"id": number, "name": name, "numJobs": len(held), "images": images, "uploaded": _moment(0)})
    return rows


def _moment(number: int) -> dict[str, int]:
    """A time as Firestore writes it."""
    return {"_seconds": int(EPOCH) + number, "_nanoseconds": 403000000}


def _plain(body: bytes) -> bytes:
    try:
        return base64.b64decode(body, validate=False)
    except (binascii.Error, ValueError):
        raise Refused(refusal(400, "Invalid image.", shape=ErrorShape.OBJECT, code="InvalidImageException")) from None


def _is_image(data: bytes) -> bool:
    from PIL import Image, UnidentifiedImageError

    try:
        Image.open(io.BytesIO(data)).verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):  # what Pillow raises for a damaged head
        return False
    return True


_BATCH = "the images of the export are one batch"

ROUTES = (
    Row("POST", "/dataset/{project}/upload", upload, Known.DOCUMENTED, "image:create", "images by address are refused"),
    Row("POST", "/dataset/{project}/annotate/{image}", annotate, Known.READ, "image:annotate"),
    Row("GET", "/{ws}/{project}/batches", batches, Known.READ, "project:read", _BATCH),
    Row("GET", "/{ws}/{project}/batches/{id}", batch, Known.READ, "project:read", _BATCH),
    Row("GET", "/{ws}/{project}/jobs", jobs, Known.READ, "annotation-job:read"),
    Row("POST", "/{ws}/{project}/jobs", create_job, Known.READ, "annotation-job:create", "any e-mail is a member's"),
    Row("GET", "/{ws}/{project}/jobs/{id}", job, Known.READ, "annotation-job:read"),
)
