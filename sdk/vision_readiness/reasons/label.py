"""LABEL2xx: the annotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vision_readiness.inspect.facts import BoxFault, DatasetFacts, DefectFacts, FaultyBox, FaultyBoxes
from vision_readiness.policy import Policy
from vision_readiness.project import DefectKind, Split
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.examples import dataset_facts
from vision_readiness.reasons.reason import Check, Family, Owner, Severity, Shortfall

check = Family(Stage.DATASET).check


def _of_boxes(
    code: str, name: str, fault: BoxFault, severity: Severity, *, phrase: str, meaning: str, fix: str
) -> Check[DatasetFacts]:
    """A check that names the boxes with one fault."""
    example = FaultyBox("train/a.jpg", Split.TRAIN, "helmet", (10, 10, 10, 10))

    @check(
        code,
        name,
        severity=severity,
        unit="boxes",
        meaning=meaning,
        fix=fix,
        sentence=f"{{measured:count box|boxes}} {phrase}: {{boxes:list}}.",
        owner=Owner.LABELLING,
        action=Action.FIX_DATASET,
        trips=lambda: dataset_facts(boxes={fault: FaultyBoxes(1, (example,))}),
        clean=dataset_facts,
    )
    def faulty_boxes(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
        found = facts.boxes.get(fault)
        if found and found.count:
            images = tuple(dict.fromkeys(box.image for box in found.examples))
            boxes = tuple(f"{box.image} (`{box.label}`)" for box in found.examples[:3])
            yield Shortfall(subject="boxes", measured=found.count, limit=0, examples=images, numbers={"boxes": boxes})

    return faulty_boxes


def _of_defects(
    code: str,
    name: str,
    kind: DefectKind,
    action: Action,
    *,
    phrases: tuple[str, str],
    meaning: str,
    fix: str,
) -> Check[DatasetFacts]:
    """A check that names the annotations which the reader could not take."""

    @check(
        code,
        name,
        severity=Severity.P1,
        unit="annotations",
        meaning=meaning,
        fix=fix,
        sentence=f"{{measured:count {'|'.join(phrases)}}}: {{examples:first}}.",
        owner=Owner.LABELLING,
        action=action,
        trips=lambda: dataset_facts(defects=(DefectFacts(kind, 1, ("train/a.jpg: annotation 7",)),)),
        clean=dataset_facts,
    )
    def defective(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
        for defect in facts.defects:
            if defect.kind is kind and defect.count:
                yield Shortfall(subject="annotations", measured=defect.count, limit=0, examples=defect.examples)

    return defective


zero_area_box = _of_boxes(
    "LABEL201",
    "zero-area-box",
    BoxFault.ZERO_AREA,
    Severity.P1,
    phrase="without any area",
    meaning="A labelled box has no width or no height, so no answer can ever match it.",
    fix="Open the images and draw the box again or delete it.",
)
box_outside_image = _of_boxes(
    "LABEL202",
    "box-outside-image",
    BoxFault.OUTSIDE,
    Severity.P1,
    phrase="reaching out of the image",
    meaning="A labelled box leaves its image by more than a pixel, a hint at a resize or rotation after labelling.",
    fix="Clip the boxes, and find out which step moved them.",
)
object_labelled_twice = _of_boxes(
    "LABEL203",
    "object-labelled-twice",
    BoxFault.DUPLICATE,
    Severity.P2,
    phrase="on an object that is labelled already",
    meaning="Two boxes of one class cover the same object, so the second one always counts as missed.",
    fix="Delete one of each pair.",
)
tiny_box = _of_boxes(
    "LABEL204",
    "tiny-box",
    BoxFault.TINY,
    Severity.P2,
    phrase="with a side under 4 pixels",
    meaning="A labelled box is so small that little but its position is left after resizing.",
    fix="Check whether such objects matter; if they do, train at a higher resolution or in tiles.",
)
box_over_whole_image = _of_boxes(
    "LABEL208",
    "box-over-whole-image",
    BoxFault.HUGE,
    Severity.P2,
    phrase="over more than 95 % of the image",
    meaning="A labelled box covers nearly the whole image, often after a careless click.",
    fix="Look at the images and draw the box around the object.",
)
unknown_category = _of_defects(
    "LABEL205",
    "unknown-category",
    DefectKind.UNKNOWN_CATEGORY,
    Action.FIX_DATASET,
    phrases=("annotation is of an unknown category", "annotations are of an unknown category"),
    meaning="An annotation names a category that the export does not list, so it was left out.",
    fix="Export the version again, or mend the category ids of the file.",
)
unlabelled_image = _of_defects(
    "LABEL206",
    "missing-labels",
    DefectKind.UNLABELLED_IMAGE,
    Action.LABEL_MORE,
    phrases=("image has no annotation entry at all", "images have no annotation entry at all"),
    meaning="An image has no entry in the annotations: nobody said that it is empty, so it may just be unlabelled.",
    fix="Label the images, or mark them as null.",
)
unreadable_box = _of_defects(
    "LABEL207",
    "unreadable-box",
    DefectKind.UNREADABLE_BOX,
    Action.FIX_DATASET,
    phrases=("annotation has no readable box", "annotations have no readable box"),
    meaning="An annotation's box is not four finite numbers, so it was left out.",
    fix="Mend or delete the annotation and export again.",
)
unknown_image = _of_defects(
    "LABEL209",
    "annotation-without-image",
    DefectKind.UNKNOWN_IMAGE,
    Action.FIX_DATASET,
    phrases=("annotation has no image", "annotations have no image"),
    meaning="An annotation or a list names an image that the export does not hold, so it was left out.",
    fix="Export the version again.",
)
undeclared_class = _of_defects(
    "LABEL211",
    "undeclared-class",
    DefectKind.UNDECLARED_CLASS,
    Action.FIX_DATASET,
    phrases=("class is used and not declared", "classes are used and not declared"),
    meaning="Annotations use a class that the class list does not declare.",
    fix="Add the class to the list, or mend the annotations.",
)

contradicted_image = _of_defects(
    "LABEL212",
    "two-truths",
    DefectKind.CONTRADICTION,
    Action.FIX_DATASET,
    phrases=("image has two truths", "images have two truths"),
    meaning="Two images share an id or a label file, or one has two, so it is not known which labels are its own.",
    fix="Give each image its own name, id and labels, and export again.",
)


@check(
    "LABEL213",
    "class-names-alike",
    severity=Severity.P1,
    unit="classes",
    meaning="Class names differ in capitals or blanks only, so one thing is most likely labelled under two names.",
    fix="Merge the classes in the project, and export again.",
    sentence="{named:list  and } differ in capitals or blanks only.",
    owner=Owner.LABELLING,
    action=Action.FIX_DATASET,
    trips=lambda: dataset_facts(classes=("person", "Person ")),
    clean=dataset_facts,
)
def class_names_alike(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    alike: dict[str, list[str]] = {}
    for label in facts.classes:
        alike.setdefault(" ".join(label.casefold().split()), []).append(label)
    for labels in alike.values():
        if len(labels) > 1:
            yield Shortfall(
                subject=labels[0], measured=len(labels), limit=1, numbers={"named": tuple(f"`{one}`" for one in labels)}
            )


JUNK = re.compile(r"^\W*\d*\W*$|^.{61,}$|:$|^(object|objects|class|label|item|thing)s?\d*$", re.IGNORECASE | re.DOTALL)
"""Names that tell nothing: only digits, a whole sentence, a heading, or a word for anything."""


@check(
    "LABEL210",
    "class-name-says-nothing",
    severity=Severity.P2,
    unit="classes",
    meaning="A class name does not say what it means, so nobody can check labels or predictions.",
    fix="Rename the class to the thing it stands for, and write down what belongs to it.",
    sentence="The class name `{subject:.80}` does not say what it stands for.",
    owner=Owner.LABELLING,
    action=Action.FIX_DATASET,
    trips=lambda: dataset_facts(classes=("0", "person")),
    clean=dataset_facts,
)
def class_name_says_nothing(facts: DatasetFacts, policy: Policy) -> Iterator[Shortfall]:
    for label in facts.classes:
        if JUNK.search(label):
            yield Shortfall(subject=label)


CHECKS = (
    zero_area_box,
    box_outside_image,
    object_labelled_twice,
    tiny_box,
    unknown_category,
    unlabelled_image,
    unreadable_box,
    box_over_whole_image,
    unknown_image,
    class_name_says_nothing,
    undeclared_class,
    contradicted_image,
    class_names_alike,
)
