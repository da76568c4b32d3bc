"""The verbs of Roboflow's API, over a transport."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tenacity import RetryCallState, Retrying

from vision_readiness.roboflow import exports, projects, versions
from vision_readiness.roboflow.call import Call
from vision_readiness.roboflow.errors import NotFoundError, RoboflowError, ServerFailedError, error_of
from vision_readiness.roboflow.retry import RetryPolicy
from vision_readiness.roboflow.transport import Request, Response, Stream, Transport

T = TypeVar("T")
MOST_OF_AN_ERROR = 65536


@dataclass(frozen=True, slots=True)
class RoboflowClient:
    """Roboflow behind ``transport``. A call that has no verb here goes through ``run``."""

    transport: Transport
    policy: RetryPolicy = field(default_factory=RetryPolicy)

    def run(self, call: Call[T]) -> T:
        """The value of ``call``, made again where that may help; raises ``RoboflowError``."""
        return call.value(self.send(call.request))

    def send(self, request: Request) -> Response:
        """The 2xx answer to ``request``; raises ``RoboflowError`` for any other, after retries."""

        def once(due: Request) -> Response:
            response = self.transport.send(due)
            if not 200 <= response.status < 300:
                raise error_of(due, response)
            return response

        return self._persist(request, once)

    @contextmanager
    def stream(self, request: Request) -> Iterator[Stream]:
        """The 2xx answer to ``request`` as it comes; asked for again until it begins, and not after."""

        def once(due: Request) -> tuple[Stream, ExitStack]:
            with ExitStack() as stack:
                stream = stack.enter_context(self.transport.stream(due))
                if not 200 <= stream.status < 300:
                    raise error_of(due, Response(stream.status, stream.headers, _beginning(stream)))
                return stream, stack.pop_all()

        stream, opened = self._persist(request, once)
        with opened:
            yield stream

    def _persist(self, request: Request, once: Callable[[Request], T]) -> T:
        """What ``once`` gives for ``request``, tried as the policy says, under one key and one deadline."""
        due, began = self._keyed(request), self.transport.perf()

        def left() -> float:
            return due.deadline_seconds - (self.transport.perf() - began)

        def pause(state: RetryCallState, remaining: float, chance: float) -> float | None:
            error = state.outcome.exception() if state.outcome is not None else None
            if not isinstance(error, RoboflowError):
                return None
            return self.policy.pause(error.failure, state.attempt_number, remaining, chance)

        persistent = Retrying(
            retry=lambda state: pause(state, left(), 0.0) is not None,
            wait=lambda state: pause(state, math.inf, self.transport.random()) or 0.0,
            sleep=self.transport.sleep,
        )
        return persistent(lambda: once(replace(due, deadline_seconds=max(left(), 0.001))))

    def _keyed(self, request: Request) -> Request:
        """``request`` with a key that all its attempts share, if it writes."""
        if request.method == "GET" or request.idempotency_key is not None:
            return request
        drawn = [int(self.transport.random() * 2**52) for _ in range(2)]
        return replace(request, idempotency_key="vr-" + "".join(f"{part:013x}" for part in drawn))


def _beginning(stream: Stream) -> bytes:
    taken = bytearray()
    for chunk in stream.chunks:
        taken += chunk
        if len(taken) >= MOST_OF_AN_ERROR:
            break
    return bytes(taken[:MOST_OF_AN_ERROR])
