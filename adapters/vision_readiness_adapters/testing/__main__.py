"""``python -m vision_readiness_adapters.testing WORKSPACE_FOLDER --port 9797`` serves the fake until interrupted."""

from __future__ import annotations

import argparse
import sys
import threading

from vision_readiness.errors import ReadinessError
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.testing import serve


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m vision_readiness_adapters.testing", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", default=bundled_workspace(), help="<workspace>/<project>/<number>/ below it"
    )
    parser.add_argument("--port", type=int, default=0, help="a free one unless given")
    parser.add_argument("--key", default="fake-key", help="the key that is let in")
    given = parser.parse_args()
    try:
        with serve(given.folder, key=given.key, port=given.port) as serving:
            names = ", ".join(str(version) for version in serving.fake.service.shelf.kept)
            _say(f"{names} at {serving.url}; every route: {serving.url}/_about")
            _say(f"ROBOFLOW_API_URL={serving.url} ROBOFLOW_INFERENCE_URL={serving.url} ROBOFLOW_API_KEY={given.key}")
            threading.Event().wait()
    except ReadinessError as error:
        _say(str(error))
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
