"""Is the model beside this export ready? Give a folder, or see the bundled project that is.

python examples/01_check_an_export.py [FOLDER]
"""

import sys

from vision_readiness import Advisor
from vision_readiness_adapters.bundled_projects import READY, bundled_workspace

folder = sys.argv[1] if len(sys.argv) > 1 else str(bundled_workspace() / READY)

# A spec.yaml and a model.onnx beside the data are used; name others with spec=... and model=...
report = Advisor.connect(folder).readiness()

print(report)
for result in report.requirements[:3]:
    print(f"{result.outcome:<12}  {result.because}")
