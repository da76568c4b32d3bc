"""The kinds of errors and what they cost, against the tool of the paper that named them: ``make test-peers``."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.sdk.evaluate.coco_sets import _as_coco, _results, made
from vision_readiness.evaluate.error_kinds import ErrorKind, find_errors, mended
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.precision_curve import Counted, precision_table

pytestmark = pytest.mark.peers

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / os.environ.get("PEERS_VENV", ".venv-peers")
TOLERANCE = 1e-3
"""tidecv reads precision at i / 100, we at COCO's grid: where a recall lies on it, the two are a step apart."""
NAMES = {
    ErrorKind.CLASSIFICATION: "Cls",
    ErrorKind.LOCALISATION: "Loc",
    ErrorKind.BOTH: "Both",
    ErrorKind.DUPLICATE: "Dupe",
    ErrorKind.BACKGROUND: "Bkg",
    ErrorKind.MISSED: "Miss",
}
SETS = [
    (seed, variant)
    for variant in ({"images": 200, "classes": 4}, {"images": 150, "classes": 1}, {"images": 200, "integers": True})
    for seed in range(8)
]
"""Where tidecv is well defined: no crowd, whose answers it counts as errors too, no class that is never true, which it
gives an AP of 0, no equal scores, and under 100 answers in an image."""


@pytest.fixture(scope="module")
def judged():
    """Our matches of every set, each with what tidecv says of it."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        pytest.skip("there is no environment with tidecv: make test-peers")
    sets = [made(seed, **variant) for seed, variant in SETS]
    asked = json.dumps([[_as_coco(one.dataset), _results(one.predictions)] for one in sets])
    command = [str(python), "-m", "tests.peers.tide"]
    ran = subprocess.run(command, input=asked, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    assert ran.returncode == 0, ran.stderr
    matches = [match(one.dataset, one.predictions) for one in sets]
    return list(zip(matches, json.loads(ran.stdout), strict=True))


@pytest.mark.parametrize("at", range(len(SETS)))
def test_the_gains_are_those_of_tidecv(judged, at):
    matches, theirs = judged[at]
    errors, whole = find_errors(matches), _ap50(Counted.all_of(matches))
    assert whole == pytest.approx(theirs["ap50"], abs=TOLERANCE)
    for kind, name in NAMES.items():
        gain = max(0.0, _ap50(mended(matches, errors, kind)) - whole)
        assert gain == pytest.approx(theirs["gains"][name], abs=TOLERANCE), name


@pytest.mark.parametrize("at", range(len(SETS)))
def test_the_errors_are_those_of_tidecv_one_by_one(judged, at):
    matches, theirs = judged[at]
    errors = find_errors(matches)
    counts = {name: int(errors.wrong[kind].sum()) for kind, name in NAMES.items() if kind in errors.wrong}
    assert {**counts, "Miss": int(errors.missed.sum())} == theirs["counts"]


def _ap50(counted: Counted) -> float:
    return float(np.nanmean(precision_table(counted)[:, 0]))
