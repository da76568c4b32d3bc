"""SPEC715 and SPEC716: what the agreement of annotators says about what can be asked."""

from __future__ import annotations

from collections.abc import Iterator

from vision_readiness.policy import Policy
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall
from vision_readiness.reasons.spec_case import SpecCase, changed, sound
from vision_readiness.requirement import Metric
from vision_readiness.spec.capture import Agreement

check = Family(Stage.DEPLOYMENT).check


@check(
    "SPEC715",
    "low-annotator-agreement",
    severity=Severity.P1,
    unit="rate",
    meaning="Annotators disagree so often that the labels teach, and test, ambiguous boundaries.",
    fix="Look at where they disagree, decide those cases in the labelling rules, and label them again.",
    sentence={
        "": "Annotators agree in {measured:percent {limit}}; at least {limit:percent} is asked for.",
        "class": (
            "Annotators agree on `{subject}` in {measured:percent {limit}}; at least {limit:percent} is asked for."
        ),
    },
    owner=Owner.LABELLING,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(agreement=Agreement(measured=0.78)),
    clean=sound,
)
def low_agreement(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    agreement = case.spec.agreement
    if agreement is None:
        return
    measured = {"agreement": agreement.measured, **agreement.of_class}
    for subject, share in measured.items():
        if share is not None and share < agreement.at_least:
            form = "" if subject == "agreement" else "class"
            yield Shortfall(subject=subject, measured=share, limit=agreement.at_least, form=form)


@check(
    "SPEC716",
    "asked-beyond-agreement",
    severity=Severity.P1,
    unit="rate",
    meaning="More is asked of a class than its annotators agree with each other, which no labels can show.",
    fix="Raise the agreement by clearer labelling rules and verified labels, or ask for less.",
    sentence=(
        "A {metric} of {measured:percent} is asked of `{subject}`, and annotators agree in {limit:percent {measured}}."
    ),
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(agreement=Agreement(measured=0.88)),
    clean=sound,
)
def asked_beyond_agreement(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    agreement = case.spec.agreement
    if agreement is None:
        return
    asked: dict[tuple[str, Metric], float] = {}
    for one in case.spec.requirements_for(case.classes):
        if one.label is not None and not one.at_most and one.metric in (Metric.RECALL, Metric.PRECISION):
            key = (one.label, one.metric)
            asked[key] = max(one.limit, asked.get(key, 0.0))
    for (label, metric), limit in asked.items():
        ceiling = agreement.on(label)
        if ceiling is not None and limit > ceiling:
            yield Shortfall(subject=label, measured=limit, limit=ceiling, numbers={"metric": str(metric)})


CHECKS = (low_agreement, asked_beyond_agreement)
