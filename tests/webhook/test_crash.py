from __future__ import annotations

from pathlib import Path

from tests.webhook.crashing.trial import trial
from tests.webhook.postgres import new_database


def test_killed_at_random_points_it_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    outcome = trial(f"sqlite:///{tmp_path / 'service.sqlite3'}", tmp_path, sent=40, kills=4, seed=1)
    assert outcome.wrong == []
    assert outcome.edits > 0


def test_one_of_two_workers_killed_for_good_leaves_its_runs_to_the_other(tmp_path: Path, postgres: Path) -> None:
    outcome = trial(new_database(postgres), tmp_path, sent=40, kills=4, seed=1, two_hosts=True)
    assert outcome.wrong == []
    assert outcome.edits > 0
