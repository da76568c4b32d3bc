"""Stop a release from Python: one line raises, and the error carries the report."""

from pathlib import Path

from vision_readiness import Advisor, NotDeployableError, ReadinessState
from vision_readiness_adapters.bundled_projects import BLOCKED, bundled_workspace

report = Advisor.connect(str(bundled_workspace() / BLOCKED)).readiness()
Path("readiness.json").write_text(report.to_json(), encoding="utf-8")

try:
    report.raise_if_not_deployable()
except NotDeployableError as stop:
    print(f"The release stops: {stop}")
    for fix in stop.report.fixes[:3]:
        print(f"  {fix.title}: {fix.rank_because}")

# Or be stricter than deployable, in the words of the states.
if report.readiness_state is not ReadinessState.READY:
    print(f"Not ready but {report.readiness_state}, because of {report.blocked_by}.")
