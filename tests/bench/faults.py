"""Faults injected one at a time into a whole check of a version on Roboflow: ``python -m tests.bench.faults``.

A check reads the version through the client, downloads its export, judges it, and takes along what Roboflow reports
of the model. It has to end in the right report or in one clear error, and the next check, without the fault, in the
right report again.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.adapters.testing.hasty import KEY, Hasty
from tests.bench.tables import table
from tests.small_workspace import NUMBER, PROJECT, WORKSPACE, small_workspace
from vision_readiness.advisor import Advisor
from vision_readiness.errors import ReadinessError
from vision_readiness.project import VersionId
from vision_readiness.report import Report
from vision_readiness.roboflow import RoboflowClient
from vision_readiness.testing import SilentProgress, StillClock
from vision_readiness_adapters.export_download import ExportStore
from vision_readiness_adapters.roboflow_source import RoboflowSource
from vision_readiness_adapters.testing import Behaviour, Fault, FaultKind, Serving, serve

_PROJECT = f"/{WORKSPACE}/{PROJECT}"
_VERSION = f"{_PROJECT}/{NUMBER}"
ENDPOINTS = {
    "versions": Fault(FaultKind.STATUS, _PROJECT),
    "version": Fault(FaultKind.STATUS, _VERSION),
    "export, building": Fault(FaultKind.STATUS, f"{_VERSION}/coco"),
    "export, built": Fault(FaultKind.STATUS, f"{_VERSION}/coco", first=2),
    "link": Fault(FaultKind.STATUS, "/ds/*"),
    "archive": Fault(FaultKind.STATUS, "/_store/*"),
    "trainings": Fault(FaultKind.STATUS, f"{_VERSION}/v2/trainings"),
    "training": Fault(FaultKind.STATUS, f"{_VERSION}/v2/trainings/get"),
    "evaluations": Fault(FaultKind.STATUS, f"/{WORKSPACE}/model-evals"),
    "evaluation": Fault(FaultKind.STATUS, f"/{WORKSPACE}/model-evals/*"),
    "health": Fault(FaultKind.STATUS, f"{_PROJECT}/health"),
}
"""Where a fault can strike, with a fault that strikes there."""

KINDS = {
    "timeout": {"kind": FaultKind.STALL, "seconds": 3.0},
    "reset": {"kind": FaultKind.RESET},
    "429": {"status": 429, "retry_after": "1"},
    "500": {"status": 500},
    "503": {"status": 503},
    "truncated": {"kind": FaultKind.TRUNCATED},
    "cut": {"kind": FaultKind.CUT},
    "HTML": {"kind": FaultKind.HTML},
    "wrong types": {"kind": FaultKind.WRONG_TYPES},
    "redirect": {"kind": FaultKind.REDIRECT},
    "expired": {"kind": FaultKind.EXPIRED},
}
"""What can befall it."""

RIGHT, SAID = "right", "right, and said"
PATIENCE, IMPATIENCE = 30.0, 0.4
FAULTS = {
    (place, kind, lasting): replace(where, **what, times=None if lasting else 1)
    for place, where in ENDPOINTS.items()
    for kind, what in KINDS.items()
    for lasting in (False, True)
}
"""Every fault by endpoint, kind and whether it goes on for ever."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check with a fault ended, and whether the next one without it was right."""

    ended: str
    message: str
    recovered: bool


class Trial:
    """Checks of the version that ``serving`` has, each with a store of its own below ``folder``."""

    def __init__(self, serving: Serving, folder: Path) -> None:
        self.serving, self.folder, self.runs = serving, folder, 0
        self.right = self.check(self._store())
        self.plain = _without_reported(self.right)

    def run(self, fault: Fault) -> Outcome:
        """A check that ``fault`` befalls, and one after it. Anything but an error of the tree is let through."""
        store = self._store()
        seconds = IMPATIENCE if fault.kind is FaultKind.STALL else PATIENCE
        self.serving.fake.reset(Behaviour(faults=(fault,)))
        try:
            report = self.check(store, seconds=seconds)
            ended, message = self._compared(report), ""
        except ReadinessError as error:
            ended, message = type(error).__name__, str(error)
        self.serving.fake.reset()
        return Outcome(ended, message, self.check(store).to_json() == self.right.to_json())

    def check(self, store: ExportStore, *, seconds: float = PATIENCE) -> Report:
        """The report on the newest version."""
        with Hasty(self.serving.url, seconds=seconds) as transport:
            source = RoboflowSource(RoboflowClient(transport), store, VersionId(WORKSPACE, PROJECT, None))
            advisor = Advisor(source, StillClock(), SilentProgress(), where="roboflow")
            return advisor.decide(advisor.gather(source.version()))

    def _compared(self, report: Report) -> str:
        if report.to_json() == self.right.to_json():
            return RIGHT
        return SAID if _without_reported(report) == self.plain else "WRONG REPORT"

    def _store(self) -> ExportStore:
        self.runs += 1
        return ExportStore(self.folder / f"store-{self.runs}")


def _without_reported(report: Report) -> str:
    """The verdict and everything that was measured: all but what Roboflow reports."""
    plain = report.to_dict()
    kept = [plain[name] for name in ("readiness_state", "deployable", "blocked_by", "findings")]
    kept += [plain["data"][name] for name in ("task", "splits")]
    kept += [plain["figures"][name] for name in ("classes", "coverage")]
    return repr((kept, [requirement["outcome"] for requirement in plain["requirements"]]))


@contextmanager
def trial() -> Iterator[Trial]:
    """A trial on a small workspace, with the network of this machine alone."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serve(small_workspace(folder / "workspace"), key=KEY) as serving:
            yield Trial(serving, folder)


def faults_table(trial: Trial) -> tuple[str, list[str]]:
    """The outcome of every fault, as two tables, and the sentences that say what is not as it must be."""
    outcomes = {name: trial.run(fault) for name, fault in FAULTS.items()}
    parts = []
    for lasting in (False, True):
        rows = [[place, *(outcomes[place, kind, lasting].ended for kind in KINDS)] for place in ENDPOINTS]
        often = "Every time" if lasting else "Once"
        parts.append(f"### {often}\n\n{table(['endpoint', *KINDS], rows)}")
    wrong = [
        f"{name}: {outcome}"
        for name, outcome in outcomes.items()
        if not outcome.recovered or outcome.ended == "WRONG REPORT" or KEY in outcome.message
    ]
    return "\n".join(parts), wrong


def main() -> int:
    """Run every fault and print how it ended; 1 when one ended as it must not."""
    with trial() as tried:
        shown, wrong = faults_table(tried)
    print(f"{len(FAULTS)} faults, one at a time, over a whole check.\n\n{shown}")
    print("\n".join(wrong) or "Every check ended in the right report or one clear error; the next one was right.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
