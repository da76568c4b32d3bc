"""Where a callback goes, read from its URL once: what was checked is what is connected to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

from vision_readiness.errors import InputError

_URL = re.compile(r"https?://[!-~]{1,2000}", re.IGNORECASE)
_REFUSED = re.compile(r"[\\\"<>^`{|}#]")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_USUAL_PORTS = {"https": 443, "http": 80}
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


class UnsafeUrlError(InputError):
    """No callback is sent to such an address; the message says what to change, and not what was found there."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a URL, lower case where case means nothing; ``path`` holds the query too."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.netloc}"

    @property
    def netloc(self) -> str:
        """Host and port as the ``Host`` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _USUAL_PORTS[self.scheme] else f"{host}:{self.port}"


def read_target(url: str) -> Target:
    """The parts of ``url``; raises ``UnsafeUrlError`` for all that two readers could read in two ways.

    >>> read_target("https://Hooks.Acme.example/ready?team=dock").netloc
    'hooks.acme.example'
    """
    if not _URL.fullmatch(url) or _REFUSED.search(url):
        raise UnsafeUrlError(
            "A callback URL starts with https:// and has at most 2000 plain characters: no blanks, no fragment, and"
            " other letters percent-encoded (in the host name as punycode)."
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UnsafeUrlError("The host or the port of the callback URL cannot be read.") from None
    if "@" in parts.netloc:
        raise UnsafeUrlError("A callback URL holds no user name or password: the signature shows who sends.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(
        parts.scheme, _host(host), port if port is not None else {"https": 443, "http": 80}[parts.scheme], path
    )


def _host(host: str) -> str:
    """A name, or an address in its one usual spelling: ``127.1``, ``0x7f.1`` and ``2130706433`` are refused."""
    try:
        if ":" in host:
            return str(IPv6Address(host)) if "%" not in host else _refuse()
        labels = host.split(".")
        if _NUMBER.fullmatch(labels[-1]):
            return str(IPv4Address(host))
    except AddressValueError:
        return _refuse()
    return host if len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels) else _refuse()


def _refuse() -> str:
    raise UnsafeUrlError("The host of the callback URL is neither a host name nor an address in its usual spelling.")
