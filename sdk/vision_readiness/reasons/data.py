"""DATA1xx: images, balance and coverage."""

from __future__ import annotations

from collections.abc import Iterator

from vision_readiness.inspect.facts import DatasetFacts, DuplicateGroup, ImageQuality, UnreadableImage
from vision_readiness.policy import Policy
from vision_readiness.project import Split
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.examples import dataset_facts, dataset_splits, split_facts
from vision_readiness.reasons.reason import Family, Owner, Severity, Shortfall

check = Family(Stage.DATASET).check


@check(
    "DATA101",
    "few-training-objects",
    severity=Severity.P1,
    unit="objects",
    meaning="A class has so few labelled training objects that the model can hardly have learned it.",
    fix="Label more training images of the class, first in the conditions where it is missed.",
    sentence="`{subject}` has {measured:count training object}; at least {limit} are needed.",
    owner=Owner.DATA,
    action=Action.COLLECT_DATA,
    trips=lambda: dataset_splits(train=split_facts(800, 900, objects={"helmet": 3, "person": 900})),
    clean=dataset_facts,
)
def few_training_objects(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    train = facts.splits.get(Split.TRAIN)
    for label, count in train.objects.items() if train else ():
        if 0 < count < policy.few_training_objects:
            yield Shortfall(subject=label, measured=count, limit=policy.few_training_objects)


@check(
    "DATA102",
    "class-imbalance",
    severity=Severity.P1,
    unit="times",
    meaning="The most labelled class outnumbers another by so much that training may sacrifice the rare one.",
    fix="Label more of the rare class, or rebalance sampling, and look at its own recall.",
    sentence="`{most}` has {measured:.0f} times as many training objects as `{subject}` ({most_objects} to {objects}).",
    owner=Owner.DATA,
    action=Action.COLLECT_DATA,
    trips=lambda: dataset_splits(train=split_facts(800, 900, objects={"helmet": 120, "person": 9000})),
    clean=dataset_facts,
)
def class_imbalance(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    train = facts.splits.get(Split.TRAIN)
    counts = {label: count for label, count in train.objects.items() if count} if train else {}
    if not counts:
        return
    most = max(counts, key=lambda label: counts[label])
    for label, count in counts.items():
        ratio = counts[most] / count
        if ratio > policy.max_class_imbalance:
            yield Shortfall(
                subject=label,
                measured=ratio,
                limit=policy.max_class_imbalance,
                numbers={"most": most, "most_objects": counts[most], "objects": count},
            )


@check(
    "DATA103",
    "class-without-labels",
    severity=Severity.P1,
    unit="objects",
    meaning="The class list names a class of which nothing is labelled anywhere.",
    fix="Label the class, or take it out of the class list before training.",
    sentence="Nothing is labelled `{subject}` in any split.",
    owner=Owner.LABELLING,
    action=Action.LABEL_MORE,
    trips=lambda: dataset_splits(
        train=split_facts(800, 900, objects={"helmet": 0, "person": 900}),
        valid=split_facts(200, 220, objects={"helmet": 0, "person": 220}),
        test=split_facts(200, 210, objects={"helmet": 0, "person": 210}),
    ),
    clean=dataset_facts,
)
def class_without_labels(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    for label in facts.classes:
        if not any(split.objects[label] for split in facts.splits.values()):
            yield Shortfall(subject=label, measured=0, limit=1)


@check(
    "DATA104",
    "unfit-images",
    severity=Severity.P1,
    unit="images",
    meaning="Many images are so dark, overexposed or flat that people and models can see little in them.",
    fix="Look at the examples: mend the camera's exposure, or keep them as the condition they are and tag them.",
    sentence="{measured} of {of} images are {subject}.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    trips=lambda: dataset_facts(quality=ImageQuality(90, 0, 0, {"dark": ("a.jpg",)})),
    clean=dataset_facts,
)
def unfit_images(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    images = sum(split.images for split in facts.splits.values())
    kinds = {"dark": facts.quality.dark, "overexposed": facts.quality.overexposed, "flat": facts.quality.flat}
    for kind, count in kinds.items():
        if count > policy.max_poor_quality_share * images:
            examples = tuple(facts.quality.examples.get(kind, ()))
            limit = policy.max_poor_quality_share * images
            yield Shortfall(subject=kind, measured=count, limit=limit, of=images, examples=examples)


@check(
    "DATA105",
    "duplicate-images",
    severity=Severity.P1,
    unit="groups",
    meaning="The same file stands in the data set more than once under different names.",
    fix="Keep one of each group; copies add weight to one scene and no evidence.",
    sentence="{measured:count file stands|files stand} in the data set more than once: {examples:first}.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    trips=lambda: dataset_facts(duplicates=(DuplicateGroup(("a.jpg", "b.jpg"), (Split.TRAIN, Split.TRAIN)),)),
    clean=dataset_facts,
)
def duplicate_images(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    count = len(facts.duplicates)
    if count:
        pairs = tuple(" = ".join(group.images) for group in facts.duplicates[:12])
        yield Shortfall(subject="images", measured=count, limit=0, examples=pairs)


@check(
    "DATA106",
    "mostly-empty-images",
    severity=Severity.P2,
    unit="images",
    meaning="Most training images hold no object at all.",
    fix="Make sure that they are meant as background and not simply unlabelled.",
    sentence="{measured} of {of} training images have no object in them.",
    owner=Owner.LABELLING,
    action=Action.FIX_DATASET,
    trips=lambda: dataset_splits(train=split_facts(800, 900, empty_images=700)),
    clean=dataset_facts,
)
def mostly_empty_images(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    train = facts.splits.get(Split.TRAIN)
    if train and train.empty_images > policy.max_empty_share * train.images:
        limit = policy.max_empty_share * train.images
        yield Shortfall(subject="train", measured=train.empty_images, limit=limit, of=train.images)


@check(
    "DATA107",
    "wrong-image-size",
    severity=Severity.P1,
    unit="images",
    meaning="Images are of another size than their annotations say, so the boxes lie elsewhere than intended.",
    fix="Export the version again, or redo the step that resized or rotated the images after labelling.",
    sentence="{measured:count image is|images are} not of the size the annotations say: {examples:first}.",
    owner=Owner.DATA,
    action=Action.FIX_DATASET,
    trips=lambda: dataset_facts(wrong_size=(UnreadableImage("a.jpg", Split.TEST, "is 320x240, declared 640x480"),)),
    clean=dataset_facts,
)
def wrong_image_size(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    wrong = facts.wrong_size
    if wrong:
        named = tuple(f"{image.image} {image.because}" for image in wrong[:12])
        yield Shortfall(subject="images", measured=len(wrong), limit=0, examples=named)


CHECKS = (
    few_training_objects,
    class_imbalance,
    class_without_labels,
    unfit_images,
    duplicate_images,
    mostly_empty_images,
    wrong_image_size,
)
