"""Events that say something has changed: what is in them, and the signature that shows who sent them. No I/O."""

from vision_readiness.deliveries.errors import (
    DeliveryError,
    EventError,
    NotAcceptedError,
    SecretError,
    SignatureError,
)
from vision_readiness.deliveries.events import Event, EventType, Subject, parse_event
from vision_readiness.deliveries.hints import Authentication, Hint, parse_hint, sink_block
from vision_readiness.deliveries.retries import pause_before
from vision_readiness.deliveries.signature import Delivery, Secret, sign, verify, verify_token
from vision_readiness.deliveries.watch import Snapshot, changes, history
from vision_readiness.deliveries.watcher import Watched, Watcher, Watermark

__all__ = [
    "Authentication",
    "Delivery",
    "DeliveryError",
    "Event",
    "EventError",
    "EventType",
    "Hint",
    "NotAcceptedError",
    "Secret",
    "SecretError",
    "SignatureError",
    "Snapshot",
    "Subject",
    "Watched",
    "Watcher",
    "Watermark",
    "changes",
    "history",
    "parse_event",
    "parse_hint",
    "pause_before",
    "sign",
    "sink_block",
    "verify",
    "verify_token",
]
