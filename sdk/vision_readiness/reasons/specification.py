"""SPEC7xx: the specification itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from vision_readiness.policy import Policy
from vision_readiness.project.months import SEASON
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons import label_noise, spec_paragraphs
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall
from vision_readiness.reasons.spec_case import SpecCase, changed, sound
from vision_readiness.spec.capture import CAMERA, UNSEEN
from vision_readiness.spec.model import ClassRule
from vision_readiness.spec.operation import OutputContract

check = Family(Stage.DEPLOYMENT).check


@check(
    "SPEC701",
    "spec-not-approved",
    severity=Severity.P1,
    unit="people",
    meaning="Nobody put a name to what ready means here, so passing it commits nobody.",
    fix="Have the person who answers for the rollout read the spec and fill in `approved_by`.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(approved_by=None),
    clean=sound,
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
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(classes={**sound().spec.classes, "forklift": ClassRule()}),
    clean=sound,
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
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(project="acme/yard"),
    clean=sound,
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
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(conditions={}),
    clean=sound,
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
    action=Action.REVIEW_WARNINGS,
    trips=lambda: replace(sound(), classes=("person", "forklift")),
    clean=sound,
)
def class_not_in_spec(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    for label in case.classes:
        if label not in case.spec.classes:
            yield Shortfall(label, f"The spec does not mention `{label}`.")


@check(
    "SPEC717",
    "refresh-overdue",
    severity=Severity.P1,
    unit="seasons",
    meaning="The day has passed by which the data set was to be refreshed, so it may no longer be what cameras see.",
    fix="Collect and label images of the season, then write the next day into `seasons`.",
    owner=Owner.DATA,
    action=Action.COLLECT_DATA,
    trips=lambda: replace(sound(), as_of=date(2026, 11, 2)),
    clean=sound,
)
def refresh_overdue(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    for season in case.spec.overdue(case.as_of) if case.as_of else ():
        due = case.spec.seasons[season].refresh_by
        yield Shortfall(season, f"The data set was to be refreshed for `{season}` by {due}.")


@check(
    "SPEC718",
    "thresholds-against-contract",
    severity=Severity.P1,
    unit="thresholds",
    meaning="The output contract promises one threshold for all classes, and the spec does not fix one.",
    fix="Write the same `threshold` for every class, or `thresholds: per_class` into the contract.",
    owner=Owner.DEPLOYMENT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(output=OutputContract(thresholds="fixed")),
    clean=sound,
)
def thresholds_against_contract(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    thresholds = {case.spec.rule(label).fixed_threshold for label in case.classes}
    if case.spec.output and case.spec.output.thresholds == "fixed" and (None in thresholds or len(thresholds) > 1):
        written = ", ".join(f"{one:g}" for one in sorted(one for one in thresholds if one is not None))
        said = f"writes {written}" if written else "leaves them to be chosen per class"
        yield Shortfall("output.thresholds", f"The contract promises one threshold; the spec {said}.")


@check(
    "SPEC721",
    "no-unseen-camera",
    severity=Severity.P2,
    unit="cameras",
    meaning="Nobody said which cameras it is for, and every camera of the test images took training images too.",
    fix="Name the cameras as `conditions: {camera: […]}`; or keep some out of train, and ask for `camera: unseen`.",
    owner=Owner.DATA,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: replace(sound(), cameras=(3, 0)),
    clean=sound,
)
def no_unseen_camera(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    (tested, new), spec = case.cameras, case.spec
    listed = CAMERA in spec.conditions and f"conditions.{CAMERA}" not in spec.assumptions
    asked = any(rule.where.get(CAMERA) == UNSEEN for rule in spec.requirements)
    if tested and not new and not listed and not asked:
        cameras = "The only camera" if tested == 1 else f"Each of the {tested} cameras"
        sentence = f"{cameras} of the test images took training images too; how a new one would do is not known."
        yield Shortfall(CAMERA, sentence, new, 1, tested)


@check(
    "SPEC722",
    "season-without-months",
    severity=Severity.P2,
    unit="seasons",
    meaning="It is known in which month images were taken, and not which months a season of the spec means.",
    fix="Write them, such as `seasons: {winter: {months: [12, 1, 2]}}`: then each critical class is asked about there.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: replace(sound(), months=("June",)),
    clean=sound,
)
def season_without_months(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    declared = case.spec.conditions[SEASON].levels if SEASON in case.spec.conditions else {}
    for name, season in case.spec.seasons.items() if case.months else ():
        if not season.months and name not in declared:
            taken = ", ".join(case.months)
            yield Shortfall(name, f"The test images were taken in {taken}; which months `{name}` means is not said.")


CHECKS = (
    spec_not_approved,
    unknown_class_in_spec,
    spec_of_another_project,
    no_conditions,
    class_not_in_spec,
    refresh_overdue,
    thresholds_against_contract,
    no_unseen_camera,
    season_without_months,
    *spec_paragraphs.CHECKS,
    *label_noise.CHECKS,
)
