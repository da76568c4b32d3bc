"""Text without the secrets in it: what may be shown, logged or kept in a recording."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

HIDDEN = "redacted"

SECRET_NAMES = frozenset(
    {
        *("api_key", "apikey", "api-key", "key", "token", "access_token", "refresh_token", "secret", "password"),
        *("signature", "sig", "authorization", "x-amz-signature", "x-amz-credential", "x-amz-security-token"),
        *("x-goog-signature", "x-goog-credential", "googleaccessid", "awsaccesskeyid"),
    }
)
"""Names of query parameters and JSON fields, in lower case, whose value is a secret: Roboflow's and the stores'."""

_NAMES = "|".join(sorted(map(re.escape, SECRET_NAMES), key=len, reverse=True))
_IN_QUERY = re.compile(rf"(?i)\b({_NAMES})=[^&\s\"'<>\\)]+")
_IN_JSON = re.compile(rf"""(?i)(["']({_NAMES})["']\s*:\s*)(["'])(?:\\.|(?!\3)[^\\])*(?:\3|$)""")
_IN_HEADER = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """``text`` with every secret replaced: those given, plain or percent-encoded, and those that a name gives away.

    >>> redact('https://app.roboflow.com/ds/1?key=s3cret&x=1 and {"api_key": "s3cret"}, Bearer abc')
    'https://app.roboflow.com/ds/1?key=redacted&x=1 and {"api_key": "redacted"}, Bearer redacted'
    """
    text = without(text, secrets)
    text = _IN_QUERY.sub(rf"\1={HIDDEN}", text)
    text = _IN_JSON.sub(rf"\1\3{HIDDEN}\3", text)
    return _IN_HEADER.sub(rf"\1 {HIDDEN}", text)


def without(text: str, secrets: Iterable[str]) -> str:
    """``text`` with the ``secrets`` replaced, plain or percent-encoded; nothing is guessed."""
    for secret in secrets:
        for form in {secret, quote(secret), quote(secret, safe="")} - {""}:
            text = text.replace(form, HIDDEN)
    return text


def plain(text: str, most: int = 200) -> str:
    """``text`` on one line, without control characters and secrets, cut to ``most`` characters."""
    line = " ".join("".join(char if char.isprintable() else " " for char in redact(text[: 8 * most])).split())
    return line if len(line) <= most else line[: most - 1] + "…"
