"""Images that were captured, in a folder on this machine."""

from __future__ import annotations

import hashlib
from pathlib import Path

from vision_readiness.errors import InputError
from vision_readiness.publish import EdgeCase

TAKEN = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".avif", ".heic")
"""What Roboflow takes: JPEG, PNG, BMP, WebP, TIFF, AVIF and HEIC."""


def captured_images(folder: str | Path) -> tuple[EdgeCase, ...]:
    """The images right in ``folder``, by name; hidden files and other kinds are passed over.

    Raises ``InputError`` for what is not a folder, cannot be read, or holds no image.
    """
    root = Path(folder)
    try:
        paths = sorted(path for path in root.iterdir() if path.suffix.lower() in TAKEN and path.name[0] != ".")
        files = [(path, path.read_bytes()) for path in paths if path.is_file()]
    except OSError as error:
        raise InputError(f"{root} cannot be read ({error.strerror or error}): give a folder of images") from None
    if not files:
        raise InputError(f"{root} holds no image that Roboflow takes ({', '.join(TAKEN)})")
    return tuple(EdgeCase(path.name, hashlib.sha256(data).hexdigest(), len(data), str(path)) for path, data in files)


def bytes_of(file: EdgeCase) -> bytes:
    """The bytes of a captured image; raises ``InputError`` when they are not those that were planned."""
    try:
        data = Path(file.path).read_bytes()
    except OSError as error:
        raise InputError(f"{file.path} cannot be read ({error.strerror or error})") from None
    if hashlib.sha256(data).hexdigest() != file.digest:
        raise InputError(f"{file.path} has changed since it was planned: plan it again")
    return data
