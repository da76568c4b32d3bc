"""INPUT9xx: input that cannot be used. None of these can be waived."""

from __future__ import annotations

from collections.abc import Iterator

from vision_readiness.inspect.facts import DatasetFacts, UnreadableImage
from vision_readiness.policy import Policy
from vision_readiness.project import Split
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.examples import dataset_facts
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall

check = Family(Stage.DATASET).check


@check(
    "INPUT901",
    "unreadable-image",
    severity=Severity.P1,
    unit="images",
    meaning="An image cannot be decoded whole, so it was neither trained on nor judged as it should have been.",
    fix="Replace the files named, or delete them and their annotations.",
    sentence="{measured:count image} cannot be read: {named:list ; }.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    waivable=False,
    trips=lambda: dataset_facts(unreadable=(UnreadableImage("test/a.jpg", Split.TEST, "the file is empty"),)),
    clean=dataset_facts,
)
def unreadable_image(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    images = sum(split.images for split in facts.splits.values())
    if len(facts.unreadable) > policy.max_unreadable_share * images:
        named = tuple(f"{one.image}: {one.because}" for one in facts.unreadable[:3])
        yield Shortfall(
            subject="images",
            measured=len(facts.unreadable),
            limit=0,
            of=images,
            examples=tuple(one.image for one in facts.unreadable[:12]),
            numbers={"named": named},
        )


CHECKS = (unreadable_image,)
