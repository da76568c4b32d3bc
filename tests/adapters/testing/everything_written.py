"""A whole run against a server, writing down all that can be written: run as a script, in a folder of its own.

``ROBOFLOW_API_URL`` and ``ROBOFLOW_API_KEY`` say where and with which key. What goes to the two outputs is written
too; the caller looks for the key in everything.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
import traceback
from dataclasses import replace
from pathlib import Path

from tests.adapters.testing.every_call import every_call
from tests.command_line import run
from vision_readiness.roboflow import RoboflowClient, RoboflowError, projects
from vision_readiness.roboflow.exports import download
from vision_readiness_adapters.recorded import Recorder
from vision_readiness_adapters.roboflow_http import open_roboflow


def main(folder: Path) -> None:
    """Every call, a check in every format, and a check of every way that goes wrong."""
    logging.basicConfig(filename=folder / "all.log", level=logging.DEBUG, force=True)
    client = open_roboflow("acme")
    (folder / "reprs.txt").write_text(f"{client!r} {client.transport!r} {client.transport.settings!r}")
    recorded = RoboflowClient(Recorder(client.transport, folder / "recorded", secrets=[os.environ["ROBOFLOW_API_KEY"]]))
    every_call(recorded)
    with recorded.stream(download(recorded.export("acme", "dock-packages", 3, "coco").link)) as stream:
        (folder / "export.zip").write_bytes(b"".join(stream.chunks))
    for format_ in ("text", "json", "html"):
        arguments = [
            "check",
            "roboflow:acme/dock-packages/3",
            "--format",
            format_,
            "--calls",
            "0",
            "--fail-on",
            "never",
        ]
        ran = run(*arguments, "--save-evidence", folder / f"evidence-{format_}")
        (folder / f"check-{format_}.txt").write_text(ran.out + ran.err)
        if format_ == "json":
            (folder / "report.json").write_text(ran.out)
            parts = ["--only", "event,tags,job", "--batch", "Pip Package Upload", "--reviewer", "neha@acme.example"]
            written = run("publish", folder / "report.json", "--apply", *parts)
            (folder / "publish.txt").write_text(written.out + written.err)
    hosted = run("check", "roboflow:acme/dock-packages/3", "--hosted", "--calls", "2", "--format", "json")
    (folder / "hosted.txt").write_text(hosted.out + hosted.err)
    for name in ("acme/nothing/1", "nobody/dock/1", "acme/dock-packages/9"):
        (folder / f"{name.replace('/', '-')}.txt").write_text(str(run("check", f"roboflow:{name}")))


def go_wrong(folder: Path, name: str) -> None:
    """A call that fails, with the values of every frame on the way; the server says how by the name it is asked for."""
    client, call = open_roboflow("acme"), projects.workspace(name)
    try:
        client.run(replace(call, request=replace(call.request, deadline_seconds=1.0)))
    except RoboflowError as error:
        logging.getLogger("caller").exception("it failed")
        told = traceback.TracebackException.from_exception(error, capture_locals=True).format()
        (folder / f"{name}.traceback").write_text("".join(told) + repr(vars(error)))
        (folder / f"{name}.pickle").write_bytes(pickle.dumps((str(error), repr(client))))


if __name__ == "__main__":
    made = Path(sys.argv[1])
    if len(sys.argv) > 2:
        logging.basicConfig(filename=made / "all.log", level=logging.DEBUG, force=True)
        for wrong in sys.argv[2:]:
            go_wrong(made, wrong)
    else:
        main(made)
