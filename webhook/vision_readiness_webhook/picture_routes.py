"""Pictures of failures, which show customers' images: they open by a signed link, and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from vision_readiness_webhook.errors import ProblemError
from vision_readiness_webhook.links import HOLD_SECONDS, Links
from vision_readiness_webhook.service import Service
from vision_readiness_webhook.store.pictures import kept_pictures, load_picture


def picture_routes() -> list[Route]:
    return [Route("/pictures/{workspace}/{evidence_key}/{picture_id}", picture, name="picture")]


def picture_links(request: Request, workspace: str, evidence_key: str) -> Mapping[str, str]:
    """The address of each picture there is, by ``picture_id``; each opens for some minutes, to whoever has it."""
    service: Service = request.app.state.service
    links: Links = request.app.state.links
    with service.database.read() as connection:
        known = kept_pictures(connection, workspace, evidence_key)
    now = service.clock.now().timestamp()
    place = f"{request.app.state.prefix}/pictures/{workspace}/{evidence_key}"
    return {one: links.signed(f"{place}/{one}", now) for one in sorted(known)}


async def picture(request: Request) -> Response:
    """The JPEG that a signed link names; every other address is answered as one where nothing is."""
    service: Service = request.app.state.service
    links: Links = request.app.state.links
    named = request.path_params
    path = f"{request.app.state.prefix}/pictures/{named['workspace']}/{named['evidence_key']}/{named['picture_id']}"
    until, signature = request.query_params.get("until", ""), request.query_params.get("signature", "")
    if not links.opens(path, until, signature, service.clock.now().timestamp()):
        raise ProblemError(404, "not-found", "Not found, or the link has expired: load its page again.")

    def load() -> bytes | None:
        with service.database.read() as connection:
            return load_picture(connection, **named)

    jpeg = await run_in_threadpool(load)
    if jpeg is None:
        raise ProblemError(404, "not-found", "Not found, or the link has expired: load its page again.")
    kept = {"cache-control": f"private, max-age={HOLD_SECONDS}", "x-content-type-options": "nosniff"}
    return Response(jpeg, media_type="image/jpeg", headers=kept)
