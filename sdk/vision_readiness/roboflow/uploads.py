"""Images and annotations that are sent to a project."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated

from pydantic import AliasChoices, Field

from vision_readiness.errors import InputError
from vision_readiness.project import Split
from vision_readiness.roboflow.call import Call, reading
from vision_readiness.roboflow.images import Done, Metadata, done
from vision_readiness.roboflow.payload import Flag, Id, Payload
from vision_readiness.roboflow.transport import Request, json_bytes, path_of

LARGEST_BYTES = 20 * 10**6
UPLOAD_SECONDS = 300.0


class Uploaded(Payload):
    """The image's id; ``duplicate`` when the project held the same image before."""

    image_id: Annotated[Id, Field(validation_alias=AliasChoices("id", "imageId"))]
    duplicate: Flag = None


def upload(
    project: str,
    name: str,
    image: bytes,
    *,
    batch: str,
    split: Split = Split.TRAIN,
    tags: Sequence[str] = (),
    metadata: Metadata | None = None,
) -> Call[Uploaded]:
    """Sends an image into ``batch``; an image that is there already is told, and not doubled. At most 20 MB.

    ``POST /dataset/{project}/upload``: https://docs.roboflow.com/developer/rest-api (read 2026-08) and
    roboflow-python, adapters/rfapi.py (2026-07)
    """
    if len(image) > LARGEST_BYTES:
        raise InputError(f"{name} has {len(image):,} bytes: Roboflow takes up to {LARGEST_BYTES:,}; make it smaller.")
    texts = {"name": name, "split": split.value}
    if metadata:
        texts["metadata"] = json_bytes(dict(metadata)).decode()
    boundary, body = multipart(texts, name, image)
    request = Request(
        "POST",
        path_of("dataset", project, "upload"),
        query=(("batch", batch), *(("tag", tag) for tag in tags)),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        body=body,
        deadline_seconds=UPLOAD_SECONDS,
    )
    return Call(request, reading(Uploaded))


def annotate(
    project: str, image_id: str, name: str, annotation: str, *, job: str | None = None, overwrite: bool = False
) -> Call[Done]:
    """Labels an image from the text of an annotation file called ``name``; 409 when it has labels already.

    ``POST /dataset/{project}/annotate/{id}``: roboflow-python, adapters/rfapi.py (2026-07)
    """
    query = [("name", name)]
    query += [("jobName", job)] if job is not None else []
    query += [("overwrite", "true")] if overwrite else []
    body = {"annotationFile": annotation, "labelmap": None}
    request = Request("POST", path_of("dataset", project, "annotate", image_id), query=tuple(query), json=body)
    return Call(request, done)


def multipart(texts: dict[str, str], file_name: str, file: bytes) -> tuple[str, bytes]:
    """The boundary and the body of a form with a file; the same parts give the same bytes. RFC 7578."""
    parts = [_part(name, value.encode()) for name, value in texts.items()] + [_part("file", file, file_name)]
    boundary = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
    line = b"--" + boundary.encode()
    return boundary, b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _part(name: str, value: bytes, file_name: str | None = None) -> bytes:
    named = f'; filename="{_quoted(file_name)}"\r\nContent-Type: application/octet-stream' if file_name else ""
    return f'Content-Disposition: form-data; name="{_quoted(name)}"{named}\r\n\r\n'.encode() + value


def _quoted(name: str) -> str:
    """As browsers escape a name in a header of a form: WHATWG HTML, multipart/form-data encoding."""
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A").encode(errors="replace").decode()
