"""Who sent a delivery, and when: signatures of Standard Webhooks 1.0.0, made and checked.

The signature is HMAC-SHA256 over ``id.timestamp.body`` with the bytes of the body as they travel.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (read 2026-08)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from vision_readiness.deliveries.errors import SecretError, SignatureError

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE = timedelta(minutes=5)
"""How far the clocks of the two ends may be apart, in either direction; what the reference libraries use."""

_PREFIX = "whsec_"
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TIMESTAMP = re.compile(r"0|[1-9][0-9]{0,10}")
_SIGNATURES = re.compile(r"[A-Za-z0-9]{1,8},[!-~]{1,128}( [A-Za-z0-9]{1,8},[!-~]{1,128}){0,15}")
_V1 = re.compile(r"v1,[A-Za-z0-9+/]{43}=")


@dataclass(frozen=True, slots=True)
class Secret:
    """A key that both ends hold: 24 to 64 bytes. Its text form is ``whsec_`` and base64; neither is ever shown."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not 24 <= len(self.key) <= 64:
            raise SecretError(f"A webhook secret has 24 to 64 bytes, and this one has {len(self.key)}. {_MAKE_ONE}")

    @classmethod
    def parse(cls, text: str) -> Secret:
        """The secret written as ``whsec_<base64>``, padded or not; raises ``SecretError``.

        >>> Secret.parse("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
        Secret()
        """
        written = text.strip()
        if not written.startswith(_PREFIX):
            raise SecretError(f"A webhook secret starts with {_PREFIX}. {_MAKE_ONE}")
        digits = written.removeprefix(_PREFIX).rstrip("=")
        try:
            return cls(base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True))
        except (binascii.Error, ValueError):  # the latter for letters outside ASCII
            raise SecretError(f"What follows {_PREFIX} in a webhook secret is base64. {_MAKE_ONE}") from None

    @classmethod
    def parse_all(cls, text: str) -> tuple[Secret, ...]:
        """The secrets in ``text``, with blanks or commas between them; while one replaces another there are two.

        Raises ``SecretError``, also when there is none.
        """
        secrets = tuple(cls.parse(one) for one in re.split(r"[\s,]+", text.strip()) if one)
        if not secrets:
            raise SecretError(f"No webhook secret is set. {_MAKE_ONE}")
        return secrets

    def __str__(self) -> str:
        return repr(self)

    def signature(self, content: bytes) -> bytes:
        """The token for ``content``: ``v1,<base64>``."""
        return b"v1," + base64.b64encode(hmac.digest(self.key, content, hashlib.sha256))


_MAKE_ONE = 'Make one with: echo "whsec_$(openssl rand -base64 32)".'


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that was shown to be genuine.

    ``id`` stays the same when it is sent again, ``timestamp`` is the moment of this attempt, and ``secret_index`` says
    which secret it was signed with: when none is signed with the old one any more, that one can go.
    """

    id: str
    timestamp: datetime
    secret_index: int


def sign(secrets: Secret | Sequence[Secret], id: str, timestamp: datetime, body: bytes) -> Mapping[str, str]:  # noqa: A002 - the specification's word
    """The three headers of a delivery; several secrets give several signatures, so that either end may change first.

    Raises ``ValueError`` for an id that ``verify`` would refuse, for no secret, and for a naive ``timestamp``.
    """
    holders = [secrets] if isinstance(secrets, Secret) else secrets
    if not holders or timestamp.tzinfo is None or not _ID.fullmatch(id):
        raise ValueError("a delivery needs a secret, an aware timestamp, and an id of letters, digits, _ and -")
    seconds = str(int(timestamp.timestamp()))
    content = _content(id, seconds, body)
    return {ID: id, TIMESTAMP: seconds, SIGNATURE: " ".join(one.signature(content).decode() for one in holders)}


def verify(secrets: Sequence[Secret], headers: Mapping[str, str], body: bytes, *, now: datetime) -> Delivery:
    """The delivery that ``headers`` and ``body`` make up, once shown to be genuine; raises ``SignatureError``.

    Header names may be in any case, and one that comes twice is refused. Signatures of other versions than ``v1`` are
    passed over, as the specification wants it. Every secret is tried with every signature in constant time, so that
    the time taken tells nothing. The id is to be remembered by the caller: within the tolerance a copy is genuine too.
    """
    given = _only(headers, ID, TIMESTAMP, SIGNATURE)
    if not _ID.fullmatch(given[ID]):
        raise SignatureError(f"{ID} is 1 to 128 letters, digits, _ and -.")
    if not _TIMESTAMP.fullmatch(given[TIMESTAMP]):
        raise SignatureError(f"{TIMESTAMP} is whole seconds since 1970.")
    if not _SIGNATURES.fullmatch(given[SIGNATURE]):
        raise SignatureError(f"{SIGNATURE} is a list of up to 16 signatures, such as v1,<base64>, with blanks between.")
    content = _content(given[ID], given[TIMESTAMP], body)
    tokens = [token.encode() for token in given[SIGNATURE].split(" ") if _V1.fullmatch(token)]
    matches = [any([hmac.compare_digest(one.signature(content), token) for token in tokens]) for one in secrets]  # noqa: C419 - a generator would stop early
    if True not in matches:
        raise SignatureError("No signature matches a known secret. Check that both ends hold the same secret.")
    sent = int(given[TIMESTAMP])
    if abs(now.timestamp() - sent) > TOLERANCE.total_seconds():
        raise SignatureError("It was signed more than 5 minutes from now. Check the clocks, or send it again.")
    return Delivery(given[ID], datetime.fromtimestamp(sent, UTC), matches.index(True))


def verify_token(tokens: Sequence[str], headers: Mapping[str, str]) -> int:
    """Which of ``tokens`` the ``Authorization`` header holds, bare or after ``Bearer``; raises ``SignatureError``.

    This is all that senders offer which cannot sign. It proves neither the body nor the moment.
    """
    given = _only(headers, "authorization")["authorization"].strip()
    scheme, _, rest = given.partition(" ")
    shown = (rest.strip() if scheme.lower() == "bearer" else given).encode("utf-8", errors="replace")
    matches = [bool(token) and hmac.compare_digest(token.encode(), shown) for token in tokens]
    if True not in matches:
        raise SignatureError("The Authorization header holds no known token.")
    return matches.index(True)


def _content(id: str, seconds: str, body: bytes) -> bytes:  # noqa: A002 - the specification's word
    return f"{id}.{seconds}.".encode() + body


def _only(headers: Mapping[str, str], *names: str) -> dict[str, str]:
    """The headers ``names``, each of which must be there once."""
    found: dict[str, str] = {}
    for name, value in headers.items():
        name = name.lower()  # noqa: PLW2901 - header names have no case
        if name in names:
            if name in found:
                raise SignatureError(f"The header {name} came twice.")
            found[name] = value
    if missing := [name for name in names if name not in found]:
        raise SignatureError(f"The header {missing[0]} is missing.")
    return found
