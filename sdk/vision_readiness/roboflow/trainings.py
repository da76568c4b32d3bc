"""Trainings and the models that came of them: one version may own several of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from vision_readiness.roboflow.call import Call, reading, reading_rows
from vision_readiness.roboflow.payload import (
    Anything,
    Count,
    Flag,
    Id,
    Moment,
    Payload,
    Text,
    Texts,
    mapping,
    number,
    rows_of,
    text,
)
from vision_readiness.roboflow.rates import EitherF1, EitherMap50, EitherMap5095, EitherPrecision, EitherRecall
from vision_readiness.roboflow.transport import Request, path_of, query_of


def _latencies(value: object) -> dict[str, float]:
    read = {name: number(time) for name, time in sorted(mapping(value).items())}
    return {name: time for name, time in read.items() if time is not None and time >= 0}


class ModelMetrics(Payload):
    """What a training reports of a model. The pages do not fix the unit of its rates: percent above 1.

    ``latency_ms`` is by hardware; an older answer has one number and the name of the hardware beside it.
    """

    map50: EitherMap50 = None
    map50_95: Annotated[EitherMap5095, Field(validation_alias=AliasChoices("map5095", "map50_95"))] = None
    precision: EitherPrecision = None
    recall: EitherRecall = None
    f1: EitherF1 = None
    latency_ms: Annotated[Mapping[str, float], BeforeValidator(_latencies), Field(alias="latency")] = Field(
        default_factory=dict
    )
    pareto_optimal_for: Texts = ()

    @model_validator(mode="before")
    @classmethod
    def _one_latency(cls, values: Any) -> Any:
        if not isinstance(values, Mapping) or number(values.get("latency")) is None:
            return values
        return {**values, "latency": {text(values.get("hardware")) or "unnamed hardware": values["latency"]}}


class TrainedModel(Payload):
    """A model of a training; ``model_id`` is what inference is asked for."""

    model_id: Annotated[Id, Field(validation_alias=AliasChoices("modelId", "id", "url"))]
    model_type: Text = None
    status: Text = None
    metrics: ModelMetrics = ModelMetrics()
    nas_family: Text = None
    recommended: Flag = None


class TrainingRow(Payload):
    """A training as its version lists it."""

    training_id: Annotated[Id, Field(validation_alias=AliasChoices("trainingId", "id"))]
    status: Text = None
    job_type: Text = None
    model_type: Text = None
    model_group: Text = None
    model_ids: Texts = ()
    start: Moment = None
    end: Moment = None


def _names(value: object) -> dict[str, str]:
    return {name: read for name, held in sorted(mapping(value).items()) if (read := text(held)) is not None}


class Training(Payload):
    """A training with its models; ``recommended_by_hardware`` names a model for each device."""

    training_id: Annotated[Id, Field(validation_alias=AliasChoices("trainingId", "id"))]
    status: Text = None
    job_type: Text = None
    model_type: Text = None
    model_group: Text = None
    model_count: Count = None
    recommended_by_hardware: Annotated[Mapping[str, str], BeforeValidator(_names)] = Field(default_factory=dict)
    models: Annotated[tuple[TrainedModel, ...], BeforeValidator(lambda value: rows_of(TrainedModel, value))] = ()


class Recipe(Payload):
    """What can be set for a training of ``model_type``, and a filled template."""

    model_type: Id
    family: Text = None
    task_type: Text = None
    settings: Annotated[Anything, Field(alias="schema")] = Field(default_factory=dict)
    template: Anything = Field(default_factory=dict)


def trainings(workspace: str, project: str, number: int) -> Call[tuple[TrainingRow, ...]]:
    """The trainings of a version; a version of the older kind has one, made up from its ``train``.

    ``GET /{ws}/{project}/{number}/v2/trainings``: roboflow-python, adapters/rfapi.py (1.4, 2026-07)
    """
    request = Request("GET", path_of(workspace, project, number, "v2", "trainings"))
    return Call(request, reading_rows(TrainingRow, "trainings"))


def training(workspace: str, project: str, number: int, training_id: str | None = None) -> Call[Training]:
    """One training with its models; without an id the only one, and 409 where there are several.

    ``GET /{ws}/{project}/{number}/v2/trainings/get``: roboflow-python, adapters/rfapi.py (1.4, 2026-07)
    """
    path = path_of(workspace, project, number, "v2", "trainings", "get")
    return Call(Request("GET", path, query=query_of(trainingId=training_id)), reading(Training))


def training_results(workspace: str, project: str, number: int) -> Call[Training]:
    """The training of a version of the older kind, with all models of an architecture search.

    ``GET /{ws}/{project}/{number}/training/results``:
    https://docs.roboflow.com/developer/rest-api/versions/get-training-results (read 2026-11)
    """
    return Call(Request("GET", path_of(workspace, project, number, "training", "results")), reading(Training))


def recipe(workspace: str, project: str, number: int, model_type: str) -> Call[Recipe]:
    """What can be set for a training.

    ``GET /{ws}/{project}/{number}/v2/trainings/recipe``: roboflow-python, adapters/rfapi.py (1.4, 2026-07)
    """
    path = path_of(workspace, project, number, "v2", "trainings", "recipe")
    return Call(Request("GET", path, query=query_of(modelType=model_type)), reading(Recipe))


def models(workspace: str, project: str, group: str | None = None) -> Call[tuple[TrainedModel, ...]]:
    """The models of a project; ``group`` holds it to those of one architecture search.

    ``GET /{ws}/{project}/models``: roboflow-python, adapters/rfapi.py (1.4, 2026-07)
    """
    request = Request("GET", path_of(workspace, project, "models"), query=query_of(group=group))
    return Call(request, reading_rows(TrainedModel, "models"))


def model(workspace: str, slug: str) -> Call[TrainedModel]:
    """One model by the slug of its address.

    ``GET /models/{ws}/{slug}``: roboflow-python, adapters/rfapi.py (1.4, 2026-07)
    """
    return Call(Request("GET", path_of("models", workspace, *slug.split("/"))), reading(TrainedModel, "model"))
