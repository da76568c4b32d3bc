"""Values of more than four fields are made by name, so that no figure takes another's place."""

import ast
from pathlib import Path

SDK = Path(__file__).parents[1] / "sdk" / "vision_readiness"
MOST_BY_PLACE = 4
BY_PLACE = frozenset(
    {
        "Advisor",
        "Answer",
        "AveragePrecision",
        "CaptureItem",
        "ClassFigures",
        "CoverageCell",
        "Dataset",
        "Evidence",
        "Expectation",
        "Failure",
        "FailureExample",
        "FailureMode",
        "Found",
        "Head",
        "Identity",
        "ImageTable",
        "Interval",
        "KeptThreshold",
        "LatencyFacts",
        "Lookalikes",
        "Measures",
        "ModelCard",
        "Move",
        "ObjectTable",
        "OperatingPoint",
        "OutcomeChange",
        "ParentDelta",
        "Predictions",
        "Preprocessing",
        "ProjectVersion",
        "Question",
        "RateBounds",
        "RateChange",
        "ReportedFigures",
        "Request",
        "Row",
        "ScoreBin",
        "Shift",
        "SliceCost",
        "SliceFigures",
        "SplitFit",
        "Step",
        "StepResult",
        "SweepPoint",
        "Things",
        "ThresholdChoice",
        "Waiver",
        "_Cell",
    }
)
"""Values that are still made by place; the list may only become shorter."""


def values():
    """Each dataclass of the sdk with how many fields it has, and whether they are keyword-only."""
    for path in SDK.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            for decorator in map(ast.unparse, node.decorator_list):
                if decorator.startswith("dataclass"):
                    fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
                    yield node.name, len(fields), "kw_only=True" in decorator


def test_values_of_more_than_four_fields_are_made_by_name():
    by_place = {name for name, fields, by_name in values() if fields > MOST_BY_PLACE and not by_name}
    assert by_place == BY_PLACE
