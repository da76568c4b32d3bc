"""The metrics of the service, for Prometheus: https://prometheus.io/docs/practices/naming/.

No label names a workspace, a project, a version, a model or an image: every one has few values, known beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

from vision_readiness.evidence import Evidence
from vision_readiness.report import Report
from vision_readiness_webhook.store.database import Database
from vision_readiness_webhook.store.schema import outbox, runs

LONG = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
SHORT = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Upper bounds in seconds, three a decade: of work on images, and of one call."""


class Metrics:
    """The metrics of one service, in a registry of their own: two services in one process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._scan = self._histogram("scan", "Looking through the images of a version.", LONG)
        self._evaluate = self._histogram("evaluate", "Answers of the model, matched and evaluated.", LONG)
        self._queue_wait = self._histogram("queue_wait", "From when a run was asked for until it began.", LONG)
        self._publish = Histogram(
            "vision_readiness_publish_seconds",
            "One attempt to tell somebody of a report.",
            ["channel"],
            buckets=SHORT,
            registry=self.registry,
        )
        self._states = self._counter("reports", "Reports by readiness state.", "state")
        self._blockers = self._counter(
            "blockers", "Reports that say no, by what for: failure or evidence.", "blocked_by"
        )
        self._reasons = self._counter("reasons", "Findings in reports, by reason code.", "code")
        self._runs = self._counter("runs", "Runs that ended, by how.", "state")
        self._deliveries = self._counter("deliveries", "Deliveries, by outcome.", "outcome")
        self._messages = self._counter("messages", "Attempts to send a message, by its state afterwards.", "state")

    def _histogram(self, name: str, said: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"vision_readiness_{name}_seconds", said, buckets=buckets, registry=self.registry)

    def _counter(self, name: str, said: str, label: str) -> Counter:
        return Counter(f"vision_readiness_{name}_total", said, [label], registry=self.registry)

    def watch(self, database: Database) -> None:
        """Show from now on how much is waiting in ``database``."""
        self.registry.register(_Depths(database))

    def began(self, waited_seconds: float) -> None:
        """A run began for the first time."""
        self._queue_wait.observe(max(0.0, waited_seconds))

    def gathered(self, known: Evidence) -> None:
        """Evidence was found out, and did not lie here already."""
        self._scan.observe(known.seconds.get("inspect", 0.0))
        if known.model is not None:
            self._evaluate.observe(sum(known.seconds.get(stage, 0.0) for stage in ("predict", "evaluate")))

    def reported(self, report: Report) -> None:
        """A report is kept."""
        self._states.labels(str(report.readiness_state)).inc()
        if report.blocked_by is not None:
            self._blockers.labels(str(report.blocked_by)).inc()
        for finding in report.findings:
            self._reasons.labels(finding.code).inc()

    def ended(self, state: str) -> None:
        """A run ended."""
        self._runs.labels(state).inc()

    def delivered(self, outcome: str) -> None:
        """A delivery was accepted, repeated, or refused for the problem that ``outcome`` names."""
        self._deliveries.labels(outcome).inc()

    def told(self, state: str) -> None:
        """An attempt left a message in ``state``."""
        self._messages.labels(state).inc()

    @contextmanager
    def publishing(self, channel: str) -> Iterator[None]:
        """Time an attempt."""
        began = perf_counter()
        try:
            yield
        finally:
            self._publish.labels(channel).observe(perf_counter() - began)

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self.registry)


class _Depths:
    """How much is waiting, counted when somebody asks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()  # so that registering asks no database

    def collect(self) -> Iterable[GaugeMetricFamily]:
        queue = GaugeMetricFamily("vision_readiness_queue_depth", "Runs that are not over.", labels=["state"])
        letters = GaugeMetricFamily(
            "vision_readiness_outbox_depth", "Messages not taken yet, or never.", labels=["state"]
        )
        with self._database.read() as connection:
            for family, table, states in (
                (queue, runs, ("queued", "running")),
                (letters, outbox, ("pending", "dead")),
            ):
                asked = sa.select(table.c.state, sa.func.count()).where(table.c.state.in_(states))
                found = {row[0]: row[1] for row in connection.execute(asked.group_by(table.c.state))}
                for state in states:
                    family.add_metric([state], found.get(state, 0))
        return (queue, letters)
