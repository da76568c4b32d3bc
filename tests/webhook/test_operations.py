from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from tests.conftest import REPOSITORY
from tests.webhook.crashing.fleet import free_port
from tests.webhook.postgres import new_database, postgres_programs
from tests.webhook.serving import SECRET, created, running, served, settings_in
from tests.webhook.workbench import Workbench
from vision_readiness_webhook import tracing
from vision_readiness_webhook.__main__ import app
from vision_readiness_webhook.commands.first_start import first_words
from vision_readiness_webhook.logs import log_as_json, secrets_of
from vision_readiness_webhook.metrics import Metrics
from vision_readiness_webhook.outbox import MessageState
from vision_readiness_webhook.service import build_service
from vision_readiness_webhook.store import open_database
from vision_readiness_webhook.store.runs import RunState, find_run
from vision_readiness_webhook.store.schema import outbox

UNITS = ("_seconds", "_total", "_depth", "_created", "_bucket", "_sum", "_count")
FORBIDDEN_LABELS = {"workspace", "project", "version", "model", "image", "run", "class", "url"}


def test_probes_and_metrics_of_a_service_that_took_a_delivery(tmp_path: Path) -> None:
    async def test() -> None:
        async with served(tmp_path) as service:
            token = service.token()
            first = await service.deliver(created("yard-safety", 5))
            await service.deliver(created("yard-safety", 5))
            await service.client.post("/webhooks/roboflow", content=b"{}")
            assert (await service.ended(first.json()["run"], token))["state"] == "succeeded"
            assert (await service.client.get("/healthz")).json() == {"status": "ok"}
            ready = await service.client.get("/readyz")
            assert ready.json() == {"status": "ok", "database": "ok", "jobs": "ok", "disk": "ok"}
            answer = await service.client.get("/metrics")
            assert answer.headers["content-type"].startswith("text/plain")
            found = {
                (sample.name, *sample.labels.values()): sample.value
                for family in text_string_to_metric_families(answer.text)
                for sample in family.samples
            }
            for outcome in ("accepted", "repeated", "signature-refused"):
                assert found["vision_readiness_deliveries_total", outcome] == 1
            assert found["vision_readiness_reports_total", "blocked"] == 1
            assert found["vision_readiness_blockers_total", "failure"] == 1
            assert found["vision_readiness_runs_total", "succeeded"] == 1
            assert found["vision_readiness_queue_depth", "queued"] == 0
            for stage in ("scan", "evaluate", "queue_wait"):
                assert found[f"vision_readiness_{stage}_seconds_count",] == 1
            assert any(key[0] == "vision_readiness_reasons_total" for key in found)
            service.app.state.service.jobs.stop(0)
            ready = await service.client.get("/readyz")
            assert (ready.status_code, ready.json()["jobs"], ready.json()["database"]) == (503, "failed", "ok")

    running(test)


def test_metrics_are_named_as_prometheus_asks_and_no_label_can_grow() -> None:
    for family in Metrics().registry.collect():
        assert re.fullmatch(r"vision_readiness_[a-z_]+", family.name)
        assert family.documentation.endswith(".")
        full = f"{family.name}_total" if family.type == "counter" else family.name
        assert full.endswith({"counter": "_total", "histogram": "_seconds"}[family.type])
        for sample in family.samples:
            assert sample.name.endswith(UNITS)
            assert not FORBIDDEN_LABELS & set(sample.labels)


def test_a_run_and_what_is_sent_are_spans(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("test"))
    bench.worker.run(bench.ask("line", 1))
    bench.send_all()
    spans = {span.name: span for span in kept.get_finished_spans()}
    assert {"run", "read", "gather", "decide", "keep", "send"} <= spans.keys()
    whole = spans["run"].get_span_context()
    parent = spans["decide"].parent
    assert parent is not None
    assert whole is not None
    assert parent.span_id == whole.span_id
    assert (spans["run"].attributes or {})["vision_readiness.project"] == "line"


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    stream = io.StringIO()
    log_as_json("INFO", secrets_of({"ROBOFLOW_API_KEY": "rf-0123456789"}, [SECRET]), stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


def test_every_line_of_the_log_is_json_without_a_secret(logs: io.StringIO) -> None:
    logging.getLogger("httpx").info("GET https://api.roboflow.com/acme?api_key=%s", "rf-0123456789")
    logging.getLogger("uvicorn.access").info('%s - "%s"', "127.0.0.1", "GET /app?token=vr_abcdefgh HTTP/1.1")
    try:
        int(SECRET)
    except ValueError:
        logging.getLogger("vision_readiness_webhook.work").exception("it fell,\nin two lines")
    with trace.use_span(trace.NonRecordingSpan(trace.SpanContext(1, 2, is_remote=False))):
        logging.getLogger("x").warning("Authorization: Bearer vr_abcdefgh")
    text = logs.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["logger"] for line in lines] == ["httpx", "uvicorn.access", "vision_readiness_webhook.work", "x"]
    assert lines[2]["error"].startswith("Traceback")
    assert lines[3]["trace_id"] == f"{1:032x}"
    for secret in ("rf-0123456789", "vr_abcdefgh", SECRET):
        assert secret not in text


def test_a_token_is_shown_at_the_very_first_start_only(tmp_path: Path) -> None:
    service = build_service(settings_in(tmp_path))
    first, again = first_words(service), first_words(service)
    assert first[0] == again[0] == "Vision Readiness is at http://127.0.0.1:8000/"
    assert "acme" in first[1]
    assert "vr_" in first[1]
    assert len(again) == 1
    service.stop()


def test_a_backup_brings_the_database_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bench: Workbench) -> None:
    run_id = bench.ask("line", 1)
    programs = postgres_programs()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("VISION_READINESS_DATABASE_URL", bench.database.url)
    file = tmp_path / "backup"
    command = CliRunner()
    assert command.invoke(app, ["backup", str(file)]).exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    url = f"sqlite:///{tmp_path / 'restored' / 'service.sqlite3'}"
    if not bench.database.is_sqlite:
        assert bench.database.engine.url.query["host"]
        url = new_database(Path(str(bench.database.engine.url.query["host"])))
    monkeypatch.setenv("VISION_READINESS_DATABASE_URL", url)
    restored = command.invoke(app, ["restore", str(file)])
    assert restored.exit_code == 0, restored.output
    database = open_database(url)
    with database.read() as connection:
        assert find_run(connection, run_id) == bench.found(run_id)
    database.close()
    assert command.invoke(app, ["restore", str(file)]).exit_code != 0


def test_the_commands_of_the_page_for_operators_exist() -> None:
    text = (REPOSITORY / "docs" / "service.md").read_text("utf-8")
    shown = [line.split()[1:] for line in re.findall(r"^\$ (vision-readiness-webhook .*)$", text, re.MULTILINE)]
    assert len(shown) == 4
    for words in shown:
        names = [word for word in words if word.islower() and word.isalpha()]
        assert CliRunner().invoke(app, [*names, "--help"]).exit_code == 0, words


def test_a_run_a_dead_letter_and_the_whole_log_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bench: Workbench
) -> None:
    run_id = bench.ask("line", 1)
    bench.worker.run(run_id)
    with bench.database.write() as connection:
        connection.execute(outbox.update().values(state=MessageState.DEAD))
        message_id = connection.execute(sa.select(outbox.c.message_id)).scalar_one()
    monkeypatch.setenv("VISION_READINESS_DATABASE_URL", bench.database.url)
    monkeypatch.setenv("VISION_READINESS_DATA", str(tmp_path / "data"))
    command = CliRunner()
    again = command.invoke(app, ["replay", "run", run_id])
    assert again.exit_code == 0, again.output
    assert bench.found(again.output.split()[-1]).state is RunState.QUEUED
    assert command.invoke(app, ["replay", "message", message_id]).exit_code == 0
    assert bench.messages() == {run_id: MessageState.PENDING}
    assert command.invoke(app, ["replay", "message", message_id]).exit_code != 0
    log = command.invoke(app, ["replay", "log", f"sqlite:///{tmp_path / 'log.sqlite3'}"])
    assert log.output == "2 runs, 1 reports, 0 different.\n"


def test_a_damaged_backup_is_not_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISION_READINESS_DATA", str(tmp_path / "data"))
    (tmp_path / "backup").write_bytes(b"not a database")
    assert CliRunner().invoke(app, ["restore", str(tmp_path / "backup")]).exit_code != 0
    assert not (tmp_path / "data" / "service.sqlite3").exists()


def test_with_nothing_set_it_starts_says_where_to_go_and_stops_when_told_to(tmp_path: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VISION_READINESS_")}
    port = free_port()
    environment = {**inherited, "XDG_DATA_HOME": str(tmp_path), "VISION_READINESS_PORT": str(port)}
    command = [sys.executable, "-m", "vision_readiness_webhook"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)  # noqa: S603 - our own words
        try:
            assert process.stdout is not None
            place = process.stdout.readline().split()[-1]
            token = process.stdout.readline().split()[-1]
            assert _when_up(f"{place}readyz").json()["status"] == "ok"
            page = httpx.get(f"{place}login")
            assert page.status_code == 200
            model = httpx.get(
                f"{place}runs", headers={"authorization": f"Bearer {token}"}, params={"limit": 1}, timeout=30
            )
            assert model.status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(40) in {0, -signal.SIGTERM}
        finally:
            process.kill()
            process.communicate()
    lines = (tmp_path / "log").read_text().splitlines()
    assert all(json.loads(line)["level"] == "info" for line in lines)
    assert not [line for line in lines if token in line or "CREATE TABLE" in line]
    assert (tmp_path / "vision-readiness" / "service.sqlite3").is_file()


def _when_up(url: str) -> httpx.Response:
    until = time.monotonic() + 60
    while True:
        try:
            return httpx.get(url, timeout=10)
        except httpx.TransportError:
            assert time.monotonic() < until
            time.sleep(0.1)
