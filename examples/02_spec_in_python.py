"""Write the specification as values, judge by it, and keep it as YAML for others to read and sign."""

from vision_readiness import (
    Advisor,
    ClassRule,
    ConditionRule,
    DeploymentSpec,
    DeploymentTarget,
    Metric,
    RequirementRule,
    write_spec,
)
from vision_readiness_adapters.bundled_projects import READY, bundled_workspace

spec = DeploymentSpec(
    project="acme/dock-packages",
    approved_by="Neha Kapoor",
    classes={
        "person": ClassRule(min_recall=0.90, min_precision=0.80),
        "package": ClassRule(min_recall=0.80),
        "pallet": ClassRule(critical=False, min_recall=0.70),
    },
    requirements=(
        # No amount of recall by day makes up for the night: ask for it by name.
        RequirementRule(metric=Metric.RECALL, at_least=0.90, label="person", where={"lighting": "night"}),
    ),
    conditions={"lighting": ConditionRule(levels={"day": 0.6, "night": 0.4})},
    deployment_target=DeploymentTarget(device="this-machine", kind="edge", p95_ms=500),
)

report = Advisor.connect(str(bundled_workspace() / READY)).readiness(spec=spec)

print(write_spec(spec))
print(f"{report.readiness_state}: {report.headline}")
for finding in report.findings:
    print(f"{finding.severity} {finding.code}: {finding.sentence}")
