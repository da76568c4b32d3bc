"""README's words about the service, done as a stranger would: its process, its commands, its curl line."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from vision_readiness_webhook.registry import read_registry

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTION = README.partition("## Run it as a service")[2].partition("\n## ")[0]
PROGRAM = "vision-readiness-webhook"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VISION_READINESS_")}
    return {**kept, "HOME": str(tmp_path), "XDG_DATA_HOME": "", "VISION_READINESS_PORT": str(port)}


@pytest.fixture
def url(environment: Mapping[str, str]) -> Iterator[str]:
    """The service with no configuration but a free port."""
    command = [sys.executable, "-m", "vision_readiness_webhook"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:  # noqa: S603 - our own program
        base = f"http://127.0.0.1:{environment['VISION_READINESS_PORT']}"
        for _ in range(600):
            try:
                httpx.get(base, timeout=5)
                break
            except httpx.HTTPError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                time.sleep(0.1)
        yield base
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) in (0, -signal.SIGTERM)


def ended(url: str, run: str, token: str) -> dict[str, object]:
    for _ in range(600):
        answer = httpx.get(f"{url}/runs/{run}", headers={"authorization": f"Bearer {token}"}, timeout=30)
        plain: dict[str, object] = answer.json()
        if plain["state"] not in {"queued", "running"}:
            return plain
        time.sleep(0.1)
    raise AssertionError(plain)


@pytest.mark.skipif(not all(map(shutil.which, ("curl", "openssl"))), reason="curl and openssl are not there")
def test_what_readme_says_of_the_service_works(url: str, environment: Mapping[str, str]) -> None:
    commands = [line[2:].split() for line in blocks("console")[0].splitlines() if line.startswith(f"$ {PROGRAM} ")]
    said = []
    for _, *arguments in commands:
        command = [sys.executable, "-m", "vision_readiness_webhook", *arguments]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
        assert ran.returncode == 0, ran.stderr
        said.append(ran.stdout.strip())
    token, delivered = said
    assert ended(url, json.loads(delivered)["run"], token)["state"] == "succeeded"
    script = blocks("sh")[0].replace("http://127.0.0.1:8000", url)
    ran = subprocess.run(["sh", "-e", "-c", script], env=environment, capture_output=True, text=True, check=False)  # noqa: S603, S607 - our own page
    assert ran.returncode == 0, ran.stderr
    assert ended(url, json.loads(ran.stdout)["run"], token)["state"] == "succeeded"


def test_the_workspaces_that_readme_shows_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "workspaces.yaml"
    path.write_text(blocks("yaml")[0], encoding="utf-8")
    (acme,) = read_registry(path).workspaces()
    assert (acme.name, acme.is_remote, acme.publish, len(acme.callbacks)) == ("acme", True, True, 1)
