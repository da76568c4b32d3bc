"""Where a watcher's events go: a service's door, over HTTP and signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vision_readiness.deliveries import Event, Secret
from vision_readiness.deliveries.errors import NotAcceptedError
from vision_readiness.errors import InputError
from vision_readiness_adapters.callback_http import CallbackRules, CallbackSender, Sending
from vision_readiness_adapters.callback_http.target import read_target

_WILL_NOT_PASS = {
    400: "it does not know such events",
    401: "check that both ends hold the same secret, and their clocks",
    403: "check the secret and the workspace",
    404: "check the path of the URL",
    405: "check the path of the URL",
    410: "it takes no events any more",
    422: "it does not know such events",
}


@dataclass(frozen=True)
class HttpDoor:
    """The door at ``url``, which the person who gave it vouches for: it may be on this machine, and plain http."""

    url: str
    secrets: Sequence[Secret]
    now: Callable[[], datetime]
    sender: CallbackSender

    @classmethod
    def at(cls, url: str, secrets: Sequence[Secret], now: Callable[[], datetime]) -> HttpDoor:
        """The door at ``url``; raises ``InputError`` for what is not a URL."""
        rules = CallbackRules(inside=frozenset({read_target(url).origin}))
        return cls(url, secrets, now, CallbackSender(rules))

    def accept(self, event: Event) -> None:
        """Nothing, once the door took ``event``; raises ``NotAcceptedError``, or ``InputError`` if it never will."""
        sent = self.sender.send(self.url, self.secrets, event.id, event.to_bytes(), now=self.now())
        if sent.outcome is Sending.DELIVERED:
            return
        told = f"{read_target(self.url).origin} did not take {event.type}. {sent.because}"
        if sent.outcome is Sending.REFUSED or sent.status in _WILL_NOT_PASS:
            raise InputError(f"{told} {_WILL_NOT_PASS.get(sent.status or 0, 'Give another URL').capitalize()}.")
        raise NotAcceptedError(told, retry_after=sent.retry_after)
