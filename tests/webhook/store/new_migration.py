"""Writes the step that brings the tables of the last one to those of ``store/schema.py``; read it before it is kept."""

from __future__ import annotations

import re
import sys

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from vision_readiness_webhook.store.database import Database, engine_of
from vision_readiness_webhook.store.migrate import STEPS, migrate
from vision_readiness_webhook.store.schema import metadata


def main(said: str) -> None:
    """Write the step; ``said`` is its first line."""
    last = ScriptDirectory(str(STEPS)).get_current_head()
    database = Database("sqlite://", engine_of("sqlite://"))
    with database.write() as connection:
        migrate(connection)
        made = produce_migrations(MigrationContext.configure(connection), metadata).upgrade_ops
    assert made is not None
    number = f"{int(last or 0) + 1:04}"
    head = f'"""{said}."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{number}"\n'
    body = "\n".join(line for line in render_python_code(made).splitlines() if "# ###" not in line)
    path = STEPS / "versions" / f"r{number}_{re.sub('[^a-z0-9]+', '_', said.lower())}.py"
    path.write_text(f'{head}down_revision = "{last}"\n\n\ndef upgrade() -> None:\n{body}\n', "utf-8")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
