"""What the service says when it starts for the first time: where to go, and with what."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from vision_readiness_webhook.access import Role, create_token
from vision_readiness_webhook.audit import add_entry
from vision_readiness_webhook.commands.tokens import OPERATOR
from vision_readiness_webhook.service import Service
from vision_readiness_webhook.store.schema import tokens

PERSON = "first start"


def first_words(service: Service) -> Sequence[str]:
    """Where people go; and a token for the first workspace, where nobody ever had one in this database."""
    place = f"Vision Readiness is at {service.settings.url}/"
    named = service.registry.workspaces()
    if not named:
        return [place]
    workspace, now = named[0].name, service.clock.now().timestamp()
    with service.database.write() as connection:
        if connection.execute(sa.select(tokens.c.token_id).limit(1)).first() is not None:
            return [place]
        token = create_token(connection, workspace, PERSON, Role.DEPLOYER, now)
        add_entry(connection, workspace, OPERATOR, "token.created", PERSON, now, {"role": str(Role.DEPLOYER)})
    return [place, f"Sign in to the workspace {workspace} with this token, which is shown this once: {token}"]
