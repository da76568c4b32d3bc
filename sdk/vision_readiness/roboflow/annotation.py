"""Batches of uploaded images, and the jobs of labelling them. Their times are Firestore's, unlike the others."""

from __future__ import annotations

from typing import Annotated

from pydantic import AliasChoices, Field

from vision_readiness.roboflow.call import Call, reading, reading_rows
from vision_readiness.roboflow.payload import Count, Id, Moment, Payload, Text
from vision_readiness.roboflow.transport import Request, path_of


class Batch(Payload):
    """Images that were uploaded together."""

    id: Id
    name: Text = None
    images: Count = None
    jobs: Annotated[Count, Field(alias="numJobs")] = None
    uploaded: Moment = None


class Job(Payload):
    """Images that a person is to label; ``status`` in Roboflow's words: assigned, review, complete ..."""

    id: Id
    name: Text = None
    status: Text = None
    created: Moment = None
    images: Annotated[Count, Field(validation_alias=AliasChoices("numImages", "num_images"))] = None
    annotated: Count = None
    unannotated: Count = None
    approved: Count = None
    rejected: Count = None
    labeler: Text = None
    reviewer: Text = None
    batch: Annotated[Text, Field(validation_alias=AliasChoices("sourceBatch", "batch"))] = None
    instructions: Annotated[Text, Field(alias="instructionsText")] = None


def batches(workspace: str, project: str) -> Call[tuple[Batch, ...]]:
    """The batches of a project.

    ``GET /{ws}/{project}/batches``: roboflow-python, tests/test_project.py (2026-07)
    """
    return Call(Request("GET", path_of(workspace, project, "batches")), reading_rows(Batch, "batches"))


def batch(workspace: str, project: str, batch_id: str) -> Call[Batch]:
    """One batch.

    ``GET /{ws}/{project}/batches/{id}``: roboflow-python, tests/test_project.py (2026-07)
    """
    return Call(Request("GET", path_of(workspace, project, "batches", batch_id)), reading(Batch, "batch"))


def jobs(workspace: str, project: str) -> Call[tuple[Job, ...]]:
    """The annotation jobs of a project.

    ``GET /{ws}/{project}/jobs``: inference, tests/.../test_roboflow_api.py (2026-08)
    """
    return Call(Request("GET", path_of(workspace, project, "jobs")), reading_rows(Job, "jobs"))


def job(workspace: str, project: str, job_id: str) -> Call[Job]:
    """One annotation job.

    ``GET /{ws}/{project}/jobs/{id}``: roboflow-python, adapters/rfapi.py (2026-07)
    """
    return Call(Request("GET", path_of(workspace, project, "jobs", job_id)), reading(Job, "job"))


def create_job(
    workspace: str,
    project: str,
    *,
    name: str,
    batch_id: str,
    images: int,
    labeler: str,
    reviewer: str,
    instructions: str | None = None,
) -> Call[Job]:
    """Asks ``labeler`` to label ``images`` of a batch; both e-mail addresses must be members of the workspace.

    Twice makes two jobs: look in ``jobs`` first. Scope ``annotation-job:create``. ``POST /{ws}/{project}/jobs``:
    roboflow-python, core/project.py and adapters/rfapi.py (2026-07)
    """
    people = {"labelerEmail": labeler, "reviewerEmail": reviewer}
    body: dict[str, str | int] = {"name": name, "batch": batch_id, "num_images": images, **people}
    if instructions is not None:
        body["instructionText"] = instructions
    request = Request("POST", path_of(workspace, project, "jobs"), json=body, repeatable=False)
    return Call(request, reading(Job, "job"))
