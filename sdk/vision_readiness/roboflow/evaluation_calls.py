"""The routes of the evaluations: a list, one, and its eight panels.

Scope ``model-eval:read``. A panel of an evaluation that is not done is answered 409; a workspace without the plan 402
or 403. https://docs.roboflow.com/developer/rest-api/model-evaluations (read 2026-11) and roboflow-python,
adapters/rfapi.py (1.3.9, 2026-05)
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from vision_readiness.errors import InputError
from vision_readiness.project import Split
from vision_readiness.roboflow.call import Call, reading, reading_rows
from vision_readiness.roboflow.evaluations import (
    ConfidenceSweep,
    ConfusionMatrix,
    Evaluation,
    ImageResults,
    MapResults,
    PerformanceByClass,
    Recommendations,
    VectorAnalysis,
)
from vision_readiness.roboflow.transport import Request, path_of, query_of

Status: TypeAlias = Literal["running", "done", "failed"]
MOST_LISTED = 200


def evaluations(
    workspace: str,
    *,
    project: str | None = None,
    version: str | int | None = None,
    model: str | None = None,
    status: Status | None = None,
    limit: int = MOST_LISTED,
) -> Call[tuple[Evaluation, ...]]:
    """The evaluations of a workspace, of at most one of ``project``, ``version`` and ``model``.

    Two of them are answered 400, so they raise ``InputError`` here. ``GET /{ws}/model-evals``
    """
    if sum(name is not None for name in (project, version, model)) > 1:
        raise InputError("Evaluations are listed by project, version or model: give one of them, and sift the rest.")
    query = query_of(project=project, version=version, model=model, status=status, limit=min(limit, MOST_LISTED))
    return Call(Request("GET", path_of(workspace, "model-evals"), query=query), reading_rows(Evaluation, "evals"))


def evaluation(workspace: str, evaluation_id: str) -> Call[Evaluation]:
    """One evaluation. ``GET /{ws}/model-evals/{id}``."""
    return Call(_panel(workspace, evaluation_id), reading(Evaluation))


def map_results(workspace: str, evaluation_id: str) -> Call[MapResults]:
    """Figures by split: mAP or mIoU, by object size and class. ``GET .../map-results``."""
    return Call(_panel(workspace, evaluation_id, "map-results"), reading(MapResults))


def confidence_sweep(workspace: str, evaluation_id: str) -> Call[ConfidenceSweep]:
    """Precision, recall and F1 by threshold. ``GET .../confidence-sweep``."""
    return Call(_panel(workspace, evaluation_id, "confidence-sweep"), reading(ConfidenceSweep))


def performance_by_class(workspace: str, evaluation_id: str, *, split: Split | None = None) -> Call[PerformanceByClass]:
    """The figures of each class on ``split``, test unless given. ``GET .../performance-by-class``."""
    request = _panel(workspace, evaluation_id, "performance-by-class", split=split)
    return Call(request, reading(PerformanceByClass))


def confusion_matrix(
    workspace: str, evaluation_id: str, *, split: Split | Literal["all"] | None = None, confidence: float | None = None
) -> Call[ConfusionMatrix]:
    """What was taken for what, at ``confidence`` from 0 to 1. ``GET .../confusion-matrix``."""
    request = _panel(workspace, evaluation_id, "confusion-matrix", split=split, confidence=_percent(confidence))
    return Call(request, reading(ConfusionMatrix))


def vector_analysis(workspace: str, evaluation_id: str, *, confidence: float | None = None) -> Call[VectorAnalysis]:
    """Clusters of images that look alike. ``GET .../vector-analysis``."""
    return Call(
        _panel(workspace, evaluation_id, "vector-analysis", confidence=_percent(confidence)), reading(VectorAnalysis)
    )


def image_predictions(
    workspace: str,
    evaluation_id: str,
    *,
    split: Split | Literal["all"] | None = None,
    confidence: float | None = None,
    offset: int = 0,
    limit: int = MOST_LISTED,
) -> Call[ImageResults]:
    """A page of counts by image. ``GET .../image-predictions``."""
    page = {"limit": min(limit, MOST_LISTED), "offset": offset}
    request = _panel(
        workspace, evaluation_id, "image-predictions", split=split, confidence=_percent(confidence), **page
    )
    return Call(request, reading(ImageResults))


def recommendations(workspace: str, evaluation_id: str) -> Call[Recommendations]:
    """Roboflow's suggestions. ``GET .../recommendations``."""
    return Call(_panel(workspace, evaluation_id, "recommendations"), Recommendations.model_validate)


def _panel(workspace: str, evaluation_id: str, *panel: str, **query: str | float | None) -> Request:
    return Request("GET", path_of(workspace, "model-evals", evaluation_id, *panel), query=query_of(**query))


def _percent(confidence: float | None) -> int | None:
    """The API takes whole percent and answers fractions; here it is a fraction both ways."""
    if confidence is None:
        return None
    if not 0 <= confidence <= 1:
        raise InputError(f"A confidence of {confidence:g} is none: give it from 0 to 1.")
    return round(100 * confidence)
