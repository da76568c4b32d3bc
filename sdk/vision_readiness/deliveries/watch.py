"""What a watcher saw of projects, and what is new in it: a difference between two values, without asking anyone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, StringConstraints

from vision_readiness.deliveries.events import Event, EventType, ModelName, Moment, Number, Revision, Slug, Subject


class _Seen(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class VersionSeen(_Seen):
    """A version that can be read; one that is still being generated is not there yet."""

    number: Number
    created: Moment | None = None


class ModelSeen(_Seen):
    """A model that is trained; ``revision`` tells another artefact of the same name from it."""

    model: ModelName
    version: Number | None = None
    revision: Revision | None = None
    at: Moment | None = None


class Mark(_Seen):
    """The state of a specification or of the images and labels, of one version or of the whole project."""

    revision: Revision
    version: Number | None = None
    at: Moment | None = None


class ProjectSeen(_Seen):
    """What was seen of a project: nothing where it could not be ``read``.

    ``models`` belong to a version; ``other_models`` are those that only the project names, ``None`` where it does not
    tell.
    """

    workspace: Slug
    project: Slug
    read: bool = True
    versions: tuple[VersionSeen, ...] = ()
    models: tuple[ModelSeen, ...] = ()
    other_models: tuple[ModelSeen, ...] | None = ()
    specs: tuple[Mark, ...] = ()
    datasets: tuple[Mark, ...] = ()

    @property
    def name(self) -> tuple[str, str]:
        """Workspace and project."""
        return self.workspace, self.project

    def over(self, before: ProjectSeen) -> ProjectSeen:
        """The same with what could not be read, or is not listed any more, as it was ``before``.

        A listing that misses something once must not make it look new the next time.
        """
        if not self.read:
            return before
        versions = {one.number: one for one in (*before.versions, *self.versions)}
        models = {(one.version, one.model): one for one in (*before.models, *self.models)}
        others = {one.model: one for one in (*(before.other_models or ()), *(self.other_models or ()))}
        unknown = before.other_models is None and self.other_models is None
        known = {
            "versions": tuple(versions.values()),
            "models": tuple(models.values()),
            "other_models": None if unknown else tuple(others.values()),
        }
        return self.model_copy(update=known)


class Snapshot(_Seen):
    """Everything that was seen at the moment ``taken``; ``notes`` are sentences about what could not be."""

    taken: Moment
    projects: tuple[ProjectSeen, ...] = ()
    notes: tuple[Annotated[str, StringConstraints(max_length=500)], ...] = ()

    def over(self, before: Snapshot | None) -> Snapshot:
        """What is known now: this snapshot over the one ``before``."""
        known = {one.name: one for one in before.projects} if before is not None else {}
        now = {one.name: one.over(known[one.name]) if one.name in known else one for one in self.projects}
        return self.model_copy(update={"projects": tuple((known | now).values())})


def changes(before: Snapshot | None, now: Snapshot) -> tuple[Event, ...]:
    """What happened between two snapshots, in an order of its own: by project, then kind, version and model.

    Without one ``before`` nothing is new: the first snapshot is the watermark. An event carries the moment that the
    source gives, else that of ``before``, so that the same two snapshots always make the same events and ids.
    """
    if before is None:
        return ()
    known = {one.name: one for one in before.projects}
    found = [
        _event(project, news, before.taken)
        for project in sorted(now.projects, key=lambda one: one.name)
        for news in _news(known.get(project.name, ProjectSeen(workspace="_", project="_")), project)
    ]
    return tuple(found)


def history(now: Snapshot) -> tuple[Event, ...]:
    """Events for all that was there when watching began: every version and every model, as if they were new."""
    return changes(Snapshot(taken=now.taken), now)


class _News(NamedTuple):
    kind: EventType
    version: int | None
    at: datetime | None
    revision: str | None = None
    model: str | None = None


def _event(project: ProjectSeen, news: _News, since: datetime) -> Event:
    subject = Subject(
        workspace=project.workspace,
        project=project.project,
        version=news.version,
        model=news.model,
        revision=news.revision,
    )
    at = news.at or since
    if news.kind in (EventType.SPEC_CHANGED, EventType.DATASET_CHANGED):
        at = max(at, since)  # a file put back has its old moment, and is another event than when it first came
    return Event(type=news.kind, timestamp=at, data=subject)


def _news(before: ProjectSeen, now: ProjectSeen) -> Iterator[_News]:
    if not (before.read and now.read):
        return
    for mark in _changed(before.datasets, now.datasets):
        yield _News(EventType.DATASET_CHANGED, mark.version, mark.at, mark.revision)
    known = {one.number: one for one in before.versions}
    yield from _specs(before, now, known.keys())
    for version in sorted(now.versions, key=lambda one: one.number):
        if _is_new(known.get(version.number), version):
            yield _News(EventType.VERSION_CREATED, version.number, version.created)
    yield from _models(before, now)


def _specs(before: ProjectSeen, now: ProjectSeen, known: Container[int | None]) -> Iterator[_News]:
    """Specifications that changed, then those that versions known ``before`` gained or lost."""
    for mark in _changed(before.specs, now.specs):
        yield _News(EventType.SPEC_CHANGED, mark.version, mark.at, mark.revision)
    then, here = ({one.version: one for one in marks} for marks in (before.specs, now.specs))
    for version in sorted((then.keys() ^ here.keys()) - {None}, key=lambda one: one or 0):
        if version in known:
            added = here.get(version)
            at, revision = (added.at, added.revision) if added is not None else (None, None)
            yield _News(EventType.SPEC_CHANGED, version, at, revision)


def _models(before: ProjectSeen, now: ProjectSeen) -> Iterator[_News]:
    known = {(one.version, one.model): one.revision for one in (*before.models, *(before.other_models or ()))}
    told = () if before.other_models is None else now.other_models or ()
    named = {one.model for one in now.models}
    for model in sorted((*now.models, *told), key=lambda one: (one.version or 0, one.model)):
        seen = known.get((model.version, model.model), known.get((None, model.model), ""))
        if seen != model.revision and not (model.version is None and model.model in named):
            yield _News(EventType.MODEL_TRAINED, model.version, model.at, model.revision, model.model)


def _is_new(before: VersionSeen | None, now: VersionSeen) -> bool:
    """A number that comes back with another moment of creation is of a project that was made anew."""
    return before is None or (None not in (before.created, now.created) and before.created != now.created)


def _changed(before: Iterable[Mark], now: Iterable[Mark]) -> list[Mark]:
    """The marks of ``now`` whose revision is another than ``before``; one that is new is a part of its version."""
    known = {one.version: one.revision for one in before}
    found = [one for one in now if known.get(one.version, one.revision) != one.revision]
    return sorted(found, key=lambda one: one.version or 0)
