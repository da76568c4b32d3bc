"""SPEC706 to SPEC714: paragraphs of the written specification that nobody wrote. They inform and never block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from vision_readiness.policy import Policy
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons.reason import Check, Family, Owner, Severity, Shortfall
from vision_readiness.reasons.spec_case import SpecCase, changed, sound
from vision_readiness.spec.capture import ImageSet
from vision_readiness.spec.model import ClassRule
from vision_readiness.spec.part import Part

check = Family(Stage.DEPLOYMENT).check

OF_BOXES = ("boxes", "coordinates", "frame", "nms")
"""What an output contract says only where there are boxes."""


def _absent(
    number: int,
    name: str,
    key: str,
    wanted: tuple[str, ...],
    sentence: str,
    meaning: str,
    fix: str,
    owner: Owner = Owner.PRODUCT,
) -> Check[SpecCase]:
    """A check that the part ``key`` of a specification is there and says all that is ``wanted``."""

    @check(
        f"SPEC{number}",
        name,
        severity=Severity.P2,
        unit="paragraphs",
        meaning=meaning,
        fix=fix,
        sentence={
            "absent": sentence,
            "in part": f"{sentence.removesuffix('.')} in full: `{key}` leaves out {{missing:list}}.",
        },
        owner=owner,
        action=Action.REVIEW_WARNINGS,
        trips=lambda: changed(**{key: None}),
        clean=sound,
    )
    def looked(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
        part: Part | None = getattr(case.spec, key)
        needed = [one for one in wanted if case.has_boxes or one not in OF_BOXES]
        missing = tuple(one for one in needed if getattr(part, one) in (None, ())) if part else ()
        if not part:
            yield Shortfall(subject=key, form="absent")
        elif missing:
            yield Shortfall(subject=key, numbers={"missing": missing}, form="in part")

    return looked


def _uncovered(
    number: int, name: str, lacks: Callable[[ClassRule], bool], what: str, meaning: str, fix: str, *, boxes_only: bool
) -> Check[SpecCase]:
    """A check that every critical class of the data set says something."""

    @check(
        f"SPEC{number}",
        name,
        severity=Severity.P2,
        unit="paragraphs",
        meaning=meaning,
        fix=fix,
        sentence=f"The spec does not say {what}: {{labels:names}}.",
        owner=Owner.LABELLING,
        action=Action.REVIEW_WARNINGS,
        trips=lambda: changed(classes={}),
        clean=sound,
    )
    def looked(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
        critical = [label for label in case.classes if case.spec.is_critical(label)]
        without = tuple(label for label in critical if lacks(case.spec.rule(label)))
        if without and (case.has_boxes or not boxes_only):
            yield Shortfall(
                subject="classes", measured=len(without), limit=0, of=len(critical), numbers={"labels": without}
            )

    return looked


class_not_described = _uncovered(
    706,
    "class-not-described",
    lambda rule: not rule.is_described,
    "what counts as one",
    "Nobody wrote what belongs to a class and what does not, so two people may label it differently.",
    "Write `includes` and `excludes` for each critical class into the spec.",
    boxes_only=False,
)
no_labelling_rule = _uncovered(
    707,
    "no-labelling-rule",
    lambda rule: rule.min_visible_area is None or rule.truncated is None,
    "how a hidden or cut object is labelled",
    "Nobody wrote how much of an object has to be seen, or what to do where the edge of the image cuts it.",
    "Write `min_visible_area` and `truncated` for each critical class into the spec, and label by them.",
    boxes_only=True,
)
no_camera_profile = _absent(
    708,
    "no-camera-profile",
    "camera",
    ("resolution", "angle"),
    "The spec does not say what camera takes the pictures.",
    "Nobody wrote which camera the model is for, so a change of resolution or angle would go unseen.",
    "Write `camera: {resolution: 1920x1080, angle: …, lens: …, mount: …}` into the spec.",
    Owner.DEPLOYMENT,
)
no_seasons = _absent(
    709,
    "no-refresh-date",
    "seasons",
    (),
    "The spec names no day by which the data are refreshed.",
    "Nobody planned when the data set is refreshed, so a change of season or goods finds the model unprepared.",
    "Write the days by which new images are due, such as `seasons: {winter: 2026-11-01}`, into the spec.",
    Owner.DATA,
)
no_output_contract = _absent(
    710,
    "no-output-contract",
    "output",
    (*OF_BOXES, "thresholds"),
    "The spec does not say what the model returns.",
    "Nobody wrote how answers are to be read, and a mix-up of box formats or frames looks like a bad model.",
    "Write `output: {boxes: xyxy, coordinates: pixels, frame: stored_image, thresholds: …, nms: …}` into the spec.",
    Owner.DEPLOYMENT,
)
no_data_policy = _absent(
    711,
    "no-data-policy",
    "data",
    ("sources", "consent", "retention"),
    "The spec does not say where the images come from and who agreed.",
    "Nobody wrote the sources of the images, the consent to use them, or how long they are kept.",
    "Write `data: {sources: […], consent: …, retention: …}` into the spec.",
)
no_golden_set = _absent(
    712,
    "no-golden-set",
    "golden_set",
    ("verified_by",),
    "The spec names no golden set.",
    "No images with labels verified one by one are set apart, on which every candidate is judged alike.",
    "Verify the labels of some test images, tag them `set:golden`, and write `golden_set: {verified_by: …}`.",
    Owner.DATA,
)
no_challenge_set = _absent(
    713,
    "no-challenge-set",
    "challenge_set",
    (),
    "The spec names no challenge set.",
    "No difficult images are set apart, so what was mended once may break again unseen.",
    "Tag the hard cases among the test images `set:challenge`, and write `challenge_set: {}` into the spec.",
    Owner.DATA,
)
no_agreement = _absent(
    714,
    "no-annotator-agreement",
    "agreement",
    ("measured", "how"),
    "Nobody measured how often annotators agree.",
    "Without the agreement of annotators nobody knows how good the labels are that the model is judged by.",
    "Have two people label the same 100 images, and write `agreement: {measured: …, how: …}` into the spec.",
    Owner.LABELLING,
)


def _declared(case: SpecCase) -> Iterator[tuple[str, ImageSet]]:
    for level, chosen in (("golden", case.spec.golden_set), ("challenge", case.spec.challenge_set)):
        if chosen is not None:
            yield level, chosen


@check(
    "SPEC719",
    "empty-image-set",
    severity=Severity.P1,
    unit="images",
    meaning="The spec declares a golden or challenge set and none of its images is a leak-free test image.",
    fix="Correct the tags, pattern or folders of the set, or move its images into test.",
    sentence={
        "": "The {level} set has no leak-free test image.",
        "elsewhere": "The {level} set has no leak-free test image; {of:,} are in other splits.",
    },
    owner=Owner.DATA,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: replace(sound(), set_images={"golden": (0, 12)}),
    clean=sound,
)
def empty_image_set(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    for level, _ in _declared(case):
        tested, everywhere = case.set_images.get(level, (0, 0))
        if not tested:
            yield Shortfall(
                subject=f"{level}_set",
                measured=0,
                limit=1,
                of=everywhere,
                numbers={"level": level},
                form="elsewhere" if everywhere else "",
            )


@check(
    "SPEC720",
    "set-without-requirement",
    severity=Severity.P2,
    unit="sets",
    meaning="A golden or challenge set is declared and nothing is asked of it, so it holds no release back.",
    fix="Add a requirement with `where: {set: golden}`, or `no_worse_than: previous` with a margin.",
    sentence="No requirement is about the {level} set.",
    owner=Owner.PRODUCT,
    action=Action.REVIEW_WARNINGS,
    trips=lambda: changed(requirements=()),
    clean=sound,
)
def set_without_requirement(case: SpecCase, policy: Policy) -> Iterator[Shortfall]:
    asked = {rule.where.get("set") for rule in case.spec.requirements}
    asked |= set(case.spec.conditions["set"].levels) if "set" in case.spec.conditions else set()
    for level, _ in _declared(case):
        if level not in asked:
            yield Shortfall(subject=f"{level}_set", numbers={"level": level})


CHECKS = (
    class_not_described,
    no_labelling_rule,
    no_camera_profile,
    no_seasons,
    no_output_contract,
    no_data_policy,
    no_golden_set,
    no_challenge_set,
    no_agreement,
    empty_image_set,
    set_without_requirement,
)
