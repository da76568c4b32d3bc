import pytest

from tests.sdk.guide.cases import decisions, fixes_of
from vision_readiness.guide import next_action
from vision_readiness.readiness import Action
from vision_readiness.words.headlines import headline, next_sentence, proof

HEADLINES = {
    "ready": "Ready for dock-pc.",
    "warning": "Deployable, with 2 warnings to read.",
    "monitor": "Deployable once it is monitored.",
    "misses": "It misses `forklift`.",
    "misses both": "It misses `person` and `forklift`.",
    "false alarms": "It mistakes other things for `person`.",
    "misses at night": "It misses `forklift`, lighting night.",
    "not proven": "Too few test images of `forklift`, lighting day.",
    "no test images": "Too few test images of `person` and `forklift`.",
    "no model": "There is no model to judge.",
    "a class without objects": "Too few test images of `pallet`.",
    "an untaught class": "It was not trained on `forklift`.",
    "a situation without images": "Too few test images of `person` and `forklift`, lighting dusk.",
    "too slow": "It is too slow for the device.",
    "few calls": "Too few calls were timed on the device.",
    "another device": "It was never timed on the device it is for.",
    "never timed": "It was never timed on the device it is for.",
    "leaked": "The test images were partly trained on.",
    "uncritical": "Deployable, with 1 warning to read.",
}
ACTIONS = {
    "ready": Action.DEPLOY_WITH_MONITORING,
    "ready, unwatched": Action.DEPLOY,
    "warning": Action.REVIEW_WARNINGS,
    "monitor": Action.ENABLE_MONITORING,
    "misses": Action.LABEL_MORE,
    "an older model": Action.RETRAIN,
    "not proven": Action.COLLECT_DATA,
    "no model": Action.TRAIN,
    "too slow": Action.CHANGE_TARGET,
    "another device": Action.MEASURE_ON_TARGET,
    "leaked": Action.FIX_DATASET,
    "a threshold that fails": Action.ADJUST_THRESHOLD,
}
every_decision = pytest.mark.parametrize("name", decisions())


@pytest.mark.parametrize("name", HEADLINES)
def test_the_headline_names_what_matters_most(name):
    assert headline(decisions()[name]) == HEADLINES[name]


@every_decision
def test_a_headline_is_one_sentence_without_codes_or_jargon(name):
    line = headline(decisions()[name])
    assert line.endswith(".")
    assert "\n" not in line
    assert len(line) <= 80
    for jargon in ("mAP", "AP50", "p95", "p99", "MODEL", "TARGET", "IoU", "precision", "recall"):
        assert jargon not in line


@every_decision
def test_the_proof_is_one_to_three_sentences_with_numbers(name):
    decision = decisions()[name]
    sentences = proof(decision)
    assert 1 <= len(sentences) <= 3
    assert len(set(sentences)) == len(sentences)
    assert all(sentence.endswith(".") for sentence in sentences)
    if name not in (
        "no model",
        "monitor",
        "an untaught class",
        "a class without objects",
        "a situation without images",
    ):
        assert any(letter.isdigit() for letter in " ".join(sentences))


@pytest.mark.parametrize("name", ACTIONS)
def test_each_state_has_its_next_action(name):
    decision = decisions()[name]
    action = next_action(decision, fixes_of(decision))
    assert action is ACTIONS[name]
    assert next_sentence(action, decision, fixes_of(decision)).endswith(".")


@every_decision
def test_nobody_is_told_to_deploy_what_is_not_deployable(name):
    decision = decisions()[name]
    action = next_action(decision, fixes_of(decision))
    assert (action in (Action.DEPLOY, Action.DEPLOY_WITH_MONITORING)) == (decision.state == "ready")


def test_without_any_fix_somebody_is_asked():
    assert next_action(decisions()["misses"], ()) is Action.ESCALATE


def test_a_warning_is_read_before_what_only_informs():
    decision = decisions()["warning"]
    first = fixes_of(decision)[0]
    assert first.title.rstrip(".") in next_sentence(Action.REVIEW_WARNINGS, decision, fixes_of(decision))
    assert first.rank_because.startswith("It warns")


def test_the_proof_of_a_release_tallies_its_requirements():
    assert proof(decisions()["ready"])[0] == f"Meets all {len(decisions()['ready'].requirements)} requirements."
    assert proof(decisions()["uncritical"])[0].startswith("Meets ")
