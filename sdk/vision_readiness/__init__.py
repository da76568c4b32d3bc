"""Says whether a vision model is ready to ship to its cameras and device, and if not, what to do next.

>>> from vision_readiness import Advisor, ReadinessState
>>> [str(state) for state in ReadinessState if state.deployable]
['ready', 'warning', 'monitor_required']

Everything here is loaded on first use, so that importing the package costs nothing. Ports are in ``ports``, the values
of a data set in ``project``, stand-ins for tests in ``testing``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_readiness.advisor import Advisor
    from vision_readiness.errors import InputError, NotDeployableError, ReadinessError, SourceError, SpecError
    from vision_readiness.evidence import Evidence
    from vision_readiness.policy import Policy
    from vision_readiness.readiness import Action, BlockedBy, ReadinessState
    from vision_readiness.reasons import explain
    from vision_readiness.reasons.reason import Waiver
    from vision_readiness.report import Report, report_schema
    from vision_readiness.report.lay_out import report_on
    from vision_readiness.requirement import Metric, Outcome
    from vision_readiness.spec import (
        ClassRule,
        ConditionRule,
        DeploymentSpec,
        DeploymentTarget,
        Fallback,
        Monitoring,
        RequirementRule,
        ThresholdRule,
        read_spec,
        read_waivers,
        write_spec,
    )
else:  # a type checker that saw __getattr__ would take any name for right

    def __getattr__(name: str) -> object:
        """A public name, from the module that holds it."""
        import importlib

        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


_HOME = {
    "Action": "readiness",
    "Advisor": "advisor",
    "BlockedBy": "readiness",
    "ClassRule": "spec",
    "ConditionRule": "spec",
    "DeploymentSpec": "spec",
    "DeploymentTarget": "spec",
    "Evidence": "evidence",
    "Fallback": "spec",
    "InputError": "errors",
    "Metric": "requirement",
    "Monitoring": "spec",
    "NotDeployableError": "errors",
    "Outcome": "requirement",
    "Policy": "policy",
    "ReadinessError": "errors",
    "ReadinessState": "readiness",
    "Report": "report",
    "RequirementRule": "spec",
    "ThresholdRule": "spec",
    "SourceError": "errors",
    "SpecError": "errors",
    "Waiver": "reasons.reason",
    "explain": "reasons",
    "read_spec": "spec",
    "read_waivers": "spec",
    "report_on": "report.lay_out",
    "report_schema": "report",
    "write_spec": "spec",
}

__all__ = [
    "Action",
    "Advisor",
    "BlockedBy",
    "ClassRule",
    "ConditionRule",
    "DeploymentSpec",
    "DeploymentTarget",
    "Evidence",
    "Fallback",
    "InputError",
    "Metric",
    "Monitoring",
    "NotDeployableError",
    "Outcome",
    "Policy",
    "ReadinessError",
    "ReadinessState",
    "Report",
    "RequirementRule",
    "SourceError",
    "SpecError",
    "ThresholdRule",
    "Waiver",
    "explain",
    "read_spec",
    "read_waivers",
    "report_on",
    "report_schema",
    "write_spec",
]
