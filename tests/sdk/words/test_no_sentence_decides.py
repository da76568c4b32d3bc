"""With every sentence a running number, all that is decided, ordered, counted and laid out stays the same."""

import re
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, time
from itertools import count
from unittest.mock import patch

import pytest

from tests.sdk.decide.cases import TODAY, a_spec, gathered
from vision_readiness.advisor import decide
from vision_readiness.policy import Policy
from vision_readiness.render.html import page_html
from vision_readiness.render.junit import junit_xml
from vision_readiness.render.markdown import markdown_text
from vision_readiness.requirement import Waiver
from vision_readiness.spec import ConditionRule, Monitoring

MAKERS = (
    "vision_readiness.words.decision.result_sentence",
    "vision_readiness.words.decision._all_well",
    "vision_readiness.words.findings.sentence_of",
    "vision_readiness.report.lay_out.headline",
    "vision_readiness.report.lay_out.next_sentence",
    "vision_readiness.words.fixes._rank",
    "vision_readiness.words.fixes._hours",
    "vision_readiness.words.fixes._lift",
    "vision_readiness.words.fixes.SENTENCE.vformat",
)
SAID = {"because", "sentence", "title", "detail", "rank_because", "lift_because", "effort", "headline", "proof", "what"}
TAG = re.compile(r"<([a-z]+[0-9]?)")
MARK = re.compile(r"#+ |\||- |\d+\. |")
DUSK = {"lighting": ConditionRule(levels=dict.fromkeys(("day", "night", "dusk")))}
CASES = {
    "ready": ({}, {}, ()),
    "fails": ({"missed": {"forklift": 60}, "train": 300}, {}, ()),
    "both fail": ({"missed": {"forklift": 60, "person": 80}, "train": 300}, {}, ()),
    "not proven": ({"missed": {"forklift": 14}}, {}, ()),
    "few images": ({"test": 19}, {}, ()),
    "no model": ({"with_model": False}, {}, ()),
    "leaked": ({"leaked": 40}, {}, ()),
    "a threshold that fails": ({}, {"classes": {"forklift": {"threshold": 0.95}}}, ()),
    "no dusk": ({}, {"conditions": DUSK}, ()),
    "no dusk, accepted for one class": (
        {},
        {"conditions": DUSK},
        (Waiver("DATA109", "person", "Neha", "no dusk in May", TODAY),),
    ),
    "accepted": (
        {"missed": {"forklift": 60}, "train": 300},
        {},
        (Waiver("MODEL401", "forklift", "Neha", "a pilot", TODAY),),
    ),
    "unwatched": ({"trained_on": None}, {"monitoring": Monitoring(required=True), "approved_by": None}, ()),
}


def specification(changes):
    rules = {label: a_spec().rule(label).model_copy(update=rule) for label, rule in changes.get("classes", {}).items()}
    return a_spec(**{**changes, "classes": {**a_spec().classes, **rules}})


def reported(name):
    evidence, spec, waivers = CASES[name]
    day = datetime.combine(TODAY, time(), UTC)
    return decide(gathered(**evidence), specification(spec), policy=Policy(), history=(), waivers=waivers, as_of=day)


@contextmanager
def numbered():
    """Every maker of sentences gives the next number instead."""
    running = count(1)
    with ExitStack() as stack:
        for maker in MAKERS:
            stack.enter_context(patch(maker, lambda *_, **__: f"N{next(running)}."))
        yield


def without_words(plain):
    if isinstance(plain, dict):
        return {key: without_words(value) for key, value in plain.items() if key not in SAID}
    return [without_words(one) for one in plain] if isinstance(plain, list | tuple) else plain


def facts(report):
    plain = without_words(report.to_dict())
    plain["plan"]["retries"] = [(one["version"], len(one["fixes"])) for one in plain["plan"]["retries"]]
    return plain


@pytest.mark.parametrize("name", CASES)
def test_states_orders_hours_blockers_and_waivers_rest_on_no_sentence(name):
    report = reported(name)
    with numbered():
        other = reported(name)
    assert report.requirements[0].because != other.requirements[0].because
    assert facts(other) == facts(report)
    assert len(other.proof) == len(report.proof)
    assert [one.key for one in other.blockers] == [one.key for one in report.blockers]


@pytest.mark.parametrize("name", CASES)
def test_pages_have_the_same_parts_whatever_the_sentences_say(name):
    report = reported(name)
    with numbered():
        other = reported(name)
    pages = [[tag for tag in TAG.findall(page_html(one)) if tag != "code"] for one in (report, other)]
    assert pages[0] == pages[1]
    texts = [[MARK.match(line)[0] or bool(line) for line in markdown_text(one).splitlines()] for one in (report, other)]
    assert texts[0] == texts[1]
    cases = [re.findall(r"<(testcase|failure|skipped)", junit_xml(one)) for one in (report, other)]
    assert cases[0] == cases[1]


@pytest.mark.parametrize(("before", "after"), [("ready", "fails"), ("no dusk", "ready"), ("few images", "accepted")])
def test_a_comparison_rests_on_no_sentence(before, after):
    change = reported(after).compare(reported(before))
    with numbered():
        other = reported(after).compare(reported(before))
    assert without_words(other.to_dict()) == without_words(change.to_dict())


def test_the_keys_in_a_report_are_those_of_its_requirements_and_findings():
    plain = reported("no dusk, accepted for one class").to_dict()
    ids = {one["requirement"]["id"] for one in plain["requirements"]}
    known = ids | {f"{one['code']}:{one['subject']}" for one in plain["findings"]}
    assert {key for one in plain["waived"] for key in one["covers"]} <= ids
    assert {key for one in plain["fixes"] for key in one["answers"]} <= known
    assert {one["key"] for one in plain["blockers"]} <= known
    assert {one["decided_by"] for one in plain["stages"]} - {None} <= known
