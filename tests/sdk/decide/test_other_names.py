"""A class that the model calls otherwise, seen in a remote model's answers and in a local one's list of classes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from vision_readiness.advisor import decide
from vision_readiness.decide.other_names import other_names
from vision_readiness.decide.table.project import CLASSES, Answers, a_case, gathered, in_other_words


def named(model, classes, origin):
    origins = {**model.card.origins, "classes": origin}
    return replace(model, card=replace(model.card, classes=classes, origins=origins))


def test_a_local_model_that_has_another_name_for_a_class():
    assert other_names(in_other_words("person", "human").model, CLASSES) == (("person",), ("human",))


def test_it_is_one_finding_that_leads_and_explains_what_follows_from_it():
    case = a_case(evidence=in_other_words("person", "human"))
    report = decide(case.evidence, case.spec, as_of=datetime(2026, 1, 1, tzinfo=UTC))
    first = report.findings[0]
    assert (first.code, first.severity, first.explained_by) == ("MODEL418", "P0", None)
    assert first.sentence == "The model never answers `person`, and has human, which the data set lacks."
    assert "another name for `person`" in report.headline
    of_person = {one.explained_by for one in report.requirements if one.requirement.label == "person" and one.code}
    assert of_person == {first.key}


def test_a_local_model_that_knows_the_class_and_never_answers_it_is_weak_and_not_misnamed():
    silent = gathered(Answers(known=tuple(one for one in CLASSES if one != "person"))).model
    unanswered, strangers = other_names(named(silent, (*CLASSES, "human"), "metadata"), CLASSES)
    assert (unanswered, strangers) == ((), ("human",))


def test_a_remote_model_is_known_by_its_answers_alone():
    silent = gathered(Answers(known=tuple(one for one in CLASSES if one != "person"))).model
    assert other_names(named(silent, (*CLASSES, "human"), "data set"), CLASSES) == (("person",), ("human",))
    assert other_names(named(gathered().model, (*CLASSES, "human"), "data set"), CLASSES) == ((), ("human",))


@pytest.mark.parametrize("written", ["përson", "person"])
def test_a_name_that_an_export_writes_otherwise_is_no_stranger(written):
    classes = tuple(written if one == "person" else one for one in CLASSES)
    assert other_names(named(gathered().model, classes, "metadata"), CLASSES) == ((), ())
