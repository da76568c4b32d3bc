from __future__ import annotations

import socket
import subprocess
import sys

import httpx
import pytest

from vision_readiness.errors import InputError
from vision_readiness_adapters.bundled_projects import bundled_workspace
from vision_readiness_adapters.testing import Behaviour, FakeRoboflow, serve


def test_a_port_in_use_is_told_with_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with (
            pytest.raises(InputError, match="choose another --port"),
            serve(bundled_workspace(), port=taken.getsockname()[1]),
        ):
            pass


def test_a_folder_without_versions_is_told(tmp_path):
    with pytest.raises(InputError, match="check the path"):
        FakeRoboflow(tmp_path)


def test_an_app_can_be_served_and_looked_into():
    fake = FakeRoboflow(bundled_workspace(), Behaviour(nested_versions=True), keys=["a", "b"])
    with serve(fake) as serving:
        for key in ("a", "b"):
            assert httpx.get(f"{serving.url}/acme", params={"api_key": key}, trust_env=False).status_code == 200
        assert "2 requests" in repr(serving)
    with pytest.raises(httpx.ConnectError):
        httpx.get(serving.url, trust_env=False)


def test_it_runs_from_the_command_line():
    command = [sys.executable, "-m", "vision_readiness_adapters.testing", "--key", "given"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own words
        try:
            told, settings = process.stdout.readline(), process.stdout.readline()
            url = settings.split()[0].partition("=")[2]
            assert told.startswith("acme/dock-packages/3, acme/yard-safety/5 at http://127.0.0.1:")
            assert httpx.get(f"{url}/", params={"api_key": "given"}, trust_env=False).json()["workspace"] == "acme"
        finally:
            process.terminate()


def test_the_command_line_tells_what_is_wrong(tmp_path):
    command = [sys.executable, "-m", "vision_readiness_adapters.testing", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert ran.returncode == 2
    assert "check the path" in ran.stdout
    assert ran.stderr == ""


def test_without_its_extra_it_says_which_one_is_missing():
    code = "import sys; sys.modules['starlette'] = None; import vision_readiness_adapters.testing"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert 'pip install "vision-readiness[testing]"' in ran.stderr
