from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vision_readiness.errors import InputError
from vision_readiness_webhook.__main__ import app
from vision_readiness_webhook.access import actor_of
from vision_readiness_webhook.store import open_database


def run(*words: str):
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_READINESS_DATA", str(tmp_path))


def test_a_token_is_made_listed_and_ended_and_all_of_it_is_on_record(tmp_path: Path) -> None:
    token = run("token", "create", "acme", "neha", "--role", "editor", "--days", "30").stdout.strip()
    database = open_database(f"sqlite:///{tmp_path}/service.sqlite3")
    with database.read() as connection:
        assert actor_of(connection, token, time.time()) is not None
    listed = run("token", "list", "acme").stdout
    assert "neha\teditor" in listed
    assert token not in listed
    assert run("token", "revoke", "acme", "neha").stdout == "1 ended.\n"
    with database.read() as connection:
        assert actor_of(connection, token, time.time()) is None
    database.close()
    shown = [json.loads(line)["action"] for line in run("audit", "show", "acme").stdout.splitlines()]
    assert shown == ["token.revoked", "token.created"]
    verified = run("audit", "verify", "acme").stdout
    assert verified.startswith("2 rows, whole.")
    assert run("audit", "verify", "acme", "--expect", verified.split()[-1]).exit_code == 0
    assert run("audit", "verify", "acme", "--expect", "0" * 63 + "1").exit_code == 1
    with pytest.raises(InputError, match="no workspace"):
        run("token", "create", "nobody", "neha")


def test_a_delivery_is_made_ready_for_curl_and_a_sink_for_a_workflow() -> None:
    line = run("send", "deliver", "acme/yard-safety/5", "--curl").stdout
    assert line.startswith("curl -sS http://127.0.0.1:8000/webhooks/roboflow -H 'webhook-id: evt_")
    block = json.loads(run("send", "sink", "acme/yard-safety", "--to", "https://readiness.example/").stdout)
    assert block["url"] == "https://readiness.example/webhooks/roboflow/acme/yard-safety"


def test_help_teaches() -> None:
    told = run("--help").stdout
    for word in ("token", "audit", "send", "VISION_READINESS_"):
        assert word in told
