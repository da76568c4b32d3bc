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
        in_test = one.split is Split.TEST and one.images >= policy.max_left_out_share * one.of
        because = f"a format that is not decoded ({one.what})" if one.what else str(one.why)
        sentence = f"{count(one.images, 'picture')} of {one.of:,} in `{one.folder or '.'}` were left out: {because}."
        severity = Severity.P0 if in_test else Severity.P1
        if one.why is WhyLeftOut.UNLISTED:
            severity = Severity.P2
        limit = policy.max_left_out_share * one.of
        yield Shortfall(one.folder or ".", sentence, one.images, limit, one.of, one.examples, severity)


@check(
    "INPUT905",
    "truth-not-known",
    severity=Severity.P1,
    unit="images",
    meaning="It is not known whole what is labelled in some evaluation images, so they are not judged.",
    fix="Label these images, mark them as empty, or mend the annotations that the other findings name.",
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
        is_much = one.split is Split.TEST and one.images >= policy.max_left_out_share * one.of
        if not one.place or (is_much and not _is_whole_lost(facts, policy)):
            place = f"{one.split}, {one.place}" if one.place else str(one.split)
            sentence = f"{count(one.images, 'image')} of {one.of:,} in {place} are not judged: no whole truth."
            severity = Severity.P0 if is_much else Severity.P1
            limit = policy.max_left_out_share * one.of
            yield Shortfall(place, sentence, one.images, limit, one.of, one.examples, severity)


def _is_whole_lost(facts: DatasetFacts, policy: Policy) -> bool:
    whole = next((one for one in facts.untold if one.split is Split.TEST and not one.place), None)
    return whole is not None and whole.images >= policy.max_left_out_share * whole.of


CHECKS = (unreadable_image, pictures_left_out, truth_not_known)
