"""SPEC7xx: the specification itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vision_readiness.policy import Policy
from vision_readiness.reasons.reason import Owner, Severity, Shortfall, check
from vision_readiness.spec.model import ClassRule, ConditionRule, DeploymentSpec


@dataclass(frozen=True, slots=True)
class SpecCase:
    """A specification beside the project it is applied to."""

    spec: DeploymentSpec
    project: str
    classes: tuple[str, ...]


def _sound() -> SpecCase:
    spec = DeploymentSpec(
        project="acme/dock",
        approved_by="Neha Kapoor",
        classes={"person": ClassRule(min_recall=0.9, min_precision=0.8)},
        conditions={"lighting": ConditionRule(levels={"day": 0.6, "night": 0.4})},
    )
    return SpecCase(spec, "acme/dock/3", ("person",))


def _changed(**changes: object) -> SpecCase:
    return replace(_sound(), spec=_sound().spec.model_copy(update=changes))


@check(
    "SPEC701",
    "spec-not-approved",
    severity=Severity.P1,
    unit="people",
    meaning="Nobody put a name to what ready means here, so passing it commits nobody.",
    fix="Have the person who answers for the rollout read the spec and fill in `approved_by`.",
    owner=Owner.PRODUCT,
    trips=lambda: _changed(approved_by=None),
    clean=_sound,
)
def spec_not_approved(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    if case.spec.approved_by is None:
        count = len(case.spec.assumptions)
        assumed = f" {count} of its lines are assumed." if count else ""
        yield Shortfall("approved_by", f"Nobody has approved the spec.{assumed}")


@check(
    "SPEC702",
    "unknown-class-in-spec",
    severity=Severity.P1,
    unit="classes",
    meaning="The spec asks for a class that the data set does not have, so nothing can be proven about it.",
    fix="Correct the name in the spec, or label the class.",
    owner=Owner.PRODUCT,
    trips=lambda: _changed(classes={"forklift": ClassRule()}),
    clean=_sound,
)
def unknown_class_in_spec(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    named = [rule.label for rule in case.spec.requirements if rule.label]
    for label in dict.fromkeys((*case.spec.classes, *named)):
        if label not in case.classes:
            yield Shortfall(label, f"The spec asks for `{label}`, which the data set does not have.")


@check(
    "SPEC703",
    "spec-of-another-project",
    severity=Severity.P1,
    unit="projects",
    meaning="The spec was written for another project than the one it is applied to.",
    fix="Use the spec of this project, or correct its `project` line.",
    owner=Owner.PRODUCT,
    trips=lambda: _changed(project="acme/yard"),
    clean=_sound,
)
def spec_of_another_project(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    project = case.spec.project
    if project is not None and not f"/{case.project}/".endswith((f"/{project}/", f"/{project}/{_number(case)}/")):
        yield Shortfall("project", f"The spec is for {project} and is applied to {case.project}.")


def _number(case: SpecCase) -> str:
    return case.project.rpartition("/")[2]


@check(
    "SPEC704",
    "no-conditions",
    severity=Severity.P2,
    unit="conditions",
    meaning="The spec does not say in which conditions the cameras work, so none is asked for.",
    fix="Write them into the spec, such as `conditions: {lighting: {day: 0.6, night: 0.4}}`.",
    owner=Owner.PRODUCT,
    trips=lambda: _changed(conditions={}),
    clean=_sound,
)
def no_conditions(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    if not case.spec.conditions:
        yield Shortfall("conditions", "The spec does not say what the cameras will see.")


@check(
    "SPEC705",
    "class-not-in-spec",
    severity=Severity.P2,
    unit="classes",
    meaning="A class of the data set is not in the spec; it is taken as critical with the default floors.",
    fix="Add the class to the spec, with floors of its own or `critical: false`.",
    owner=Owner.PRODUCT,
    trips=lambda: replace(_sound(), classes=("person", "forklift")),
    clean=_sound,
)
def class_not_in_spec(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    for label in case.classes:
        if label not in case.spec.classes:
            yield Shortfall(label, f"The spec does not mention `{label}`.")


CHECKS = (spec_not_approved, unknown_class_in_spec, spec_of_another_project, no_conditions, class_not_in_spec)
