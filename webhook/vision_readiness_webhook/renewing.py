"""The daily look at what has run out: a report that holds no longer is decided again, so lists change by themselves."""

from __future__ import annotations

import logging
import threading

from vision_readiness.ports import Clock
from vision_readiness_webhook.intake import Arrival, Intake
from vision_readiness_webhook.registry import Registry
from vision_readiness_webhook.store.database import Database
from vision_readiness_webhook.store.reports import run_out
from vision_readiness_webhook.store.runs import REDECIDE, Asked

EVERY_SECONDS = 600.0
"""How soon after midnight in UTC the day is noticed; a project is asked about once a day."""

log = logging.getLogger(__name__)


class Renewing:
    """Has every report decided again whose last day is over, in a thread of its own."""

    def __init__(self, database: Database, registry: Registry, intake: Intake, clock: Clock) -> None:
        self._database = database
        self._registry = registry
        self._intake = intake
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="renewing", daemon=True)

    def start(self) -> None:
        """Begin looking."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def renew(self) -> int:
        """How many projects are decided again now, for the first time today."""
        today, begun = self._clock.now().date(), 0
        for workspace in self._registry.workspaces():
            with self._database.read() as connection:
                late = run_out(connection, workspace.name, today)
            for project in late:
                asked = Asked(workspace.name, project, None, None, REDECIDE, (f"run out {today}",))
                begun += self._intake.accept(Arrival(asked, f"renewal {project} {today}")).is_new
        return begun

    def _run(self) -> None:
        while True:
            try:
                self.renew()
            except Exception:
                log.exception("reports that have run out could not be decided again")
            if self._stopping.wait(EVERY_SECONDS):
                return
