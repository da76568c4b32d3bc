"""The watcher inside the service: what Roboflow does not announce is found by looking, and comes in by the same way."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass

import sqlalchemy as sa

from vision_readiness.deliveries import Event
from vision_readiness.deliveries.watch import Snapshot
from vision_readiness.deliveries.watcher import Watcher
from vision_readiness.errors import ReadinessError
from vision_readiness.ports import Clock
from vision_readiness_webhook.arrivals import arrival_of
from vision_readiness_webhook.intake import Intake
from vision_readiness_webhook.registry import Registry, Workspace, let_go
from vision_readiness_webhook.settings import Settings
from vision_readiness_webhook.store.database import Database, insert_new
from vision_readiness_webhook.store.schema import watermarks

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
    """Looks at every watched workspace in turn, every ``watch_seconds``, in a thread of its own."""

    def __init__(
        self, settings: Settings, *, database: Database, registry: Registry, intake: Intake, clock: Clock
    ) -> None:
        self._every = settings.watch_seconds
        self._wanted = bool(settings.watch_seconds and settings.workers)
        self._database = database
        self._registry = registry
        self._intake = intake
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)

    def start(self) -> None:
        """Begin looking, where the settings want it."""
        if self._wanted:
            self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            for workspace in self._registry.workspaces():
                if workspace.watch and not self._stopping.is_set():
                    self._look(workspace)
            if self._stopping.wait(self._every):
                return

    def _look(self, workspace: Workspace) -> None:
        watermark = StoredWatermark(self._database, workspace.name)
        try:
            if not watermark.hold(self._every * 0.9, self._clock.now().timestamp()):
                return
            watched = self._registry.watched(workspace)
            with let_go(watched):
                Watcher(
                    watched=watched, watermark=watermark, accept=self._accept, now=self._clock.now, say=log.info
                ).poll()
        except ReadinessError as error:
            log.warning("workspace %s could not be looked at: %s", workspace.name, error)
        except Exception:
            log.exception("the look at workspace %s failed", workspace.name)

    def _accept(self, event: Event) -> None:
        self._intake.accept(arrival_of(event))
