"""The pages: what people see in a browser, drawn on the server, whole without a script."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from vision_readiness_webhook.access import Role
from vision_readiness_webhook.pages import (
    fixes,
    overview,
    progress,
    project,
    reports,
    risks,
    rollout,
    signing_in,
    spec_editor,
    static,
    support,
    what_if,
)
from vision_readiness_webhook.pages.visit import View, visited
from vision_readiness_webhook.service import Service

READ, CHANGE = ["GET"], ["POST"]


def routes(service: Service) -> list[BaseRoute]:
    """The routes of the pages."""

    def to(path: str, view: View, role: Role, methods: list[str] = READ) -> Route:
        return Route(path, visited(service, view, role), methods=methods)

    one = "/app/{project}"
    return [
        Route("/static/{name}", static.serve),
        Route("/login", signing_in.ask, methods=READ),
        Route("/login", signing_in.sign_in, methods=CHANGE),
        to("/logout", signing_in.sign_out, Role.SUPPORT, CHANGE),
        to("/", overview.show, Role.SUPPORT),
        to("/scan", progress.scan, Role.EDITOR, CHANGE),
        to("/progress/{run}", progress.show, Role.SUPPORT),
        to(one, project.show, Role.SUPPORT),
        to(f"{one}/report", reports.show_newest, Role.SUPPORT),
        to(f"{one}/reports/{{report}}", reports.show, Role.SUPPORT),
        to(f"{one}/compare", reports.compare, Role.SUPPORT),
        to(f"{one}/support", support.show, Role.SUPPORT),
        to(f"{one}/what-if", what_if.show, Role.SUPPORT),
        to(f"{one}/spec", spec_editor.show, Role.SUPPORT),
        to(f"{one}/spec", spec_editor.change, Role.EDITOR, CHANGE),
        to(f"{one}/risks", risks.show, Role.SUPPORT),
        to(f"{one}/risks", risks.change, Role.DEPLOYER, CHANGE),
        to(f"{one}/rollout", rollout.show, Role.SUPPORT),
        to(f"{one}/rollout", rollout.decide, Role.VIEWER, CHANGE),
        to(f"{one}/fixes/{{number}}", fixes.show, Role.SUPPORT),
        to(f"{one}/fixes/{{number}}", fixes.change, Role.EDITOR, CHANGE),
    ]
