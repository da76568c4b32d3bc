"""Roboflow's API, typed: what to ask, how to read the answer, and what can go wrong. It does no I/O of its own.

``RoboflowClient(transport)`` has the verbs; a call that it has no verb for is built by the module of its noun and
goes through ``client.run``.
"""

from vision_readiness.roboflow.call import Call
from vision_readiness.roboflow.client import RoboflowClient
from vision_readiness.roboflow.errors import RoboflowError
from vision_readiness.roboflow.links import version_id_of
from vision_readiness.roboflow.rates import Rate
from vision_readiness.roboflow.retry import RetryPolicy
from vision_readiness.roboflow.transport import Host, Request, Response, Stream, Transport
from vision_readiness.roboflow.unavailable import Unavailable

__all__ = [
    "Call",
    "Host",
    "Rate",
    "Request",
    "Response",
    "RetryPolicy",
    "RoboflowClient",
    "RoboflowError",
    "Stream",
    "Transport",
    "Unavailable",
    "version_id_of",
]
