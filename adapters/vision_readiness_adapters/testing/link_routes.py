"""Addresses that are permission by themselves: the archive behind an export's link, and image files."""

from __future__ import annotations

import re

from vision_readiness_adapters.testing.answers import EXPIRED, Answer, Asked
from vision_readiness_adapters.testing.service import Known, Row, Service
from vision_readiness_adapters.testing.shelf import Kept, Picture, id_of


def fresh_link(service: Service, origin: str, version: str, format_: str) -> str:
    """A link to an archive, another one each time, with a key of its own in the query as the real ones have."""
    number = service.state.count("link")
    name = id_of("link", version, format_, str(number))
    service.state.links[name] = (version, format_)
    return f"{origin}/ds/{name}?key={id_of('key', name)}"


def linked(service: Service, asked: Asked) -> Answer:
    """Sends on to the store, as the app does."""
    name = asked.names["name"]
    if name not in service.state.links or asked.text("key") != id_of("key", name):
        return Answer(404, b"Not found", {"content-type": "text/plain"})
    signed = id_of("signature", name)
    return Answer(302, b"", {"location": f"{asked.origin}/_store/{name}.zip?X-Goog-Signature={signed}"})


def stored(service: Service, asked: Asked) -> Answer:
    """The archive, whole or from where it is asked for."""
    name = asked.names["name"].removesuffix(".zip")
    held = service.state.links.get(name)
    kept = next((kept for kept in service.shelf.kept.values() if held and str(kept.id) == held[0]), None)
    packed = service.archive(kept, held[1]) if kept and held else None
    if packed is None or asked.text("X-Goog-Signature") != id_of("signature", name):
        return Answer(403, EXPIRED.encode(), {"content-type": "application/xml"})
    headers = {"content-type": "application/zip"}
    if not service.behaviour.ranges:
        return Answer(200, packed, headers)
    headers |= {"accept-ranges": "bytes", "etag": f'"{id_of(*held) if held else ""}"'}
    begin = re.fullmatch(r"bytes=(\d{1,12})-", asked.headers.get("range", ""))
    same = asked.headers.get("if-range", headers["etag"]) == headers["etag"]
    if begin is None or not same:
        return Answer(200, packed, headers)
    start, whole = int(begin[1]), len(packed)
    if start >= whole:
        return Answer(416, b"", {**headers, "content-range": f"bytes */{whole}"})
    return Answer(206, packed[start:], {**headers, "content-range": f"bytes {start}-{whole - 1}/{whole}"})


def picture_file(service: Service, asked: Asked) -> Answer:
    """The file of an image; its thumbnail is the same file."""
    for kept in service.shelf.kept.values():
        found = next((picture for picture in kept.pictures if picture.id == asked.names["image"]), None)
        if found is not None:
            return Answer(200, kept.bytes_of(found), {"content-type": "image/jpeg"})
    uploaded = service.state.uploaded_bytes.get(asked.names["image"])
    if uploaded is not None:
        return Answer(200, uploaded, {"content-type": "image/jpeg"})
    return Answer(404, b"", {"content-type": "text/plain"})


def picture_urls(origin: str, kept: Kept, picture: Picture) -> dict[str, str]:
    """Where the file of an image is."""
    below = f"{origin}/_source/{kept.id.workspace}/{picture.id}"
    return {"original": f"{below}/original.jpg", "thumb": f"{below}/thumb.jpg", "annotation": f"{below}/annotation.png"}


ROUTES = (
    Row("GET", "/ds/{name}", linked, Known.DOCUMENTED, needs_key=False),
    Row("GET", "/_store/{name}", stored, Known.OURS, None, "the store behind the link; ranges and ETag", False),
    Row("GET", "/_source/{owner}/{image}/{file}", picture_file, Known.OURS, None,
        "stands for source.roboflow.com; every size is the stored file", False),
)  # fmt: skip
