"""A picture, what a model answers to it as ``inference`` writes it, and a server of that model on a real socket."""

from __future__ import annotations

import base64
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image

from vision_readiness.project import ProjectVersion, VersionId
from vision_readiness.testing import a_dataset

PICTURE = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
VERSION = ProjectVersion(
    VersionId("acme", "dock", 3), a_dataset({"test/a.jpg": [("pallet", (0, 0, 9, 9)), ("person", (9, 9, 20, 20))]})
)
BODY = {
    "inference_id": "i-1",
    "time": 1e-6,
    "image": {"width": 64, "height": 48},
    "predictions": [
        {"x": 20.0, "y": 10.0, "width": 8.0, "height": 6.0, "confidence": 0.7, "class": "person", "class_id": 0},
        {"x": 40.5, "y": 30.0, "width": 9.0, "height": 12.0, "confidence": 0.9, "class": "pallet", "class_id": 1},
    ],
}
BOXES = [[36, 24, 45, 36], [16, 7, 24, 13]]
HELD = {"models": [{"model_id": "dock/3", "task_type": "object-detection"}]}


def pixels(encoded: bytes | str) -> np.ndarray:
    """The picture in a base64 body."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))


class Fake:
    """What a server of one model does, and every path that it was asked for. ``fail`` answers so many times 503."""

    def __init__(self, *, body: object = BODY, fail: int = 0) -> None:
        self.body, self.fail, self.held = body, fail, False
        self.asked: list[str] = []
        self.pictures: list[np.ndarray] = []

    def answer(self, path: str, sent: bytes) -> tuple[int, object]:
        route = path.partition("?")[0]
        self.asked.append(route)
        said = json.loads(sent) if sent.startswith(b"{") else {}
        if route == "/info":
            return 200, {"name": "Roboflow Inference Server", "version": "0.59.1"}
        if route == "/model/add":
            self.held = True
        if route in ("/model/registry", "/model/add"):
            return 200, HELD if self.held else {"models": []}
        if route.startswith("/infer/") and "image" not in said:
            return 422, {"detail": [{"loc": ["body", "image"], "msg": "Field required"}]}
        if self.fail:
            self.fail -= 1
            return 503, {"message": "Internal error. Could not connect to Roboflow API."}
        self.pictures.append(pixels(said["image"]["value"] if said else sent))
        return 200, self.body


@contextmanager
def serving(fake: Fake) -> Iterator[str]:
    """The address of ``fake`` on a socket of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # one packet an answer; two would wait for each other

        def do_POST(self) -> None:
            status, said = fake.answer(self.path, self.rfile.read(int(self.headers.get("content-length", 0))))
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
