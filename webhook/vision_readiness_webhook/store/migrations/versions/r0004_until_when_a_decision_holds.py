"""Until when a decision holds: the first end of a risk that somebody accepted, also of reports that are there."""

import json
import zlib
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("reports", "projects"):
        op.add_column(table, sa.Column("valid_until", sa.Date(), nullable=True))
    op.create_index("projects_by_end", "projects", ["workspace", "valid_until"], unique=False)
    kept = sa.table("reports", *map(sa.column, ("run_id", "waivers", "packed")), sa.column("valid_until", sa.Date))
    connection = op.get_bind()
    for row in connection.execute(sa.select(kept.c.run_id, kept.c.packed).where(kept.c.waivers != "[]")).all():
        waived = json.loads(zlib.decompress(row.packed))["waived"]
        ends = [date.fromisoformat(one["waiver"]["expires"]) for one in waived]
        if ends:
            connection.execute(kept.update().where(kept.c.run_id == row.run_id).values(valid_until=min(ends)))
    op.execute(
        "UPDATE projects SET valid_until ="
        " (SELECT reports.valid_until FROM reports WHERE reports.run_id = projects.run_id)"
    )
