"""SPLIT3xx: splits, leakage and augmentation."""

from __future__ import annotations

from collections.abc import Iterator

from vision_readiness.inspect.facts import DatasetFacts, Leak, Lookalikes
from vision_readiness.policy import Policy
from vision_readiness.project import Split
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.examples import dataset_facts, dataset_splits, split_facts
from vision_readiness.reasons.outcomes import NO_IMAGES, NOT_PROVEN
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall

check = Family(Stage.DATASET).check


def _without(split: Split) -> DatasetFacts:
    return dataset_facts(splits={name: facts for name, facts in dataset_facts().splits.items() if name is not split})


@check(
    "SPLIT301",
    "no-test-split",
    severity=Severity.P1,
    unit="images",
    meaning="There are no test images, so nothing can be proven about the model.",
    fix="Make a version with a test split of images that were never trained on.",
    sentence="The data set has no test images.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    trips=lambda: _without(Split.TEST),
    clean=dataset_facts,
)
def no_test_split(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    test = facts.splits.get(Split.TEST)
    if test is None or not test.images:
        yield Shortfall(subject="test", measured=0, limit=1)


@check(
    "SPLIT302",
    "source-in-two-splits",
    severity=Severity.P0,
    unit="images",
    meaning="Copies of one source image are in train and in an evaluation split, so the score is partly memory.",
    fix="Split by source image before augmenting, generate a new version, and train on that.",
    sentence="{measured} of {of} {split} images are in {other} too, as copies of one source.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    explains=(NOT_PROVEN.code, NO_IMAGES.code, "SPLIT303"),
    headline="The test images were partly trained on",
    waivable=False,
    trips=lambda: dataset_facts(
        leaks=(Leak(split=Split.TEST, other=Split.TRAIN, images=60, of=200, examples=("test/a.jpg",)),)
    ),
    clean=dataset_facts,
)
def source_in_two_splits(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    for leak in facts.leaks:
        if leak.images:
            yield Shortfall(
                subject=f"{leak.split} and {leak.other}",
                measured=leak.images,
                limit=0,
                of=leak.of,
                examples=leak.examples,
                severity=Severity.P0 if leak.split is Split.TEST else Severity.P1,
                numbers={"split": str(leak.split), "other": str(leak.other)},
            )


@check(
    "SPLIT303",
    "looks-like-training",
    severity=Severity.P1,
    unit="images",
    meaning="Evaluation images look nearly the same as training images, as frames of one video do.",
    fix="Split by scene, camera or recording, so that test holds places and moments that were not trained on.",
    sentence={
        "": "{measured} of {of} {subject} images look like a training image.",
        "fixed scene": "{measured} of {of} {subject} images look like a training image. It is one fixed scene.",
    },
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    waivable=False,
    trips=lambda: dataset_facts(
        lookalikes=(Lookalikes(Split.TEST, Split.TRAIN, 107, 200, (("test/b.jpg", "train/a.jpg"),)),)
    ),
    clean=dataset_facts,
)
def looks_like_training(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    for alike in facts.lookalikes:
        if alike.other is Split.TRAIN and alike.images > policy.max_lookalike_share * alike.of:
            yield Shortfall(
                subject=alike.split,
                measured=alike.images,
                limit=policy.max_lookalike_share * alike.of,
                of=alike.of,
                examples=tuple(f"{image} ~ {other}" for image, other in alike.examples),
                form="fixed scene" if facts.fixed_scene else "",
            )


@check(
    "SPLIT304",
    "no-valid-split",
    severity=Severity.P1,
    unit="images",
    meaning="There are too few validation images, so thresholds have to be chosen on halves of the test images.",
    fix="Make a version with a validation split.",
    sentence="Thresholds have to be chosen on {measured:count validation image}.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    trips=lambda: _without(Split.VALID),
    clean=dataset_facts,
)
def no_valid_split(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    valid = facts.splits.get(Split.VALID)
    images = valid.images if valid else 0
    if images < policy.min_valid_images:
        yield Shortfall(subject="valid", measured=images, limit=policy.min_valid_images)


@check(
    "SPLIT305",
    "small-test-split",
    severity=Severity.P1,
    unit="images",
    meaning="The test split is so small that only very large effects can be seen in it.",
    fix="Move or label more images into test; the capture plan says how many each requirement needs.",
    sentence="Test has {measured:count source image}; under {limit} little can be shown.",
    owner=Owner.DATA,
    action=Action.COLLECT_DATA,
    trips=lambda: dataset_splits(test=split_facts(20, 20)),
    clean=dataset_facts,
)
def small_test_split(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    test = facts.splits.get(Split.TEST)
    if test and 0 < test.sources < policy.min_test_images:
        yield Shortfall(subject="test", measured=test.sources, limit=policy.min_test_images)


@check(
    "SPLIT306",
    "class-missing-from-split",
    severity=Severity.P1,
    unit="objects",
    meaning="A class is labelled in one of train and test and missing from the other.",
    fix="Split again so that each class stands in train and in test.",
    sentence="`{subject}` is not in the {split} split.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    trips=lambda: dataset_splits(test=split_facts(200, 210, objects={"helmet": 0, "person": 210})),
    clean=dataset_facts,
)
def class_missing_from_split(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    train, test = facts.splits.get(Split.TRAIN), facts.splits.get(Split.TEST)
    if not (train and test and train.images and test.images):
        return
    for label in facts.classes:
        for here, there, split in ((train, test, Split.TEST), (test, train, Split.TRAIN)):
            if here.objects[label] and not there.objects[label]:
                yield Shortfall(subject=label, measured=0, limit=1, numbers={"split": str(split)})


@check(
    "SPLIT307",
    "augmented-evaluation-images",
    severity=Severity.P2,
    unit="images",
    meaning="An evaluation split holds several copies of its source images; copies are not counted as evidence.",
    fix="Augment the training split only.",
    sentence="The {measured} {subject} images come from {limit:count source image}.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    trips=lambda: dataset_splits(test=split_facts(200, 210, sources=100)),
    clean=dataset_facts,
)
def augmented_evaluation_images(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    for name in (Split.VALID, Split.TEST):
        split = facts.splits.get(name)
        if split and split.sources < split.images:
            yield Shortfall(subject=name, measured=split.images, limit=split.sources)


CHECKS = (
    no_test_split,
    source_in_two_splits,
    looks_like_training,
    no_valid_split,
    small_test_split,
    class_missing_from_split,
    augmented_evaluation_images,
)
