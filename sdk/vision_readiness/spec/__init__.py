"""What *ready* means for one deployment: the specification, read, assumed or written in Python."""

from vision_readiness.spec.assume import assume_spec
from vision_readiness.spec.model import (
    ClassRule,
    ConditionRule,
    DeploymentSpec,
    DeploymentTarget,
    Fallback,
    Monitoring,
    RequirementRule,
)
from vision_readiness.spec.text import read_spec, read_waivers, write_spec

__all__ = [
    "ClassRule",
    "ConditionRule",
    "DeploymentSpec",
    "DeploymentTarget",
    "Fallback",
    "Monitoring",
    "RequirementRule",
    "assume_spec",
    "read_spec",
    "read_waivers",
    "write_spec",
]
