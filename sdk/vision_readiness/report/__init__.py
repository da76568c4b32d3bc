"""The result of a readiness check, its sections and tables, and how long it holds."""

from vision_readiness.report.report import (
    NotDeployableError,
    Report,
    digest_of,
    report_from_dict,
    report_schema,
)
from vision_readiness.report.validity import deployable_on, has_run_out

__all__ = [
    "NotDeployableError",
    "Report",
    "deployable_on",
    "digest_of",
    "has_run_out",
    "report_from_dict",
    "report_schema",
]
