"""What Roboflow reports of the model of a version, fetched as far as the key and the plan reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from vision_readiness.roboflow import RoboflowClient, RoboflowError, Unavailable, evaluation_calls
from vision_readiness.roboflow.reported import choose_model, health_remarks, reported_figures
from vision_readiness.roboflow.unavailable import unavailable

if TYPE_CHECKING:
    from vision_readiness.project.reported import ReportedFigures
    from vision_readiness.roboflow.evaluations import Evaluation, PerformanceByClass
    from vision_readiness.roboflow.versions import Version

T = TypeVar("T")


def fetch_reported(client: RoboflowClient, version: Version, model_id: str | None = None) -> ReportedFigures | None:
    """What Roboflow reports of a model of ``version``, and of the project's health; ``None`` where nothing is.

    What the plan or the key does not open is left out; what fails is a remark and no error: none of it decides.
    Raises ``InputError`` for a ``model_id`` that the version does not have.
    """
    remarks: list[str] = []
    workspace, project = version.id.workspace or "", version.id.project
    models = _tried(lambda: client.trained_models(workspace, project, version.number), "trainings", remarks)
    chosen = choose_model(version, models or (), model_id)
    evaluation, by_class = _newest_evaluation(client, version, chosen.model_id if chosen.others else None, remarks)
    health = _tried(lambda: client.health(workspace, project), "health check", remarks)
    if health is not None and not isinstance(health, Unavailable):
        remarks.extend(health_remarks(health))
    return reported_figures(version, chosen, evaluation=evaluation, performance=by_class, remarks=tuple(remarks))


def fetch_models(client: RoboflowClient, version: Version) -> tuple[str, ...]:
    """The ids of the models trained on ``version``, the recommended first; empty where the list is not to be had.

    Raises ``RoboflowError`` where Roboflow fails: without the list the wrong model might be asked.
    """
    try:
        found = client.trained_models(version.id.workspace or "", version.id.project, version.number)
    except RoboflowError as error:
        if unavailable(error) is None:
            raise
        return ()
    best_first = sorted(found, key=lambda model: not model.recommended)
    return tuple(version.id.endpoint_id(model.model_id) for model in best_first)


def _newest_evaluation(
    client: RoboflowClient, version: Version, model_id: str | None, remarks: list[str]
) -> tuple[Evaluation | None, PerformanceByClass | None]:
    """The newest evaluation that is done, with its figures by class; one that names the model goes before others."""
    workspace, project = version.id.workspace or "", version.id.project
    listed = _tried(
        lambda: client.evaluations(workspace, project=project, number=version.number, model=model_id),
        "evaluations",
        remarks,
    )
    done = [row for row in (listed if isinstance(listed, tuple) else ()) if row.is_done]
    if not done:
        return None, None
    best = max(done, key=lambda row: (row.model_id == model_id, row.created is not None, row.created or 0))
    newest = best.evaluation_id
    if model_id is not None and best.model_id is None:
        remarks.append(f"The evaluation {newest} does not say which model of {version.id} it is of.")
    whole = _tried(lambda: client.run(evaluation_calls.evaluation(workspace, newest)), "evaluation", remarks)
    by_class = evaluation_calls.performance_by_class(workspace, newest)
    return whole, _tried(lambda: client.run(by_class), "evaluation by class", remarks)


def _tried(read: Callable[[], T], what: str, remarks: list[str]) -> T | None:
    """What ``read`` gives; ``None`` where it is not to be had, with a remark where that is a failure."""
    try:
        return read()
    except RoboflowError as error:
        if unavailable(error) is None:
            remarks.append(f"What Roboflow says under {what!r} could not be read, and is not shown: {error}")
        return None
