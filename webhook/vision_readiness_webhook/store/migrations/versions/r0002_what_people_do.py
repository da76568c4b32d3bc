"""What people do, in a log that is only added to; deliveries and evidence belong to their workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


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


def upgrade() -> None:
    _people()
    _by_workspace()
    op.create_index("outbox_by_age", "outbox", ["workspace", "created_at", "message_id"], unique=False)
    op.create_index("runs_by_workspace", "runs", ["workspace", "sequence"], unique=False)
    op.drop_table("watermarks")  # nothing looked yet
    op.create_table(
        "watermarks",
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.Column("held_until", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("workspace"),
    )


def _by_workspace() -> None:
    """Deliveries and evidence again, with the workspace in their keys."""
    op.rename_table("evidence", "evidence_before")
    op.create_table(
        "evidence",
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("evidence_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "evidence_key", name="evidence_of_workspace"),
    )
    _move("evidence", "workspace, evidence_key, created_at, packed")
    op.drop_index("deliveries_by_age", "deliveries")
    op.rename_table("deliveries", "deliveries_before")
    op.create_table(
        "deliveries",
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("delivery_id", sa.String(length=300), nullable=False),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "delivery_id", name="deliveries_of_workspace"),
    )
    op.create_index("deliveries_by_age", "deliveries", ["received_at"], unique=False)
    _move("deliveries", "workspace, delivery_id, received_at, event, run_id")


def _move(table: str, columns: str) -> None:
    op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}_before")  # noqa: S608 - our own words
    op.drop_table(f"{table}_before")


def _people() -> None:
    op.create_table(
        "audit",
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "position"),
    )
    op.create_table(
        "audit_heads",
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("length", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("workspace"),
    )
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.String(length=40), nullable=False),
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("report_id", sa.String(length=40), nullable=False),
        sa.Column("decided", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("decision_id"),
    )
    op.create_index("decisions_by_project", "decisions", ["workspace", "project", "decided_at"], unique=False)
    op.create_table(
        "fix_steps",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("project", sa.String(length=200), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("fix", sa.String(length=300), nullable=False),
        sa.Column("step", sa.String(length=30), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("fix_steps_by_project", "fix_steps", ["workspace", "project", "sequence"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "person", "idempotency_key"),
    )
    op.create_index("idempotency_by_age", "idempotency", ["begun_at"], unique=False)
    op.create_table(
        "keys",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "pictures",
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("evidence_key", sa.String(length=64), nullable=False),
        sa.Column("picture_id", sa.String(length=40), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "evidence_key", "picture_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("token_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "sign_offs",
        sa.Column("workspace", sa.String(length=200), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "run_id", "person"),
    )
    for statement in _ONLY_ADDED_TO[op.get_bind().dialect.name]:
        op.execute(statement)
