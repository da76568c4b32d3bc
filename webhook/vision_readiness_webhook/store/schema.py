"""The tables. Times are UTC seconds since 1970, texts of JSON are sorted, every row of a workspace names it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.types import TypeEngine

metadata = sa.MetaData()

_Name = sa.String(200)
_Seconds = sa.Float
_Serial = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _column(name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    sa.Column("delivery_id", sa.String(300), primary_key=True),
    _column("received_at", _Seconds),
    _column("event", sa.Text),
    sa.Column("run_id", sa.String(40)),
    sa.Index("deliveries_by_age", "received_at"),
)
"""The inbox: what came in by its id, kept longer than any sender repeats. One workspace cannot use up another's ids."""

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("sequence", _Serial, primary_key=True, autoincrement=True),
    sa.Column("run_id", sa.String(40), nullable=False, unique=True),
    _column("workspace", _Name),
    _column("project", _Name),
    sa.Column("version", sa.Integer),
    sa.Column("model", _Name),
    _column("because", sa.String(40)),
    _column("content_key", sa.String(64)),
    _column("options", sa.Text),
    _column("state", sa.String(20)),
    _column("stage", sa.String(200)),
    sa.Column("done", sa.Integer),
    sa.Column("total", sa.Integer),
    _column("attempts", sa.Integer),
    _column("accepted_at", _Seconds),
    sa.Column("started_at", _Seconds),
    sa.Column("stage_at", _Seconds),
    sa.Column("finished_at", _Seconds),
    sa.Column("report_id", sa.String(40)),
    sa.Column("evidence_key", sa.String(64)),
    sa.Column("problem", sa.String(60)),
    sa.Column("detail", sa.Text),
    sa.Index("runs_by_project", "workspace", "project", "sequence"),
    sa.Index("runs_by_workspace", "workspace", "sequence"),
    sa.Index(
        "runs_by_content",
        "content_key",
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running', 'succeeded')"),
        postgresql_where=sa.text("state IN ('queued', 'running', 'succeeded')"),
    ),
)
"""Every recomputation, from when it was asked for to its end; the order of ``sequence`` is the order of asking."""

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    sa.Column("evidence_key", sa.String(64), primary_key=True),
    _column("created_at", _Seconds),
    _column("packed", sa.LargeBinary),
)
"""What was found out, by what it was found out about; never changed."""

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("run_id", sa.String(40), primary_key=True),
    _column("report_id", sa.String(40)),
    _column("sequence", _Serial),
    _column("workspace", _Name),
    _column("project", _Name),
    sa.Column("version", sa.Integer),
    sa.Column("model", _Name),
    _column("evidence_key", sa.String(64)),
    _column("spec_text", sa.Text),
    _column("waivers", sa.Text),
    _column("created_at", _Seconds),
    _column("state", sa.String(30)),
    sa.Column("blocked_by", sa.String(20)),
    _column("score", sa.Integer),
    _column("headline", sa.Text),
    _column("next_action", sa.String(40)),
    _column("next_sentence", sa.Text),
    sa.Column("valid_until", sa.Date),
    _column("packed", sa.LargeBinary),
    sa.Index("reports_by_project", "workspace", "project", "sequence"),
    sa.Index("reports_by_id", "workspace", "report_id"),
)
"""Every report, with all that it was decided from but the evidence itself; ``packed`` is its JSON, compressed."""

projects = sa.Table(
    "projects",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    sa.Column("project", _Name, primary_key=True),
    _column("run_id", sa.String(40)),
    _column("sequence", _Serial),
    sa.Column("version", sa.Integer),
    _column("state", sa.String(30)),
    _column("effort", sa.Float),
    sa.Column("valid_until", sa.Date),
    sa.Index("projects_by_end", "workspace", "valid_until"),
    sa.Index("projects_by_effort", "workspace", "effort", "project"),
    sa.Index("projects_by_state", "workspace", "state", "effort", "project"),
)
"""Where each project stands now: its newest report. ``state`` is that of the report, ``not_proven`` where nothing but
evidence is missing; ``effort`` is what the cheapest way out of it costs; ``valid_until`` the last day it holds."""

specs = sa.Table(
    "specs",
    metadata,
    sa.Column("sequence", _Serial, primary_key=True, autoincrement=True),
    _column("workspace", _Name),
    _column("project", _Name),
    _column("text", sa.Text),
    _column("digest", sa.String(64)),
    _column("author", _Name),
    _column("created_at", _Seconds),
    sa.Index("specs_by_project", "workspace", "project", "sequence"),
)
"""Every specification that was saved here; the last one of a project is in force."""

waivers = sa.Table(
    "waivers",
    metadata,
    sa.Column("waiver_id", sa.String(40), primary_key=True),
    _column("workspace", _Name),
    _column("project", _Name),
    _column("text", sa.Text),
    _column("author", _Name),
    _column("created_at", _Seconds),
    sa.Column("withdrawn_at", _Seconds),
    sa.Index("waivers_by_project", "workspace", "project", "created_at"),
)
"""Risks that somebody accepted."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("message_id", sa.String(40), primary_key=True),
    _column("workspace", _Name),
    _column("project", _Name),
    _column("run_id", sa.String(40)),
    _column("channel", sa.String(20)),
    _column("address", sa.Text),
    _column("state", sa.String(20)),
    _column("attempts", sa.Integer),
    _column("created_at", _Seconds),
    sa.Column("next_at", _Seconds),
    sa.Column("finished_at", _Seconds),
    sa.Column("detail", sa.Text),
    sa.UniqueConstraint("run_id", "channel", "address", name="outbox_once"),
    sa.Index("outbox_by_state", "workspace", "state", "created_at"),
    sa.Index("outbox_by_age", "workspace", "created_at", "message_id"),
)
"""What has to leave, once a run, channel and address: pending, delivered, stale, refused or dead."""

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    sa.Column("person", _Name, primary_key=True),
    sa.Column("idempotency_key", _Name, primary_key=True),
    _column("fingerprint", sa.String(64)),
    _column("begun_at", _Seconds),
    sa.Column("status", sa.Integer),
    sa.Column("answer", sa.Text),
    sa.Column("headers", sa.Text),
    sa.Index("idempotency_by_age", "begun_at"),
)
"""Requests that came with a key of their sender's, and how they were answered."""

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("name", _Name, primary_key=True),
    _column("beat_at", _Seconds),
    sa.Column("adopted_by", _Name),
    sa.Column("adopted_at", _Seconds),
)
"""The processes that run jobs, and when each was last heard of."""

watermarks = sa.Table(
    "watermarks",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    _column("snapshot", sa.Text),
    _column("seen_at", _Seconds),
    sa.Column("held_until", _Seconds),
)
"""What the watcher of a workspace saw last; one process at a time holds the row and looks."""

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("token_id", sa.String(40), primary_key=True),
    _column("workspace", _Name),
    _column("person", _Name),
    _column("role", sa.String(20)),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    _column("created_at", _Seconds),
    sa.Column("expires_at", _Seconds),
    sa.Column("revoked_at", _Seconds),
    sa.Index("tokens_by_workspace", "workspace", "created_at"),
)
"""Who may do what, by the SHA-256 of a token that is shown once."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    _column("token_id", sa.String(40)),
    _column("created_at", _Seconds),
    _column("expires_at", _Seconds),
)
"""Browsers that signed in with a token, by the SHA-256 of their cookie; they end with the token."""

keys = sa.Table("keys", metadata, sa.Column("name", sa.String(40), primary_key=True), _column("key", sa.LargeBinary))
"""What the service signs its own links with; every process of it has to use the same."""

pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    sa.Column("evidence_key", sa.String(64), primary_key=True),
    sa.Column("picture_id", sa.String(40), primary_key=True),
    _column("jpeg", sa.LargeBinary),
)
"""Drawn examples of failures, which show customers' images: only signed links lead here."""

sign_offs = sa.Table(
    "sign_offs",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    sa.Column("run_id", sa.String(40), primary_key=True),
    sa.Column("person", _Name, primary_key=True),
    _column("signed_at", _Seconds),
)
"""Who of those that the specification names has agreed to roll out what a run reported."""

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("decision_id", sa.String(40), primary_key=True),
    _column("workspace", _Name),
    _column("project", _Name),
    _column("run_id", sa.String(40)),
    _column("report_id", sa.String(40)),
    _column("decided", sa.String(20)),
    _column("person", _Name),
    _column("path", sa.Text),
    _column("decided_at", _Seconds),
    sa.Index("decisions_by_project", "workspace", "project", "decided_at"),
)
"""Rollouts that were decided, allowed or refused, with the path that led there."""

fix_steps = sa.Table(
    "fix_steps",
    metadata,
    sa.Column("sequence", _Serial, primary_key=True, autoincrement=True),
    _column("workspace", _Name),
    _column("project", _Name),
    _column("run_id", sa.String(40)),
    _column("fix", sa.String(300)),
    _column("step", sa.String(30)),
    _column("person", _Name),
    _column("at", _Seconds),
    sa.Index("fix_steps_by_project", "workspace", "project", "sequence"),
)
"""What people did about the fixes that a report proposed: the seeds' fix funnel."""

audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    _column("length", _Serial),
    _column("digest", sa.String(64)),
)
"""The end of each workspace's audit log; whoever adds to the log holds this row."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("workspace", _Name, primary_key=True),
    sa.Column("position", _Serial, primary_key=True),
    _column("at", _Seconds),
    _column("person", _Name),
    _column("action", sa.String(60)),
    _column("subject", sa.String(300)),
    _column("detail", sa.Text),
    _column("previous", sa.String(64)),
    _column("digest", sa.String(64)),
)
"""Every decision, and every access to one; each row is chained to the one before it, and the database lets none go."""

_ONLY_ADDED_TO = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS audit_keeps_{verb} BEFORE {verb} ON audit"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        (
            "CREATE OR REPLACE FUNCTION audit_keeps() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
        ),
        (
            "CREATE OR REPLACE TRIGGER audit_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_keeps()"
        ),
    ],
}


@event.listens_for(audit, "after_create")
def _guard(_: sa.Table, connection: sa.Connection, **_options: object) -> None:
    for statement in _ONLY_ADDED_TO[connection.dialect.name]:
        connection.exec_driver_sql(statement)
