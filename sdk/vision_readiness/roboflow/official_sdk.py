"""The names of the official ``roboflow`` SDK's objects, so that they can be given where a name is taken."""

from __future__ import annotations

from vision_readiness.project import VersionId
from vision_readiness.roboflow import links


def version_id_of(named: object) -> VersionId | None:
    """What a name, or a ``Project`` or ``Version`` of the official SDK, stands for; ``None`` for anything else.

    Both carry their address in ``id`` (roboflow-python, core/project.py and core/version.py, 2026-08). The SDK itself
    is not needed, and nothing is asked of the network.

    >>> class Version:
    ...     id = "acme/dock/3"
    >>> str(version_id_of(Version())), str(version_id_of("acme/dock")), version_id_of(7)
    ('acme/dock/3', 'acme/dock', None)
    """
    if isinstance(named, VersionId):
        return named
    address = named if isinstance(named, str) else getattr(named, "id", None)
    return links.version_id_of(address) if isinstance(address, str) else None
