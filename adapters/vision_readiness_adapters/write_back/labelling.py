"""Captured images that are sent into a batch, and the job of labelling a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vision_readiness.errors import InputError, SourceError
from vision_readiness.publish import EdgeCase, Step, StepResult, WriteBack
from vision_readiness.publish.interface import EdgeCases, LabelJob
from vision_readiness.report import digest_of
from vision_readiness.roboflow import RoboflowClient, annotation, uploads
from vision_readiness.roboflow.annotation import Batch
from vision_readiness.roboflow.errors import BadRequestError
from vision_readiness.roboflow.redact import plain
from vision_readiness_adapters.write_back.captured import bytes_of

if TYPE_CHECKING:
    from vision_readiness.ports import Progress
    from vision_readiness_adapters.write_back.journal import Journal

MOST_NAMED = 5


def upload_files(
    client: RoboflowClient, plan: WriteBack, step: Step, work: EdgeCases, journal: Journal, progress: Progress
) -> StepResult:
    """The result of the uploads. A refused file is reported, and the others are still sent."""
    batch = _batch(client, plan, work.batch)
    found = client.search(plan.workspace, plan.project, batch_id=batch.id, fields=("id", "name")) if batch else ()
    names = {row.name for row in found}
    done = there = 0
    because = []
    for file in progress.track(work.files, "Uploading"):
        key = digest_of(step.key, file.digest)
        try:
            if key in journal or file.upload_name in names or not _sent(client, plan, work, file):
                there += 1
            else:
                done += 1
            journal.add(key)
        except (BadRequestError, InputError) as error:
            because.append(f"{file.name}: {error}")
        except SourceError as error:
            because.append(str(error))
            break
    return StepResult(step, done=done, there=there, because=tuple(because))


def _sent(client: RoboflowClient, plan: WriteBack, work: EdgeCases, file: EdgeCase) -> bool:
    """Whether the project did not hold the image before."""
    call = uploads.upload(
        plan.project,
        file.upload_name,
        bytes_of(file),
        batch=work.batch,
        tags=work.tags,
        metadata=work.metadata,
    )
    return not client.run(call).duplicate


def ask_for_labels(client: RoboflowClient, plan: WriteBack, step: Step, work: LabelJob) -> StepResult:
    """The result for the job; raises ``InputError`` where its batch does not exist."""
    if any(job.name == work.name for job in client.jobs(plan.workspace, plan.project)):
        return StepResult(step, there=1)
    batch = _batch(client, plan, work.batch)
    if batch is None:
        names = [row.name or row.id for row in client.batches(plan.workspace, plan.project)]
        there = ", ".join(plain(name, 80) for name in names[:MOST_NAMED]) or "none"
        raise InputError(f"{plan.workspace}/{plan.project} has no batch {work.batch!r}; there is {there}.")
    client.run(
        annotation.create_job(
            plan.workspace,
            plan.project,
            name=work.name,
            batch_id=batch.id,
            images=min(work.images, batch.images or work.images),
            labeler=work.labeler,
            reviewer=work.reviewer,
            instructions=work.instructions,
        )
    )
    return StepResult(step, done=1)


def _batch(client: RoboflowClient, plan: WriteBack, name: str) -> Batch | None:
    """The batch of that name, the first of several."""
    return next((row for row in client.batches(plan.workspace, plan.project) if row.name == name), None)
