"""The result of a readiness check, and the tables in it."""

from vision_readiness.report.report import (
    NotDeployableError,
    Report,
    digest_of,
    report_from_dict,
    report_schema,
)

__all__ = [
    "NotDeployableError",
    "Report",
    "digest_of",
    "report_from_dict",
    "report_schema",
]
