"""Versions from Roboflow itself: read over its API, downloaded as an export, and then read as any export is."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from vision_readiness.errors import InputError, ReadinessError, TaskError
from vision_readiness.project import ProjectVersion, Task, VersionId
from vision_readiness.roboflow import RoboflowClient, RoboflowError, Unavailable, projects
from vision_readiness.roboflow.errors import SETTINGS, DeadlineError, KeyRejectedError, NotFoundError
from vision_readiness.roboflow.links import PREFIX, version_id_of
from vision_readiness_adapters.errors import NoSuchVersionError
from vision_readiness_adapters.export_download import ExportStore, Gauge, Wanted, fetch_export, store_folder
from vision_readiness_adapters.export_folder import ExportFolder, FolderImages
from vision_readiness_adapters.progress_bar import Quiet
from vision_readiness_adapters.roboflow_reported import fetch_models, fetch_reported
from vision_readiness_adapters.roboflow_settings import Settings, default_workspace, read_settings

if TYPE_CHECKING:
    from vision_readiness.ports import Progress
    from vision_readiness.roboflow.evaluations import Evaluation
    from vision_readiness.roboflow.health import Health
    from vision_readiness.roboflow.versions import Version
    from vision_readiness_adapters.write_back import RoboflowPublisher

FORMATS = {
    None: "coco",
    Task.DETECTION: "coco",
    Task.SEGMENTATION: "coco-segmentation",
    Task.CLASSIFICATION: "folder",
    Task.MULTILABEL: "multiclass",
}
"""The export that is asked for, by task: docs.roboflow.com, exporting data (read 2026-08)."""

READY_SECONDS = 1800.0
LOOK_SECONDS = 5.0
"""How long a version may take to be generated, and how often it is looked at: as Roboflow's own tools do."""


class RoboflowSource:
    """A ``Source`` with the versions of Roboflow that ``client`` sees; downloads are kept in ``store``.

    ``named`` is what ``version`` gives when it is asked for nothing more. A source that names one version has the
    image keys of its export; one that may give many has them below ``workspace/project/number``.
    """

    def __init__(
        self,
        client: RoboflowClient,
        store: ExportStore,
        named: VersionId | None = None,
        *,
        workspace: str | None = None,
        progress: Progress | None = None,
        ready_seconds: float = READY_SECONDS,
    ) -> None:
        self.client = client
        self.store = store
        self.named = named
        self._workspace = workspace
        self._progress = progress or Quiet()
        self._ready_seconds = ready_seconds

    def __repr__(self) -> str:
        return f"RoboflowSource({str(self.named or '')!r})"

    def close(self) -> None:
        """Close the connections to Roboflow; the source cannot be used afterwards."""
        close = getattr(self.client.transport, "close", None)
        if close is not None:
            close()

    def showing(self, progress: Progress) -> RoboflowSource:
        """The same source, which shows on ``progress`` what takes long."""
        return RoboflowSource(
            self.client,
            self.store,
            self.named,
            workspace=self._workspace,
            progress=progress,
            ready_seconds=self._ready_seconds,
        )

    def publisher(self) -> RoboflowPublisher:
        """What writes results back to the same Roboflow."""
        from vision_readiness_adapters.write_back.publisher import RoboflowPublisher, journals_in

        return RoboflowPublisher(self.client, journals_in(self.store.root), self._progress)

    @property
    def images(self) -> FolderImages:
        """The images that are kept; ``version`` has to be asked for first."""
        whole = self.named if self._is_single else None
        return FolderImages(self.store.exports if whole is None else self.store.folder(whole))

    @property
    def _is_single(self) -> bool:
        return self.named is not None and None not in (self.named.workspace, self.named.number)

    def version(self, project: str | None = None, number: int | None = None) -> ProjectVersion:
        """The version of ``project`` (``workspace/project``) with ``number``, the newest without, once it is ready.

        What is left out is as ``named`` says; a workspace that is named nowhere is that of the key. Raises
        ``NotFoundError`` with the nearest names, ``TaskError`` for a task that is not judged, ``DeadlineError`` for a
        version that does not get ready, and what ``fetch_export`` and ``ExportFolder`` raise.
        """
        version = self._ready(self._asked(project, number))
        if self._is_single and version.id != self.named:
            raise NoSuchVersionError(f"{self.named} is what was opened, and not {version.id}: open that one.")
        task = _task(version)
        folder = fetch_export(self.client, _wanted(version, task), self.store, self._progress)
        try:
            read = ExportFolder(folder, task=task, named=version.id).version()
        except ReadinessError:
            self.store.discard(version.id)  # what cannot be read is not kept: the next download may be sound
            raise
        dataset = read.dataset
        if self.images.root != folder:
            below = folder.relative_to(self.images.root).as_posix()
            keyed = replace(dataset.images, key=tuple(f"{below}/{key}" for key in dataset.images.key))
            dataset = replace(dataset, images=keyed)
        short = _short(version, len(dataset.images))
        return replace(
            read,
            dataset=dataset,
            announcements=(*read.announcements, *short),
            beside={"export": str(folder)},
            reported=partial(fetch_reported, self.client, version),
            models=partial(fetch_models, self.client, version),
        )

    def health(self, project: str) -> Health | Unavailable:
        """Roboflow's health check of a whole PROJECT, or why it is not to be had."""
        asked = self._asked(project, 0)
        return self.client.health(asked.workspace or "", asked.project)

    def evaluations(self, project: str, number: int) -> tuple[Evaluation, ...] | Unavailable:
        """Roboflow's evaluations of the models of a version, or why they are not to be had."""
        asked = self._asked(project, number)
        return self.client.evaluations(asked.workspace or "", project=asked.project, number=asked.number)

    def _asked(self, project: str | None, number: int | None) -> VersionId:
        """The version that is meant; its number is ``None`` for the newest."""
        asked = version_id_of(project) if project is not None else self.named
        if asked is None:
            said = "no project is named" if project is None else f"{project!r:.80} is not a project"
            raise InputError(f"{said}: give workspace/project, as in the address bar of the app.")
        same = self.named is not None and asked.project == self.named.project
        workspace = asked.workspace or (self.named.workspace if same and self.named else None) or self._workspace
        if workspace is None:
            workspace = self.client.run(projects.key_owner()).workspace
        known = self.named.number if same and self.named and project is not None else None
        return VersionId(workspace, asked.project, next((one for one in (number, asked.number, known) if one), None))

    def _ready(self, asked: VersionId) -> Version:
        """The version, awaited while it is being generated."""
        workspace, project = asked.workspace or "", asked.project
        try:
            number = asked.number if asked.number is not None else self._newest(workspace, project)
            version = self.client.version(workspace, project, number)
        except NotFoundError as error:
            raise self._with_nearest(asked, error) from None
        if not version.is_ready:
            version = self._awaited(version)
        # Named as it was asked for: an older name of a workspace goes on working, and is answered with the newer.
        return version.model_copy(update={"id": VersionId(workspace, project, number)})

    def _awaited(self, version: Version) -> Version:
        """The version once it is generated; raises ``DeadlineError`` where that takes too long."""
        name = (version.id.workspace or "", version.id.project, version.number)
        transport = self.client.transport
        until = transport.perf() + self._ready_seconds
        with closing(Gauge(self._progress, f"Roboflow generates {version.id}")) as gauge:
            while not version.is_ready:
                if transport.perf() + LOOK_SECONDS > until:
                    raise DeadlineError(_not_ready(version, self._ready_seconds))
                gauge.show(version.progress)
                transport.sleep(LOOK_SECONDS)
                version = self.client.version(*name)
        return version

    def _newest(self, workspace: str, project: str) -> int:
        numbers = self.client.versions(workspace, project).numbers()
        if not numbers:
            raise InputError(f"{workspace}/{project} has no version yet: generate one in the app.")
        return numbers[-1]

    def _with_nearest(self, asked: VersionId, error: NotFoundError) -> RoboflowError:
        """The error, with the nearest project where it is the project that is not there."""
        try:
            names = [project.slug for project in self.client.projects(asked.workspace)]
        except RoboflowError:
            return error
        if asked.project in names:
            return error
        near = get_close_matches(asked.project, names, n=3, cutoff=0.5)
        there = f"did you mean {' or '.join(near)}?" if near else f"there is {', '.join(names[:5]) or 'none'}."
        return NotFoundError(
            f"{asked.workspace} has no project {asked.project}; {there}",
            status=error.status,
            request_id=error.request_id,
        )


def open_roboflow_source(where: str) -> RoboflowSource | None:
    """The version or project on Roboflow that ``where`` names; ``None`` for what is not a name of one.

    ``roboflow:`` alone is all that the key sees; a single word is a project only behind that prefix, because else it
    is more likely a folder that is misspelt. Raises ``KeyRejectedError`` where no key is found.
    """
    forced = where.strip().lower().startswith(PREFIX)
    everything = forced and where.strip()[len(PREFIX) :].strip("/ ") == ""
    named = None if everything else version_id_of(where)
    if not everything and named is None:
        if forced:
            raise InputError(f"{where!r:.120} names nothing on Roboflow: give roboflow:workspace/project/3.")
        return None
    if named is not None and named.workspace is None and not forced:
        return None
    workspace = named.workspace if named and named.workspace else default_workspace()
    settings = read_settings(workspace)
    if settings.key is None:
        raise no_key(where, is_path_like=not forced and "://" not in where)
    return _opened(settings, named, workspace)


def _opened(settings: Settings, named: VersionId | None, workspace: str | None) -> RoboflowSource:
    from vision_readiness_adapters.roboflow_http import LiveTransport

    store = ExportStore(store_folder(settings.api_url, os.environ))
    return RoboflowSource(RoboflowClient(LiveTransport(settings)), store, named, workspace=workspace)


def no_key(where: str, *, is_path_like: bool) -> KeyRejectedError:
    first = f"There is no folder {where!r:.120} here, and to" if is_path_like else "To"
    return KeyRejectedError(
        f"{first} read from Roboflow a key is needed: set ROBOFLOW_API_KEY to a private key of the workspace"
        f" ({SETTINGS}), or run `roboflow login`."
    )


def _task(version: Version) -> Task | None:
    """The task of the version's project, ``None`` where it is not said; raises ``TaskError`` for one not judged."""
    if version.project_type is None:
        return None
    task = projects.Project(id=str(version.id), type=version.project_type, multilabel=version.multilabel).task
    if task is None:
        raise TaskError(
            f"{version.id} is of the task {version.project_type!r:.60}, which is not judged here; judged are"
            f" {', '.join(Task)}."
        )
    return task


def _wanted(version: Version, task: Task | None) -> Wanted:
    made = version.created.isoformat() if version.created else ""
    settings = {"preprocessing": version.preprocessing, "augmentation": version.augmentation}
    notes = {"id": str(version.id), **{name: dict(steps) for name, steps in settings.items()}}
    return Wanted(version.id, FORMATS[task], f"{made} {version.images}", notes)


def _short(version: Version, images: int) -> tuple[str, ...]:
    """A sentence where the export holds fewer images than Roboflow counts."""
    counted = version.images or 0
    if images >= counted:
        return ()
    return (f"Roboflow counts {counted:,} images in {version.id}, and its export holds {images:,}.",)


def _not_ready(version: Version, seconds: float) -> str:
    at = f", {100 * version.progress:.0f} % done" if version.progress is not None else ""
    state = "is still being generated" if version.generating else "has no images"
    return (
        f"{version.id} {state} after {seconds / 60:.0f} minutes of waiting{at}. Look at it in the app, and try again"
        " when it is done."
    )
