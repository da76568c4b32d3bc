"""What the official ``roboflow`` SDK sees of a server: run as a script, because it reads API_URL when it is imported.

``python official_sdk.py KEY PROJECT NUMBER FOLDER FORMAT...`` writes what it found as JSON to ``FOLDER/seen.json``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from roboflow import Roboflow

from vision_readiness.roboflow.official_sdk import version_id_of


def main(key: str, name: str, number: str, folder: str, *formats: str) -> None:
    """Lists, reads, downloads, asks the model, searches, uploads and writes."""
    workspace = Roboflow(api_key=key).workspace()
    project = workspace.project(name)
    version = project.version(int(number))
    held = {format_: version.download(format_, location=str(Path(folder) / format_)).location for format_ in formats}
    picture = next(Path(held[formats[0]]).rglob("*.jpg"))
    (model,) = version.models()
    (run,) = workspace.evals(project=name)
    found = project.search_all(fields=["id", "name", "labels"], limit=200)
    seen = {
        "projects": workspace.projects(),
        "versions": [one.id for one in project.versions()],
        "named": [str(version_id_of(project)), str(version_id_of(version))],
        "classes": project.classes,
        "splits": version.splits,
        "downloads": held,
        "model": model.model_id,
        "predictions": len(model.predict(str(picture), confidence=40).json()["predictions"]),
        "map50": run.map_results()["splits"]["test"]["map50"],
        "images": len([row for page in found for row in page]),
        "health": project.health()["stats"]["images"],
        "uploads": [project.single_upload(str(picture), batch_name="b")["image"]["id"] for _ in range(2)],
        "batches": [batch["name"] for batch in project.get_batches()["batches"]],
        "event": workspace.write_vision_event(
            {"eventId": "e1", "eventType": "custom", "useCaseId": "u", "timestamp": "2026-01-01T00:00:00Z"}
        ),
    }
    (Path(folder) / "seen.json").write_text(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
