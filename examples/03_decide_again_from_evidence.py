"""Look once, decide often: keep the evidence, then ask what other floors would have meant, opening no image."""

from pathlib import Path

from vision_readiness import Advisor, ClassRule, Evidence
from vision_readiness_adapters.bundled_projects import BLOCKED, bundled_workspace
from vision_readiness_adapters.spec_file import open_spec

folder = bundled_workspace() / BLOCKED
advisor = Advisor.connect(str(folder))

evidence = advisor.gather(advisor.source.version())
Path("evidence.zip").write_bytes(evidence.to_bytes())

kept = Evidence.from_bytes(Path("evidence.zip").read_bytes())
spec = open_spec(folder / "spec.yaml")
print(f"as agreed: {advisor.decide(kept, spec=spec).headline}")

for floor in (0.85, 0.70, 0.55, 0.40):
    forklift = ClassRule(min_recall=floor, min_precision=floor)
    asked = spec.model_copy(update={"classes": {**spec.classes, "forklift": forklift}})
    report = advisor.decide(kept, spec=asked)
    print(f"forklift at {floor:.0%}: {report.readiness_state}, {report.headline}")
