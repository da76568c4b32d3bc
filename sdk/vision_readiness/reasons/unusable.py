"""INPUT9xx: input that cannot be used. None of these can be waived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vision_readiness.inspect.facts import DatasetFacts, UnreadableImage, Untold
from vision_readiness.policy import Policy
from vision_readiness.project import LeftOut, Split, WhyLeftOut
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


def _left_out(**changes: Any) -> DatasetFacts:
    fact = LeftOut(
        why=WhyLeftOut.FORMAT,
        folder="test",
        images=40,
        of=200,
        examples=("test/a.heic",),
        split=Split.TEST,
        what="HEIC",
    )
    return dataset_facts(left_out=(replace(fact, **changes),))


@check(
    "INPUT904",
    "pictures-left-out",
    severity=Severity.P1,
    unit="images",
    meaning="Pictures lie in the folder and were not read, so nothing is known of what they show.",
    fix="Convert them to JPEG or PNG, or name them in a split and its annotations; or take them out of the folder.",
    sentence={
        "": "{measured:count picture} of {of:,} in `{subject}` were left out: {why}.",
        "format": "{measured:count picture} of {of:,} in `{subject}` were left out: {what} is not decoded.",
    },
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    headline="Pictures of {subject} were not read",
    waivable=False,
    lacks_proof=True,
    trips=_left_out,
    clean=dataset_facts,
)
def pictures_left_out(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    for one in facts.left_out:
        limit = policy.max_left_out_share * one.of
        severity = Severity.P0 if one.split is Split.TEST and one.images >= limit else Severity.P1
        is_format = one.why is WhyLeftOut.FORMAT
        yield Shortfall(
            subject=one.folder or ".",
            measured=one.images,
            limit=limit,
            of=one.of,
            examples=one.examples,
            severity=Severity.P2 if one.why is WhyLeftOut.UNLISTED else severity,
            form="format" if is_format else "",
            numbers={"what": one.what} if is_format else {"why": str(one.why)},
        )


@check(
    "INPUT905",
    "truth-not-known",
    severity=Severity.P1,
    unit="images",
    meaning="It is not known whole what is labelled in some evaluation images, so they are not judged.",
    fix="Label these images, mark them as empty, or mend the annotations that the other findings name.",
    sentence="{measured:count image} of {of:,} in {subject} are not judged: their truth is not known whole.",
    owner=Owner.LABELLING,
    action=Action.LABEL_MORE,
    headline="What is labelled in {subject} is not known",
    waivable=False,
    lacks_proof=True,
    trips=lambda: dataset_facts(untold=(Untold(split=Split.TEST, place="", images=30, of=200, examples=("a.jpg",)),)),
    clean=dataset_facts,
)
def truth_not_known(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    """The whole split, and any place of test that lost more than its share although the split did not."""
    for one in facts.untold:
        limit = policy.max_left_out_share * one.of
        is_much = one.split is Split.TEST and one.images >= limit
        if not one.place or (is_much and not _is_whole_lost(facts, policy)):
            yield Shortfall(
                subject=f"{one.split}, {one.place}" if one.place else str(one.split),
                measured=one.images,
                limit=limit,
                of=one.of,
                examples=one.examples,
                severity=Severity.P0 if is_much else Severity.P1,
            )


def _is_whole_lost(facts: DatasetFacts, policy: Policy) -> bool:
    whole = next((one for one in facts.untold if one.split is Split.TEST and not one.place), None)
    return whole is not None and whole.images >= policy.max_left_out_share * whole.of


CHECKS = (unreadable_image, pictures_left_out, truth_not_known)
