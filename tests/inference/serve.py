"""A real Roboflow ``inference`` server that holds one model, without a key and cut off from any network.

    .venv-inference/bin/python -m tests.inference.serve MODEL_ID FOLDER_OF_AN_OFFLINE_VERSION

says ``ready http://127.0.0.1:PORT`` once it answers, and ends when its standard input does.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import threading
from pathlib import Path

from tests.inference import model_cache


def main(model_id: str, version: Path) -> None:
    with tempfile.TemporaryDirectory() as made:
        cache = Path(made, "cache")
        model_cache.lay_out(cache, model_id, version.resolve())
        model_cache.use(cache)
        for page in ("static", "_next/static"):  # its landing page, which the wheel leaves out and the server mounts
            Path(made, "inference/landing/out", page).mkdir(parents=True)
        os.chdir(made)
        serve()


def serve() -> None:
    """Answer on a free port of this machine until the standard input ends."""
    import uvicorn
    from inference.core.interfaces.http.http_api import HttpInterface
    from inference.core.managers.base import ModelManager
    from inference.core.managers.decorators.fixed_size_cache import WithFixedSizeCache
    from inference.core.registries.roboflow import RoboflowModelRegistry
    from inference.models.utils import ROBOFLOW_MODEL_TYPES

    manager = WithFixedSizeCache(ModelManager(model_registry=RoboflowModelRegistry(ROBOFLOW_MODEL_TYPES)), max_size=4)
    manager.init_pingback()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(HttpInterface(manager).app, log_level="warning"))

    def announce() -> None:
        while not server.started:
            threading.Event().wait(0.05)
        sys.stdout.write(f"ready http://127.0.0.1:{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whoever waited for this line need not read its log
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=announce, daemon=True).start()
    server.run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
