"""Links that open without a token until they expire: to pictures, which no other address leads to."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

import sqlalchemy as sa

from vision_readiness_webhook.store.database import Database, insert_new
from vision_readiness_webhook.store.schema import keys

HOLD_SECONDS = 600
"""How long a link holds at least; it is made for the page it is on, not for keeping."""

_NAME = "links"


@dataclass(frozen=True, slots=True)
class Links:
    """Signs paths, and knows its own signatures again."""

    key: bytes = field(repr=False)

    def signed(self, path: str, now: float) -> str:
        """``path`` with the moment until which it opens, and the signature that says so.

        The moment is rounded up, so that a page that is looked at twice gives the same links and a browser keeps them.
        """
        until = (int(now) // HOLD_SECONDS + 2) * HOLD_SECONDS
        return f"{path}?{urlencode({'until': until, 'signature': self._signature(path, str(until))})}"

    def opens(self, path: str, until: str, signature: str, now: float) -> bool:
        """Whether the signature is ours and the moment has not passed."""
        if not hmac.compare_digest(self._signature(path, until).encode(), signature.encode("utf-8", "replace")):
            return False
        return until.isdecimal() and now < int(until)

    def _signature(self, path: str, until: str) -> str:
        return hmac.new(self.key, f"{path}\n{until}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def open_links(database: Database) -> Links:
    """The links of this service; the first process that asks makes the key."""
    with database.write() as connection:
        insert_new(connection, keys, {"name": _NAME, "key": secrets.token_bytes(32)})
        return Links(bytes(connection.execute(sa.select(keys.c.key).where(keys.c.name == _NAME)).scalar_one()))
