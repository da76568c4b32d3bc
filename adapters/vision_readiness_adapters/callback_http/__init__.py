"""Signed callbacks to addresses that users name, which may be hostile (server-side request forgery).

A URL is read once, its host resolved once, every address it resolves to checked, and the connection goes to one of
these and to nothing else, while ``Host``, SNI and the certificate stay those of the name. No redirect is followed, no
proxy of the environment used, and of the answer only the head is read.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version

import httpcore
import httpx

from vision_readiness.deliveries.signature import Secret, sign
from vision_readiness.roboflow.retry import retry_after
from vision_readiness_adapters.callback_http.address import may_be_called
from vision_readiness_adapters.callback_http.pinned import PHASES, PinnedBackend
from vision_readiness_adapters.callback_http.target import Target, UnsafeUrlError, read_target

__all__ = ["CallbackRules", "CallbackSender", "Resolver", "Sending", "Sent", "UnsafeUrlError", "resolve_by_system"]

Resolver = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host name; raises ``OSError`` when there are none."""

RESOLVE_SECONDS = 5.0
TOTAL_SECONDS = 15.0
_MOST_ADDRESSES = 16


@dataclass(frozen=True, slots=True)
class CallbackRules:
    """What an operator admits.

    ``ports`` are those that https may use. ``inside`` names whole origins (``http://hooks.lan:8080``) that the operator
    vouches for: they may be plain http, at any port, at private addresses or on this machine; never at link-local or
    metadata addresses.
    """

    ports: frozenset[int] = frozenset({443, 8443})
    inside: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "inside", frozenset(read_target(origin).origin for origin in self.inside))

    def check(self, url: str) -> Target:
        """Where ``url`` leads; raises ``UnsafeUrlError``. Names are not resolved: that happens when it is sent."""
        target = read_target(url)
        if self.vouched(target):
            return target
        if target.scheme != "https":
            raise UnsafeUrlError("A callback URL starts with https://.")
        if target.port not in self.ports:
            raise UnsafeUrlError(f"A callback goes to port {', '.join(map(str, sorted(self.ports)))} only.")
        if target.host.rpartition(".")[2].isdigit() or ":" in target.host:
            self.check_addresses(target, [target.host])
        return target

    def check_addresses(self, target: Target, addresses: Sequence[str]) -> None:
        """Nothing, when each of ``addresses`` may be called; else ``UnsafeUrlError``."""
        if not all(may_be_called(address, inside=self.vouched(target)) for address in addresses):
            raise UnsafeUrlError("The callback URL leads to an address that is not on the public internet.")

    def vouched(self, target: Target) -> bool:
        """Whether the operator vouches for the origin of ``target``."""
        return target.origin in self.inside


class Sending(StrEnum):
    """How an attempt ended, and what to do next."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GONE = "gone"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Sent:
    """The end of one attempt: ``gone`` means that the receiver wants no more, ``refused`` that the URL is not safe.

    ``retry_after`` is how long the receiver asks to wait, in seconds. ``because`` is a sentence for people; nothing of
    the answer's body, and no address, is in it.
    """

    outcome: Sending
    because: str
    status: int | None = None
    retry_after: float | None = None


def resolve_by_system(host: str, port: int) -> list[str]:
    """The addresses that the system's resolver gives for ``host``, in its order; raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


@dataclass(frozen=True)
class CallbackSender:
    """Sends callbacks under ``rules``; safe in several threads, as every call has a connection of its own."""

    rules: CallbackRules = field(default_factory=CallbackRules)
    resolve: Resolver = resolve_by_system
    total_seconds: float = TOTAL_SECONDS
    certificates: ssl.SSLContext = field(default_factory=lambda: httpx.create_ssl_context(trust_env=False), repr=False)

    def send(self, url: str, secrets: Secret | Sequence[Secret], id: str, body: bytes, *, now: datetime) -> Sent:  # noqa: A002 - the specification's word
        """How one attempt to deliver ``body``, JSON, ended: it never raises for what is outside.

        It is signed for the moment ``now``; ``id`` stays the same for every attempt. Without ``secrets`` it goes
        unsigned, to receivers whose URL is the secret.
        """
        until = time.monotonic() + self.total_seconds
        try:
            target = self.rules.check(url)
            addresses = self._resolved(target)
            self.rules.check_addresses(target, addresses)
        except UnsafeUrlError as error:
            return Sent(Sending.REFUSED, str(error))
        except OSError:
            return Sent(Sending.RETRY, "The host name of the callback URL cannot be resolved.")
        headers = {
            "Host": target.netloc,
            "User-Agent": f"vision-readiness/{version('vision-readiness')}",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close",
            **(sign(secrets, id, now, body) if isinstance(secrets, Secret) or secrets else {}),
        }
        return self._post(target, addresses, headers, body, until)

    def _resolved(self, target: Target) -> Sequence[str]:
        """In a thread, because the system's resolver cannot be told how long it may take."""
        answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolve(target.host, target.port))
            except (OSError, UnicodeError) as error:  # the latter for labels that are no IDNA
                answers.put(error if isinstance(error, OSError) else OSError())

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=min(RESOLVE_SECONDS, self.total_seconds))
        except queue.Empty:
            raise OSError from None
        if isinstance(answer, OSError) or not answer:
            raise OSError
        if len(answer) > _MOST_ADDRESSES:
            raise UnsafeUrlError(f"The host of the callback URL has more than {_MOST_ADDRESSES} addresses.")
        return answer

    def _post(
        self, target: Target, addresses: Sequence[str], headers: dict[str, str], body: bytes, until: float
    ) -> Sent:
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        backend, allowed = PinnedBackend(addresses, until), {"timeout": PHASES}
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self.certificates, network_backend=backend) as pool,
                pool.stream("POST", url, headers=list(headers.items()), content=body, extensions=allowed) as answer,
            ):
                told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
                return _sent(answer.status, told)
        except httpcore.TimeoutException:
            return Sent(Sending.RETRY, "The receiver did not answer in time.")
        except httpcore.ConnectError as error:
            untrusted = isinstance(error.__cause__ or error.__context__, ssl.SSLError)
            what = "Its certificate is not valid for its name." if untrusted else "The receiver refused the connection."
            return Sent(Sending.RETRY, f"The receiver cannot be reached. {what}")
        except (httpcore.NetworkError, httpcore.ProtocolError):
            return Sent(Sending.RETRY, "The receiver closed the connection before it answered, or does not speak HTTP.")


def _sent(status: int, headers: dict[str, str]) -> Sent:
    if 200 <= status < 300:
        return Sent(Sending.DELIVERED, "The receiver accepted it.", status)
    if status == 410:
        return Sent(Sending.GONE, "The receiver says that it is gone: nothing more is sent to it.", status)
    if 300 <= status < 400:
        return Sent(Sending.RETRY, f"The receiver answered {status}; a redirect is not followed.", status)
    return Sent(Sending.RETRY, f"The receiver answered {status}.", status, retry_after(headers))
