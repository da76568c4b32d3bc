"""What the package answers in a process of its own to one picture, as JSON.

.venv-inference/bin/python -m tests.inference.in_process MODEL_ID FOLDER_OF_AN_OFFLINE_VERSION PICTURE CONFIDENCE
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.inference import model_cache


def main(model_id: str, version: Path, picture: Path, confidence: float) -> None:
    from vision_readiness.predict.picture import decode
    from vision_readiness_adapters.inference_package import PackageModel

    with tempfile.TemporaryDirectory() as cache:
        model_cache.lay_out(Path(cache), model_id, version)
        model_cache.use(Path(cache))
        model = PackageModel(model_id, confidence=confidence)
        answer = model.predict(decode(picture.read_bytes()))
    said = {
        "names": [model.card.classes[label] for label in answer.label],
        "score": answer.score.tolist(),
        "box": answer.box.tolist(),
        "digest": model.card.digest,
        "facts": dict(model.device.facts),
        "stages": list(answer.seconds),
    }
    sys.stdout.write("\n" + json.dumps(said) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))
