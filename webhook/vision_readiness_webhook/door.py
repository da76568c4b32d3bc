"""The door: deliveries come in over HTTP, are verified before anything is read, and are written down before 202."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from vision_readiness.deliveries import Event, EventError, SignatureError, parse_event, parse_hint, verify, verify_token
from vision_readiness_webhook.arrivals import arrival_of
from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.keyring import Keyring
from vision_readiness_webhook.service import Service

BODY_SECONDS = 10.0
"""How long a body may take to arrive: who sends slower is not waited for."""


@dataclass(frozen=True, slots=True)
class Door:
    """Takes deliveries for ``service`` that a secret of ``keyring`` signed."""

    service: Service
    keyring: Keyring

    async def receive(self, request: Request) -> Response:
        """202 with the run that the delivery asks for; the same delivery again is answered as the first time."""
        with self._counted():
            body = await read_body(request, self.service.settings.max_body_bytes)
            try:
                delivery = verify(self.keyring.secrets, request.headers, body, now=self.service.clock.now())
            except SignatureError as error:
                raise ProblemError(401, "signature-refused", str(error)) from None
            try:
                event = parse_event(body)
            except EventError as error:
                raise ProblemError(400, "not-an-event", str(error)) from None
            workspace = event.data.workspace
            known = self.service.registry.workspace(workspace) is not None
            if not known or not self.keyring.may_speak_of(delivery.secret_index, workspace):
                raise ProblemError(404, "not-found", "Workspace not found, or you have no access.")
            return await self._accepted(request, event, delivery.id)

    async def receive_hint(self, request: Request) -> Response:
        """202 for a message of a sender that cannot sign, such as Roboflow's batch jobs or a Workflow's Webhook Sink.

        Its token shows no more than that it may hint about the workspace in the address: what changed is looked up.
        """
        with self._counted():
            body = await read_body(request, self.service.settings.max_body_bytes)
            workspace, project = request.path_params["workspace"], request.path_params["project"]
            try:
                verify_token(self.keyring.hint_tokens.get(workspace, ()), request.headers)
                hint = parse_hint(body, received=self.service.clock.now(), workspace=workspace, project=project)
            except SignatureError as error:
                raise ProblemError(401, "signature-refused", str(error)) from None
            except EventError as error:
                raise ProblemError(400, "not-an-event", str(error)) from None
            if hint.event is None:
                self.service.metrics.delivered("nothing-new")
                return JSONResponse({"run": None, "url": None, "new": False, "because": hint.because}, status_code=202)
            return await self._accepted(request, hint.event, hint.id, because=hint.because)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a refusal by its problem."""
        try:
            yield
        except ProblemError as error:
            self.service.metrics.delivered(error.problem)
            raise

    async def _accepted(self, request: Request, event: Event, delivery_id: str, **more: str) -> Response:
        """202 with the run, once the event is written down."""
        receipt = await asyncio.wrap_future(self.service.intake.submit(arrival_of(event, delivery_id)))
        self.service.metrics.delivered("accepted" if receipt.is_new else "repeated")
        place = f"{request.app.state.prefix}/runs/{receipt.run_id}"
        answer = {"run": receipt.run_id, "url": self.service.settings.url + place, "new": receipt.is_new, **more}
        return JSONResponse(answer, status_code=202, headers={"location": place})


async def read_body(request: Request, most: int) -> bytes:
    """The body, as it travelled; raises ``ProblemError`` for one that is too long or too slow."""
    said = request.headers.get("content-length", "0")
    too_long = ProblemError(
        413, "too-large", f"A request has at most {most} bytes here.", headers={"connection": "close"}
    )
    if not said.isdecimal() or len(said) > 12 or int(said) > most:
        raise too_long
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > most:
                    raise too_long
    except (TimeoutError, ClientDisconnect):
        slow = "The body did not arrive in time; send it again."
        raise ProblemError(408, "too-slow", slow, headers={"connection": "close"}) from None
    return bytes(body)
