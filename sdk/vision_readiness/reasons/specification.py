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
    sentence={
        "": "Nobody has approved the spec.",
        "assumed": "Nobody has approved the spec. {assumed} of its lines are assumed.",
    },
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(approved_by=None),
    clean=sound,
)
def spec_not_approved(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    if case.spec.approved_by is None:
        assumed = len(case.spec.assumptions)
        if assumed:
            yield Shortfall(subject="approved_by", numbers={"assumed": assumed}, form="assumed")
        else:
            yield Shortfall(subject="approved_by")


@check(
    "SPEC702",
    "unknown-class-in-spec",
    severity=Severity.P1,
    unit="classes",
    meaning="The spec asks for a class that the data set does not have, so nothing can be proven about it.",
    fix="Correct the name in the spec, or label the class.",
    sentence="The spec asks for `{subject}`, which the data set does not have.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(classes={**sound().spec.classes, "forklift": ClassRule()}),
    clean=sound,
)
def unknown_class_in_spec(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    named = [rule.label for rule in case.spec.requirements if rule.label]
    for label in dict.fromkeys((*case.spec.classes, *named)):
        if label not in case.classes:
            yield Shortfall(subject=label)


@check(
    "SPEC703",
    "spec-of-another-project",
    severity=Severity.P1,
    unit="projects",
    meaning="The spec was written for another project than the one it is applied to.",
    fix="Use the spec of this project, or correct its `project` line.",
    sentence="The spec is for {written_for} and is applied to {applied_to}.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(project="acme/yard"),
    clean=sound,
)
def spec_of_another_project(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    project = case.spec.project
    if project is not None and not f"/{case.project}/".endswith((f"/{project}/", f"/{project}/{_number(case)}/")):
        yield Shortfall(subject="project", numbers={"written_for": project, "applied_to": case.project})


def _number(case: SpecCase) -> str:
    return case.project.rpartition("/")[2]


@check(
    "SPEC704",
    "no-conditions",
    severity=Severity.P2,
    unit="conditions",
    meaning="The spec does not say in which conditions the cameras work, so none is asked for.",
    fix="Write them into the spec, such as `conditions: {lighting: {day: 0.6, night: 0.4}}`.",
    sentence="The spec does not say what the cameras will see.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(conditions={}),
    clean=sound,
)
def no_conditions(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    if not case.spec.conditions:
        yield Shortfall(subject="conditions")


@check(
    "SPEC705",
    "class-not-in-spec",
    severity=Severity.P2,
    unit="classes",
    meaning="A class of the data set is not in the spec; it is taken as critical with the default floors.",
    fix="Add the class to the spec, with floors of its own or `critical: false`.",
    sentence="The spec does not mention `{subject}`.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: replace(sound(), classes=("person", "forklift")),
    clean=sound,
)
def class_not_in_spec(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    for label in case.classes:
        if label not in case.spec.classes:
            yield Shortfall(subject=label)


@check(
    "SPEC717",
    "refresh-overdue",
    severity=Severity.P1,
    unit="seasons",
    meaning="The day has passed by which the data set was to be refreshed, so it may no longer be what cameras see.",
    fix="Collect and label images of the season, then write the next day into `seasons`.",
    sentence="The data set was to be refreshed for `{subject}` by {due}.",
    owner=Owner.DATA,
    action=Action.COLLECT_DATA,
    trips=lambda: replace(sound(), as_of=date(2026, 11, 2)),
    clean=sound,
)
def refresh_overdue(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    for season in case.spec.overdue(case.as_of) if case.as_of else ():
        yield Shortfall(subject=season, numbers={"due": str(case.spec.seasons[season].refresh_by)})


@check(
    "SPEC718",
    "thresholds-against-contract",
    severity=Severity.P1,
    unit="thresholds",
    meaning="The output contract promises one threshold for all classes, and the spec does not fix one.",
    fix="Write the same `threshold` for every class, or `thresholds: per_class` into the contract.",
    sentence={
        "": "The contract promises one threshold; the spec leaves them to be chosen per class.",
        "written": "The contract promises one threshold; the spec writes {written:list}.",
    },
    owner=Owner.DEPLOYMENT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(output=OutputContract(thresholds="fixed")),
    clean=sound,
)
def thresholds_against_contract(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    thresholds = {case.spec.rule(label).fixed_threshold for label in case.classes}
    if case.spec.output and case.spec.output.thresholds == "fixed" and (None in thresholds or len(thresholds) > 1):
        written = tuple(f"{one:g}" for one in sorted(one for one in thresholds if one is not None))
        if written:
            yield Shortfall(subject="output.thresholds", numbers={"written": written}, form="written")
        else:
            yield Shortfall(subject="output.thresholds")


OF_TRAIN = "of the test images took training images too; how a new one would do is not known."


@check(
    "SPEC721",
    "no-unseen-camera",
    severity=Severity.P2,
    unit="cameras",
    meaning="Nobody said which cameras it is for, and every camera of the test images took training images too.",
    fix="Name the cameras as `conditions: {camera: […]}`; or keep some out of train, and ask for `camera: unseen`.",
    sentence={
        "one": f"The only camera {OF_TRAIN}",
        "each": f"Each of the {{of}} cameras {OF_TRAIN}",
    },
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
        yield Shortfall(subject=CAMERA, measured=new, limit=1, of=tested, form="one" if tested == 1 else "each")


@check(
    "SPEC722",
    "season-without-months",
    severity=Severity.P2,
    unit="seasons",
    meaning="It is known in which month images were taken, and not which months a season of the spec means.",
    fix="Write them, such as `seasons: {winter: {months: [12, 1, 2]}}`: then each critical class is asked about there.",
    sentence="The test images were taken in {months:list}; which months `{subject}` means is not said.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: replace(sound(), months=("June",)),
    clean=sound,
)
def season_without_months(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    declared = case.spec.conditions[SEASON].levels if SEASON in case.spec.conditions else {}
    for name, season in case.spec.seasons.items() if case.months else ():
        if not season.months and name not in declared:
            yield Shortfall(subject=name, numbers={"months": case.months})


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
