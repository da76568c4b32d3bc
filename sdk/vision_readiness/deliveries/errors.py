"""What can be wrong with a delivery; no message repeats a secret, a signature or what was sent.

vision_readiness.errors.ReadinessError
  InputError
    SecretError       a secret that cannot be used: exit code 2
  DeliveryError       anything below: what arrived is not taken
    SignatureError    it is not shown to come from a holder of the secret, or not just now: answer 401
    EventError        it is genuine, and not readable as an event: answer 400
  NotAcceptedError    the other end did not take an event; it may later
"""

from __future__ import annotations

from vision_readiness.errors import InputError, ReadinessError


class SecretError(InputError):
    """A secret that cannot be used."""


class DeliveryError(ReadinessError):
    """What arrived is not taken."""


class SignatureError(DeliveryError):
    """What arrived is not shown to come from a holder of the secret, or not just now."""


class EventError(DeliveryError):
    """What arrived cannot be read as an event."""


class NotAcceptedError(ReadinessError):
    """The other end did not take an event, and may take it later; ``retry_after`` is what it asks for, in seconds."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
