"""What is judged: a version of a project, its data set as columns, and the artefact trained on it."""

from vision_readiness.project.project import (
    SPLITS,
    Condition,
    Dataset,
    Defect,
    DefectKind,
    ImageTable,
    ModelCard,
    ObjectTable,
    Predictions,
    Preprocessing,
    ProjectVersion,
    Resize,
    Split,
    Task,
    VersionId,
)

__all__ = [
    "SPLITS",
    "Condition",
    "Dataset",
    "Defect",
    "DefectKind",
    "ImageTable",
    "ModelCard",
    "ObjectTable",
    "Predictions",
    "Preprocessing",
    "ProjectVersion",
    "Resize",
    "Split",
    "Task",
    "VersionId",
]
