"""The report: a decision and the evidence behind it, laid out for people and machines."""

from vision_readiness.assemble.whole import report_on

__all__ = ["report_on"]
