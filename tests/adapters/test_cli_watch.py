from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import threading
import time

import pytest

from tests.adapters.receiver import OK, receiving
from tests.command_line import run
from tests.small_workspace import NUMBER, PROJECT, WORKSPACE, small_workspace
from vision_readiness_adapters.testing import Behaviour, Fault, FaultKind, serve
from vision_readiness_adapters.testing.shelf import Shelf

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, yes").decode()
WATCH = [sys.executable, "-m", "vision_readiness_adapters.cli", "watch"]
SECRETS = "VISION_READINESS_WEBHOOK_SECRETS"


@pytest.fixture(autouse=True)
def _mine(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv(SECRETS, SECRET)


@pytest.fixture
def workspace(tmp_path):
    return small_workspace(tmp_path / "workspace")


def url(receiver):
    return f"http://127.0.0.1:{receiver.port}/webhooks/roboflow"


def look(where, receiver, *options):
    return run("watch", where, "--to", url(receiver), "--once", *options)


def copy(workspace, number):
    project = workspace / WORKSPACE / PROJECT
    shutil.copytree(project / str(NUMBER), project / str(number))


def kinds(ran):
    return [json.loads(line)["type"] for line in ran.out.splitlines()]


def test_a_folder_is_watched_from_one_look_to_the_next(workspace):
    with receiving() as receiver:
        first = look(workspace, receiver)
        copy(workspace, 4)
        second = look(workspace, receiver)
        third = look(workspace, receiver)
    assert [ran.code for ran in (first, second, third)] == [0, 0, 0]
    assert first.err == (
        f"{workspace} is a folder, so Roboflow is not watched.\n"
        "Watching 1 project with 1 version: what is there already is not announced.\n"
    )
    assert [kinds(ran) for ran in (first, second, third)] == [[], ["version.created", "model.trained"], []]
    assert len(receiver.seen) == 2


def test_roboflow_is_watched_from_one_look_to_the_next(workspace, monkeypatch):
    monkeypatch.setenv("ROBOFLOW_API_KEY", "fake-key")
    with serve(workspace) as fake, receiving() as receiver:
        monkeypatch.setenv("ROBOFLOW_API_URL", fake.url)
        first = look(WORKSPACE, receiver)
        copy(workspace, 4)
        notes = workspace / WORKSPACE / PROJECT / "4" / "version.json"
        notes.write_text(notes.read_text().replace(f"{PROJECT}/{NUMBER}", f"{PROJECT}/4"))
        fake.fake.service.shelf = Shelf(workspace)
        second = look(WORKSPACE, receiver)
    assert (first.code, kinds(first)) == (0, [])
    assert (second.code, kinds(second)) == (0, ["version.created", "model.trained"])
    assert "fake-key" not in first.err + first.out + second.err + second.out
    assert b"fake-key" not in b"".join(receiver.seen)


def test_trouble_in_a_single_look_is_one_line(workspace, monkeypatch):
    monkeypatch.setenv("ROBOFLOW_API_KEY", "fake-key")
    gone = Behaviour(faults=(Fault(FaultKind.STATUS, status=402, times=None),))
    with serve(workspace, gone) as fake, receiving() as receiver:
        monkeypatch.setenv("ROBOFLOW_API_URL", fake.url)
        assert "402" in look(WORKSPACE, receiver).complaint


def test_what_was_not_taken_is_sent_again_under_the_same_id(workspace, tmp_path):
    answers = [OK, b"HTTP/1.1 503 Busy\r\n\r\n", OK, OK]
    state = ("--state", tmp_path / "here.json")
    with receiving(lambda: [answers.pop(0)]) as receiver:
        look(workspace, receiver, *state)
        copy(workspace, 4)
        assert "503" in look(workspace, receiver, *state).complaint
        assert kinds(look(workspace, receiver, *state)) == ["version.created", "model.trained"]
    ids = [next(line for line in seen.split(b"\r\n") if line.startswith(b"webhook-id")) for seen in receiver.seen]
    assert (len(ids), ids[:2]) == (4, ids[2:])


def test_a_kill_between_two_events_loses_none_and_repeats_the_first_under_its_id(workspace, tmp_path):
    state, held = tmp_path / "here.json", threading.Event()

    def answer():
        if len(receiver.seen) == 2:
            held.wait(60)
        yield OK

    with receiving(answer) as receiver:
        look(workspace, receiver, "--state", state)
        copy(workspace, 4)
        command = [*WATCH, str(workspace), "--to", url(receiver), "--once", "--state", str(state)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as killed:  # noqa: S603 - our own words
            until = time.monotonic() + 60
            while len(receiver.seen) < 2 and time.monotonic() < until:
                time.sleep(0.01)
            killed.kill()
        held.set()
        assert kinds(look(workspace, receiver, "--state", state)) == ["version.created", "model.trained"]
    ids = [next(line for line in seen.split(b"\r\n") if line.startswith(b"webhook-id")) for seen in receiver.seen]
    assert (len(ids), ids[:2]) == (4, ids[2:])


def test_backfill_says_what_it_costs(workspace):
    with receiving() as receiver:
        ran = look(workspace, receiver, "--backfill")
    assert "Backfill sends 2 events: 1 version and 1 model." in ran.err
    assert kinds(ran) == ["version.created", "model.trained"]


def test_it_goes_on_looking_until_it_is_stopped(workspace, monkeypatch):
    waited = []

    def wait(seconds):
        waited.append(seconds)
        if len(waited) == 2:
            raise KeyboardInterrupt
        copy(workspace, 4)

    monkeypatch.setattr("time.sleep", wait)
    with receiving() as receiver:
        ran = run("watch", workspace, "--to", url(receiver), "--every", 7)
    assert (ran.code, waited, kinds(ran)) == (130, [7.0, 7.0], ["version.created", "model.trained"])


def test_the_secret_may_come_from_a_file(workspace, tmp_path, monkeypatch):
    monkeypatch.delenv(SECRETS)
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    with receiving() as receiver:
        assert look(workspace, receiver, "--secret-file", file, "--backfill").code == 0
        assert f"set {SECRETS}" in look(workspace, receiver).complaint
        assert "cannot be read" in look(workspace, receiver, "--secret-file", tmp_path).complaint
        file.write_text("whsec_c2hvcnQ=")
        told = look(workspace, receiver, "--secret-file", file).complaint
    assert "24 to 64 bytes" in told
    assert "c2hvcnQ" not in told


def test_what_cannot_be_watched_is_one_line(workspace, tmp_path):
    with receiving() as receiver:
        assert "names no workspace" in look("acme/dock/3", receiver).complaint
        assert "not an offline workspace" in look(workspace / WORKSPACE / PROJECT / str(NUMBER), receiver).complaint
    assert "https://" in run("watch", workspace, "--to", "nowhere", "--once").complaint
