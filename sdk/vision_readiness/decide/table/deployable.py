"""Situations in which a version can be deployed, and those in which nothing can be decided."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from vision_readiness.decide.table.project import Case, a_case, a_spec, a_waiver, without_model
from vision_readiness.decide.table.row import (
    FORKLIFTS,
    OLDER,
    Refusal,
    answering,
    in_the_dataset,
    ready,
    ruled,
    unwatched,
    warned,
)
from vision_readiness.errors import InputError, SpecError
from vision_readiness.project import Task
from vision_readiness.readiness import Action
from vision_readiness.reasons import model, outcomes, production, specification, target
from vision_readiness.reasons.reason import CRASHED
from vision_readiness.spec import DeploymentTarget, Monitoring

UNCRITICAL = {label: rule.model_copy(update={"critical": False}) for label, rule in a_spec().classes.items()}


def _one_class() -> Case:
    evidence = without_model()
    facts = replace(evidence.dataset, task=Task.CLASSIFICATION, classes=("person",))
    return a_case(evidence=replace(evidence, dataset=facts))


DEPLOYABLE = (
    unwatched(
        "Everything required is proven, but the monitoring that the spec requires is not in place",
        Action.ENABLE_MONITORING,
        lambda: a_case(monitoring=Monitoring(required=True)),
        production.monitoring_not_in_place,
    ),
    unwatched(
        "The same, and there are warnings too",
        Action.ENABLE_MONITORING,
        partial(answering, spec={"monitoring": Monitoring(required=True)}, trained_on=None),
        production.monitoring_not_in_place,
        model.training_version_unknown,
    ),
    warned(
        "It is not known which version the model was trained on",
        Action.REVIEW_WARNINGS,
        partial(answering, trained_on=None),
        model.training_version_unknown,
    ),
    warned(
        "The model is older than the version, and everything is proven all the same",
        Action.REVIEW_WARNINGS,
        partial(answering, trained_on=OLDER),
        model.model_older_than_version,
    ),
    warned(
        "It does far better on its training images, and everything required on test is proven all the same",
        Action.REVIEW_WARNINGS,
        lambda: answering(spec=ruled("forklift", min_recall=0.5), missed=FORKLIFTS, about_train=True),
        model.over_fitted,
    ),
    warned(
        "The spec names no device", Action.REVIEW_WARNINGS, partial(a_case, deployment_target=None), target.no_target
    ),
    warned(
        "The spec gives the device no time budget",
        Action.REVIEW_WARNINGS,
        partial(a_case, deployment_target=DeploymentTarget(device="dock-pc")),
        target.no_budget,
    ),
    warned(
        "Nobody approved the spec, for instance because it is assumed",
        Action.REVIEW_WARNINGS,
        partial(a_case, approved_by=None),
        specification.spec_not_approved,
    ),
    warned(
        "A class that is not critical fails",
        Action.REVIEW_WARNINGS,
        partial(answering, missed={"pallet": 60}),
        outcomes.WEAK_CLASS,
    ),
    warned(
        "A class that is not critical is not proven",
        Action.REVIEW_WARNINGS,
        partial(answering, missed={"pallet": 14}),
        outcomes.NOT_PROVEN,
    ),
    warned(
        "A check that can only warn ended in an error of its own",
        Action.REVIEW_WARNINGS,
        lambda: in_the_dataset(lookalikes=(None,)),
        CRASHED,
    ),
    warned(
        "A critical class fails, and a named person accepts that until a day to come",
        Action.REVIEW_WARNINGS,
        partial(answering, a_waiver(outcomes.WEAK_CLASS, "forklift"), missed=FORKLIFTS),
        outcomes.WEAK_CLASS,
    ),
    warned(
        "A named person accepts what only warns",
        Action.REVIEW_WARNINGS,
        partial(answering, a_waiver(model.training_version_unknown, "model.onnx"), trained_on=None),
    ),
    ready("Everything required is proven, and monitoring is in place", Action.DEPLOY_WITH_MONITORING, a_case),
    ready(
        "Everything required is proven, and no monitoring is required",
        Action.DEPLOY,
        partial(a_case, monitoring=Monitoring()),
    ),
    ready(
        "All findings only inform, such as a spec that names no rollback owner",
        Action.DEPLOY_WITH_MONITORING,
        partial(a_case, rollback_owner=None),
        production.no_rollback_owner,
    ),
)

REFUSALS = (
    Refusal("No class is critical, so there is nothing to prove", SpecError, lambda: a_case(classes=UNCRITICAL)),
    Refusal("A classifier has a single class, so it can only be right", InputError, _one_class),
)
