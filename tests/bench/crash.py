"""Kill the service again and again and count what is lost: ``python -m tests.bench.crash [SENT KILLS]``."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import pages
from tests.bench.tables import table
from tests.webhook.crashing.trial import Outcome, trial
from tests.webhook.postgres import new_database, postgres_programs, postgres_server

SEED = 20261120
HEAD = [
    "",
    "deliveries",
    "kills",
    "code edits",
    "runs",
    "reports",
    "sent again",
    "lost",
    "twice",
    "stale",
    "unpublished",
]


def main(sent: int = 200, kills: int = 20) -> None:
    """Run both trials; print their table, and keep it where they were of full size."""
    rows = []
    with TemporaryDirectory() as folder:
        place = Path(folder)
        rows.append(_row("SQLite", trial(f"sqlite:///{place / 'a.sqlite3'}", place, sent=sent, kills=kills, seed=SEED)))
    programs = postgres_programs()
    if programs is None:
        print("No Postgres server is installed: its trial is left out.")
    else:
        with TemporaryDirectory() as folder, postgres_server(programs) as socket:
            outcome = trial(new_database(socket), Path(folder), sent=sent, kills=kills, seed=SEED, two_hosts=True)
            rows.append(_row("Postgres, two workers, one killed for good", outcome))
    text = table(HEAD, rows)
    print(text)
    if (sent, kills) == (200, 20) and len(rows) == 2:
        pages.keep("crashes", text, pages.SERVICE)


def _row(name: str, outcome: Outcome) -> list[str]:
    for wrong in outcome.wrong:
        print(f"{name}: {wrong}")
    lists = [outcome.lost, outcome.twice, outcome.stale, outcome.unpublished]
    counts = [outcome.deliveries, outcome.kills, outcome.edits, outcome.runs, outcome.computed, outcome.repeated_sends]
    return [name, *map(str, counts), *(str(len(one)) for one in lists)]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
