"""What *ready* means for one deployment: the specification, read, assumed or written in Python."""

from vision_readiness.spec.assume import assume_spec
from vision_readiness.spec.capture import Agreement, CameraProfile, DataPolicy, ImageSet, Season
from vision_readiness.spec.model import ClassRule, ConditionRule, DeploymentSpec, RequirementRule, ThresholdRule
from vision_readiness.spec.operation import DeploymentTarget, Fallback, Monitoring, OutputContract, Rollout
from vision_readiness.spec.text import read_spec, read_waivers, write_spec

__all__ = [
    "Agreement",
    "CameraProfile",
    "ClassRule",
    "ConditionRule",
    "DataPolicy",
    "DeploymentSpec",
    "DeploymentTarget",
    "Fallback",
    "ImageSet",
    "Monitoring",
    "OutputContract",
    "RequirementRule",
    "Rollout",
    "Season",
    "ThresholdRule",
    "assume_spec",
    "read_spec",
    "read_waivers",
    "write_spec",
]
