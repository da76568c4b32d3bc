"""The watcher inside the service: what Roboflow does not announce is found by looking, and comes in by the same way."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from vision_readiness.deliveries import Event
from vision_readiness.deliveries.watch import Snapshot
from vision_readiness.deliveries.watcher import Watcher
from vision_readiness.errors import ReadinessError
from vision_readiness_webhook.arrivals import arrival_of
from vision_readiness_webhook.registry import Workspace, let_go
from vision_readiness_webhook.store.database import Database, insert_new
from vision_readiness_webhook.store.schema import watermarks

if TYPE_CHECKING:
    from vision_readiness_webhook.service import Service

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredWatermark:
    """The ``Watermark`` of a workspace, in the database."""

    database: Database
    workspace: str

    def read(self) -> Snapshot | None:
        asked = sa.select(watermarks.c.snapshot).where(watermarks.c.workspace == self.workspace)
        with self.database.read() as connection:
            text = connection.execute(asked).scalar()
        return Snapshot.model_validate_json(text) if text else None

    def write(self, snapshot: Snapshot) -> None:
        values = {"snapshot": snapshot.model_dump_json(), "seen_at": snapshot.taken.timestamp()}
        mine = watermarks.update().where(watermarks.c.workspace == self.workspace)
        with self.database.write() as connection:
            if not insert_new(connection, watermarks, {"workspace": self.workspace, **values}):
                connection.execute(mine.values(**values))

    def hold(self, seconds: float, now: float) -> bool:
        """Whether this process may look now: of several, one does."""
        unseen = {"workspace": self.workspace, "snapshot": "", "seen_at": 0.0}
        free = watermarks.c.held_until.is_(None) | (watermarks.c.held_until <= now)
        mine = watermarks.update().where(watermarks.c.workspace == self.workspace, free)
        with self.database.write() as connection:
            insert_new(connection, watermarks, unseen)
            return connection.execute(mine.values(held_until=now + seconds)).rowcount == 1


class Watching:
    """Looks at every watched workspace of the service in turn, every so often, in a thread of its own."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)

    def start(self) -> None:
        """Begin looking, where the settings want it."""
        if self._service.settings.watch_seconds and self._service.settings.workers:
            self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        every = self._service.settings.watch_seconds
        while True:
            for workspace in self._service.registry.workspaces():
                if workspace.watch and not self._stopping.is_set():
                    self._look(workspace, every)
            if self._stopping.wait(every):
                return

    def _look(self, workspace: Workspace, every: float) -> None:
        service = self._service
        watermark = StoredWatermark(service.database, workspace.name)
        try:
            if not watermark.hold(every * 0.9, service.clock.now().timestamp()):
                return
            watched = service.registry.watched(workspace)
            with let_go(watched):
                Watcher(watched, watermark, self._accept, service.clock.now, log.info).poll()
        except ReadinessError as error:
            log.warning("workspace %s could not be looked at: %s", workspace.name, error)
        except Exception:
            log.exception("the look at workspace %s fell", workspace.name)

    def _accept(self, event: Event) -> None:
        self._service.intake.accept(arrival_of(event))
