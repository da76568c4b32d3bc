"""The pages: what people see in a browser, drawn on the server, whole without a script."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from vision_readiness_webhook.access import Role
from vision_readiness_webhook.pages import (
    overview,
    progress,
    project,
    risks,
    rollout,
    signing_in,
    spec_editor,
    static,
    what_if,
)
from vision_readiness_webhook.pages.visit import View, visited
from vision_readiness_webhook.service import Service

READ, CHANGE = ["GET"], ["POST"]
BOTH = [*READ, *CHANGE]


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
        to(f"{one}/report", project.newest_report_page, Role.SUPPORT),
        to(f"{one}/reports/{{report}}", project.whole_report, Role.SUPPORT),
        to(f"{one}/compare", project.compare, Role.SUPPORT),
        to(f"{one}/support", project.support, Role.SUPPORT),
        to(f"{one}/what-if", what_if.show, Role.SUPPORT),
        to(f"{one}/spec", spec_editor.show, Role.SUPPORT),
        to(f"{one}/spec", spec_editor.change, Role.EDITOR, CHANGE),
        to(f"{one}/risks", risks.show, Role.SUPPORT),
        to(f"{one}/risks", risks.change, Role.DEPLOYER, CHANGE),
        to(f"{one}/rollout", rollout.show, Role.SUPPORT),
        to(f"{one}/rollout", rollout.decide, Role.VIEWER, CHANGE),
        to(f"{one}/fixes/{{number}}", project.fix, Role.SUPPORT, BOTH),
    ]
