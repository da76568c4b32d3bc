"""The service in a process of its own, with many cheap projects and one receiver to tell."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from tests.small_workspace import NUMBER, PROJECT, WORKSPACE
from tests.webhook.serving import SECRET
from vision_readiness.advisor import Advisor
from vision_readiness.deliveries import Secret
from vision_readiness.deliveries.watch import Snapshot
from vision_readiness.deliveries.watcher import Watched
from vision_readiness.ports import Images, Progress
from vision_readiness.predict.interface import Model
from vision_readiness.project import ProjectVersion, VersionId
from vision_readiness.report import Report
from vision_readiness.testing import MemoryCache
from vision_readiness_adapters.callback_http import CallbackRules, CallbackSender, Sending
from vision_readiness_adapters.offline_workspace import OfflineWorkspace
from vision_readiness_webhook import Settings, create_app
from vision_readiness_webhook.outbox import Channel, Message, MessageState, Sent
from vision_readiness_webhook.registry import Workspace
from vision_readiness_webhook.store.reports import Kept


@dataclass(frozen=True, slots=True)
class SameForAll:
    """A ``Source`` that has every version of every project, all with the data and the model of one."""

    one: OfflineWorkspace

    @property
    def images(self) -> Images:
        return self.one.images

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        asked = VersionId.parse(project or "")
        found = self.one.version(f"{WORKSPACE}/{PROJECT}", NUMBER)
        return replace(found, id=replace(found.id, project=asked.project, number=number), beside=_without_spec(found))


def _without_spec(version: ProjectVersion) -> Mapping[str, str]:
    return {name: where for name, where in version.beside.items() if name != "spec"}


class NothingNewer:
    """``Watched``: there is nothing that would make a report stale."""

    def snapshot(self, taken: datetime) -> Snapshot:
        return Snapshot(taken=taken)


@dataclass(frozen=True, slots=True)
class ManyProjects:
    """A ``Registry`` of one workspace."""

    folder: Path
    only: Workspace = field(default_factory=lambda: Workspace(name=WORKSPACE, latency_calls=0))

    def workspaces(self) -> Sequence[Workspace]:
        return [self.only]

    def workspace(self, name: str) -> Workspace | None:
        return self.only if name == self.only.name else None

    def advisor(self, workspace: Workspace, progress: Progress) -> Advisor:
        advisor = Advisor.connect(str(self.folder), progress=progress, cache=MemoryCache())
        return replace(advisor, source=SameForAll(OfflineWorkspace(self.folder)))

    def watched(self, workspace: Workspace, project: str | None = None) -> Watched:
        return NothingNewer()

    def model(self, workspace: Workspace, version: ProjectVersion) -> Model | None:
        return None


@dataclass(frozen=True, slots=True)
class Receiver:
    """A ``Channel`` that tells one address of every report."""

    url: str

    def addresses(self, workspace: Workspace, report: Report, last: Kept | None) -> list[str]:
        return [self.url]

    def send(self, workspace: Workspace, message: Message, kept: Kept) -> Sent:
        row = kept.row
        told = {"project": row.project, "version": row.version, "run": row.run_id, "sequence": row.sequence}
        parts = urlsplit(self.url)
        sender = CallbackSender(CallbackRules(inside=frozenset({f"{parts.scheme}://{parts.netloc}"})))
        body = json.dumps({**told, "report": row.report_id}).encode()
        sent = sender.send(self.url, Secret.parse(SECRET), message.message_id, body, now=datetime.now(UTC))
        if sent.outcome is Sending.DELIVERED:
            return Sent(MessageState.DELIVERED, sent.because)
        return Sent(MessageState.PENDING, sent.because, retry_seconds=0.5)


def main(folder: str, receiver: str) -> None:
    """Serve until killed, as the environment says."""
    settings = Settings.from_environment()
    channels: dict[str, Channel] = {"receiver": Receiver(receiver)}
    app = create_app(settings, registry=ManyProjects(Path(folder)), channels=channels)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
