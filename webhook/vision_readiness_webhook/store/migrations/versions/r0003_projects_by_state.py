"""Projects are counted and found by the state that people are shown."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("projects_by_state", "projects", ["workspace", "state", "effort", "project"], unique=False)
    op.execute(
        "UPDATE projects SET state = 'not_proven'"
        " WHERE run_id IN (SELECT run_id FROM reports WHERE blocked_by = 'evidence')"
    )
