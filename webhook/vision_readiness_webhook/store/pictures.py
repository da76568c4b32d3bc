"""Drawn examples of failures, kept beside the evidence they were drawn from."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from vision_readiness_webhook.store.database import insert_new
from vision_readiness_webhook.store.schema import pictures


def keep_pictures(connection: sa.Connection, workspace: str, evidence_key: str, drawn: Mapping[str, bytes]) -> None:
    """Keep the JPEGs by their ``picture_id``."""
    for picture_id, jpeg in sorted(drawn.items()):
        place = {"workspace": workspace, "evidence_key": evidence_key, "picture_id": picture_id}
        insert_new(connection, pictures, {**place, "jpeg": jpeg})


def kept_pictures(connection: sa.Connection, workspace: str, evidence_key: str) -> frozenset[str]:
    """The ids of the pictures there are."""
    asked = sa.select(pictures.c.picture_id)
    rows = connection.execute(asked.where(pictures.c.workspace == workspace, pictures.c.evidence_key == evidence_key))
    return frozenset(row.picture_id for row in rows)


def load_picture(connection: sa.Connection, workspace: str, evidence_key: str, picture_id: str) -> bytes | None:
    """One JPEG."""
    place = [pictures.c.workspace == workspace, pictures.c.evidence_key == evidence_key]
    found = connection.execute(sa.select(pictures.c.jpeg).where(*place, pictures.c.picture_id == picture_id)).scalar()
    return None if found is None else bytes(found)
