"""Predictions of another program, from a COCO results file, in place of a model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from vision_readiness.evidence.model_evidence import GivenAnswers
from vision_readiness.project import ModelCard, ProjectVersion, VersionId
from vision_readiness_adapters.predictions_file import read_predictions


def open_predictions(
    path: str | Path,
    *,
    version: ProjectVersion,
    classes: Sequence[str] | None = None,
    trained_on: str | VersionId | None = None,
) -> GivenAnswers:
    """The predictions in a file, of a model with ``classes`` (those of the data set by default).

    Raises ``InputError`` naming the row that is wrong.
    """
    path = Path(path)
    predictions = read_predictions(path, version.dataset, export=version.beside.get("export"))
    trained = VersionId.parse(trained_on) if isinstance(trained_on, str) else trained_on
    card = ModelCard(
        path.name,
        _digest(path),
        version.dataset.task,
        tuple(classes) if classes else version.dataset.classes,
        trained_on=trained,
        origins={"answers": "file"},
    )
    return GivenAnswers(card, predictions)


def _digest(path: Path) -> str:
    """The SHA-256 of a file, or of the text files in a folder with their names."""
    if not path.is_dir():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    total = hashlib.sha256()
    for file in sorted(path.rglob("*.txt")):
        total.update(file.relative_to(path).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()
