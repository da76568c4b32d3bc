from dataclasses import replace
from string import Formatter

import pytest

from vision_readiness.evaluate.constrained import Cause
from vision_readiness.inspect.facts import Lookalikes
from vision_readiness.policy import Policy
from vision_readiness.predict.readings import Form, Misreading
from vision_readiness.project import LeftOut, Split, WhyLeftOut
from vision_readiness.reasons import CHECKS
from vision_readiness.reasons.examples import dataset_facts
from vision_readiness.reasons.model_case import constrained, weak_at_night
from vision_readiness.reasons.model_case import sound as a_model
from vision_readiness.reasons.reason import CRASHED, Check, Shortfall
from vision_readiness.reasons.spec_case import changed, sound
from vision_readiness.requirement import Metric
from vision_readiness.spec import Agreement, CameraProfile, ClassRule, OutputContract
from vision_readiness.spec.capture import DataPolicy, ImageSet
from vision_readiness.words.findings import SENTENCE, sentence_of, values_of, worded

NIGHT = weak_at_night()
(MISSED,) = NIGHT.slices
PRECISE = replace(MISSED, metric=Metric.PRECISION)
(KEPT,) = constrained(0.7).kept
STRICT = replace(KEPT, choice=replace(KEPT.choice, at_least=0.995))
LEVEL = (("lighting", "night"),)
CAUSES = [Cause.NO_LEVEL, Cause.NO_ANSWERS, Cause.FEW_IMAGES, Cause.NOT_PROVEN]
UNPROVEN = [
    replace(
        KEPT,
        changes=None,
        choice=replace(KEPT.choice, where=LEVEL, result=replace(KEPT.choice.result, cause=cause, threshold=None)),
    )
    for cause in CAUSES
]
LINKED = LeftOut(why=WhyLeftOut.ELSEWHERE, folder="test", images=40, of=200, examples=("test/a.jpg",))
MISREAD = [replace(a_model(), reading=Misreading(form=form, met=0.0, would_meet=0.98, objects=120)) for form in Form]
FIXED = {"person": ClassRule(threshold=0.5)}
OF_OTHER_FORMS = (
    dataset_facts(lookalikes=(Lookalikes(Split.TEST, Split.TRAIN, 200, 200, (("test/b.jpg", "train/a.jpg"),)),)),
    replace(NIGHT, floors={}),
    replace(NIGHT, slices=(PRECISE,), floors={}),
    replace(NIGHT, slices=(PRECISE,), floors={("person", Metric.PRECISION): 0.8}),
    replace(a_model(), kept=(STRICT, *UNPROVEN)),
    changed(approved_by=None, assumptions={"camera": "as the export is"}),
    changed(output=OutputContract(boxes="xyxy", thresholds="fixed"), classes={}),
    replace(changed(output=OutputContract(thresholds="fixed"), classes=FIXED), classes=("person", "forklift")),
    changed(camera=CameraProfile(resolution=(640, 480)), data=DataPolicy(), golden_set=ImageSet()),
    changed(agreement=Agreement(measured=0.95, of_class={"person": 0.7}), seasons={}),
    changed(agreement=Agreement(measured=0.95)),
    replace(sound(), cameras=(1, 0), set_images={"golden": (0, 0)}),
    dataset_facts(left_out=(LINKED,)),
    *MISREAD,
)
STATED = {"subject", "measured", "limit", "of", "examples"}


def placeholders(template):
    for _, name, spec, _ in Formatter().parse(template):
        if name is not None:
            yield from (name, *placeholders(spec or ""))


def all_found(check):
    cases = (check.trips(), *(case for case in OF_OTHER_FORMS if type(case) is type(check.clean())))
    return [found for case in cases for found in check.run(case, Policy()) if found.code == check.code]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_every_template_is_filled_with_exactly_the_numbers_that_are_given(check):
    found = all_found(check)
    whole = {"absent"} if check.reason.sentences.keys() == {"absent", "in part"} else check.reason.sentences.keys()
    assert {one.form for one in found} >= whole
    for one in found:
        named = set(placeholders(check.reason.sentences[one.form]))
        assert named - STATED == one.numbers.keys()
        assert all(values_of(one)[name] is not None for name in named)
        said = sentence_of(one)
        assert said.endswith(".")
        assert not {"{", "}", "None"} & {*said, *said.split()}
        assert worded(one).sentence == said
        assert one.sentence == ""


def test_a_key_names_the_code_and_the_subject_whatever_the_numbers_are():
    (found,) = all_found(next(check for check in CHECKS if check.code == "SPEC721"))[:1]
    assert found.key == "SPEC721:camera" == replace(found, of=12, sentence="Said otherwise.", form="one").key


def test_a_crash_says_which_check_and_why():
    def broken(facts, policy):
        raise KeyError("{braces}")
        yield

    (found,) = Check(CHECKS[0].reason, broken, CHECKS[0].trips, CHECKS[0].clean).run(None, Policy())
    assert (found.code, sentence_of(found)) == (CRASHED.code, "DATA101 could not be looked at: KeyError: '{braces}'")


def test_what_was_found_is_never_read_as_a_template():
    check = next(check for check in CHECKS if check.code == "SPEC702")
    assert "`{limit}`" in sentence_of(check.reason.found(Shortfall(subject="{limit}")))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{one:count box|boxes}", "1 box"),
        ("{many:count box|boxes}", "1,500 boxes"),
        ("{rate:percent}", "95 %"),
        ("{rate:percent {limit}}", "94.9 %"),
        ("{seen:hits}", "1,291 of 1,298 (96–100 %)"),
        ("{change:change}", "-3.1 points (-9.0 to +0.7 points)"),
        ("{labels:names}", "`a`, `b`, `c`, `d` and 2 more"),
        ("{few:names}", "`a`, `b`"),
        ("{labels:first} {few:list} {few:list ; }", "a a, b a; b"),
        ("{text:capital}", "Two words"),
        ("{many:,} {rate:.1f} {many}", "1,500 0.9 1500"),
    ],
)
def test_a_kind_says_a_value_in_words(template, said):
    values = {"one": 1, "many": 1500, "rate": 0.949, "limit": 0.95, "seen": (1291, 1298, 0.96, 0.999)}
    values |= {"change": (-0.0312, -0.09, 0.007), "labels": tuple("abcdef"), "few": ("a", "b"), "text": "two words"}
    assert SENTENCE.format(template, **values) == said
