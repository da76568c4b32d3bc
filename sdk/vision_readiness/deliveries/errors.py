"""What can be wrong with a delivery; no message repeats a secret, a signature or what was sent.

vision_readiness.errors.ReadinessError
  InputError
    SecretError       a secret that cannot be used: exit code 2
  DeliveryError       anything below: what arrived is not taken
    SignatureError    it is not shown to come from a holder of the secret, or not just now: answer 401
    EventError        it is genuine, and not readable as an event: answer 400
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
