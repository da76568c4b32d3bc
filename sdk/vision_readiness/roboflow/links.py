"""The names of a version that people have at hand: the short one, and the address bar of the app."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from vision_readiness.project import VersionId

PREFIX = "roboflow:"
APP_HOSTS = frozenset({"app.roboflow.com", "universe.roboflow.com", "app.roboflow.eu", "api.roboflow.com"})
_SLUG = re.compile(r"[\w][\w.-]{0,199}", re.ASCII)


def version_id_of(source: str) -> VersionId | None:
    """What ``source`` names, with parts that it leaves open as ``None``; ``None`` when it is not a name of Roboflow's.

    An address may go on to a page of the project (``/models``, ``/images``, ``/dataset/3``); the first number after
    the project is the version. ``roboflow:`` before a short name says that it is not a folder.

    >>> str(version_id_of("acme/dock/3")), str(version_id_of("https://app.roboflow.com/acme/dock/models/dock/3"))
    ('acme/dock/3', 'acme/dock/3')
    >>> str(version_id_of("roboflow:dock/3")), version_id_of("./exports/dock")
    ('dock/3', None)
    """
    text = source.strip()
    if text.lower().startswith(PREFIX):
        text = text[len(PREFIX) :].lstrip("/")
    return _in_address(text) if "://" in text else _in_name(text)


def _in_name(text: str) -> VersionId | None:
    parts = text.rstrip("/").split("/")
    if not 1 <= len(parts) <= 3 or not all(_SLUG.fullmatch(part) for part in parts):
        return None
    named = VersionId.parse(text)
    if len(parts) == 3 and named.number is None:
        return None
    return named if named.number is None or named.number < 10**9 else None


def _in_address(text: str) -> VersionId | None:
    try:
        address = urlsplit(text)
        known = address.scheme in ("http", "https") and address.hostname in APP_HOSTS
    except ValueError:
        return None
    parts = [unquote(part) for part in address.path.split("/") if part] if known else []
    if len(parts) < 2 or not all(_SLUG.fullmatch(part) for part in parts[:2]):
        return None
    number = next((int(part) for part in parts[2:] if re.fullmatch(r"\d{1,9}", part, re.ASCII)), None)
    return VersionId(parts[0], parts[1], number)
