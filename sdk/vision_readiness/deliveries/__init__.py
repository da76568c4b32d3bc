"""Messages that something has changed: what they say, and how they show where they come from. No I/O."""

from vision_readiness.deliveries.errors import DeliveryError, EventError, SecretError, SignatureError
from vision_readiness.deliveries.events import Event, EventType, Subject, parse_event
from vision_readiness.deliveries.hints import Authentication, Hint, parse_hint, sink_block
from vision_readiness.deliveries.retries import pause_before
from vision_readiness.deliveries.signature import Delivery, Secret, sign, verify, verify_token

__all__ = [
    "Authentication",
    "Delivery",
    "DeliveryError",
    "Event",
    "EventError",
    "EventType",
    "Hint",
    "Secret",
    "SecretError",
    "SignatureError",
    "Subject",
    "parse_event",
    "parse_hint",
    "pause_before",
    "sign",
    "sink_block",
    "verify",
    "verify_token",
]
