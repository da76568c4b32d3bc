"""The service put together: what it is made of, started in order and stopped in reverse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vision_readiness import Policy
from vision_readiness.ports import Clock
from vision_readiness_adapters.callback_http import CallbackRules, CallbackSender
from vision_readiness_adapters.disk_cache import DiskCache
from vision_readiness_adapters.this_machine import SystemClock
from vision_readiness_webhook.channels import Callbacks, RoboflowEvents, Slack
from vision_readiness_webhook.intake import RUN, Intake
from vision_readiness_webhook.jobs import DurableJobs, JobEngine
from vision_readiness_webhook.metrics import Metrics
from vision_readiness_webhook.outbox import SEND, Channel, Outbox
from vision_readiness_webhook.registry import Registry, read_registry
from vision_readiness_webhook.renewing import Renewing
from vision_readiness_webhook.settings import Settings
from vision_readiness_webhook.store import Database, open_database
from vision_readiness_webhook.watching import Watching
from vision_readiness_webhook.work import Worker

GRACE_SECONDS = 20.0
"""How long runs may go on after the service was told to stop; what is not done by then is begun again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything behind the door. ``start`` and ``stop`` frame its life."""

    settings: Settings
    database: Database
    registry: Registry
    jobs: JobEngine
    intake: Intake
    outbox: Outbox
    worker: Worker
    watching: Watching = field(repr=False)
    renewing: Renewing = field(repr=False)
    clock: Clock
    policy: Policy = field(default_factory=Policy)
    metrics: Metrics = field(default_factory=Metrics)

    def start(self) -> None:
        """Begin: jobs first, because whatever comes in becomes one."""
        self.jobs.start({RUN: self.worker.run, SEND: self.outbox.send})
        self.intake.start()
        self.watching.start()
        if self.settings.workers:
            self.renewing.start()

    def stop(self) -> None:
        """End: what comes in first, and what runs has some time."""
        self.renewing.stop()
        self.watching.stop()
        self.intake.stop()
        self.jobs.stop(GRACE_SECONDS)
        self.database.close()


def usual_channels(settings: Settings, prefix: str) -> Mapping[str, Channel]:
    """The ways of telling somebody that come with the service; links in what they tell begin with ``prefix``."""
    sender = CallbackSender(CallbackRules(inside=frozenset(settings.callback_inside.split())))
    base = settings.url + prefix
    return {"callback": Callbacks(sender, base), "slack": Slack(sender, base), "roboflow": RoboflowEvents(base)}


def build_service(
    settings: Settings | None = None,
    *,
    prefix: str = "",
    registry: Registry | None = None,
    job_engine: JobEngine | None = None,
    channels: Mapping[str, Channel] | None = None,
    clock: Clock | None = None,
    policy: Policy | None = None,
) -> Service:
    """The service that ``settings`` describe, or the parts given. Raises ``SettingsError`` and ``DatabaseError``."""
    settings = settings or Settings.from_environment()
    clock = clock or SystemClock()
    policy = policy or Policy()
    database = open_database(settings.database)
    registry = registry or read_registry(settings.workspaces, DiskCache(settings.folder / "cache"))
    jobs = job_engine or DurableJobs(
        database,
        name=settings.worker_name,
        at_a_time=settings.workers,
        poll_seconds=settings.poll_seconds,
        silent_seconds=settings.silent_seconds,
        folder=settings.folder,
    )
    told = usual_channels(settings, prefix) if channels is None else channels
    metrics = Metrics()
    metrics.watch(database)
    outbox = Outbox(database, registry, jobs, clock, told, metrics)
    worker = Worker(database, registry, jobs, outbox, clock, policy, metrics)
    intake = Intake(database, jobs, clock)
    return Service(
        settings=settings,
        database=database,
        registry=registry,
        jobs=jobs,
        intake=intake,
        outbox=outbox,
        worker=worker,
        watching=Watching(settings, database=database, registry=registry, intake=intake, clock=clock),
        renewing=Renewing(database, registry, intake, clock),
        clock=clock,
        policy=policy,
        metrics=metrics,
    )
