from dataclasses import replace

import pytest

from vision_readiness.decide import decision_on
from vision_readiness.decide.assess import NoModel, NotAssessed
from vision_readiness.decide.table.project import DAY, Answers, a_case, a_spec, gathered
from vision_readiness.evidence import Evidence
from vision_readiness.policy import Policy
from vision_readiness.readiness import ReadinessState
from vision_readiness.words.decision import in_words


def decided(evidence, **options):
    return in_words(decision_on(evidence, a_spec(), as_of=DAY, **options))


def row(decision, label="forklift", metric="recall"):
    (found,) = (fit for fit in decision.fits if (fit.label, fit.metric) == (label, metric))
    return found


def codes(decision):
    return {finding.code for finding in decision.findings}


def test_a_class_that_is_known_by_heart_is_named_with_both_figures():
    decision = decided(gathered(Answers(missed={"pallet": 60}, about_train=True)))
    fit = row(decision, "pallet")
    assert (fit.train, fit.valid, fit.test) == (1.0, 1.0, 0.7)
    assert (fit.train_n, fit.valid_n, fit.test_n) == (120, 60, 200)
    assert fit.gap == pytest.approx(0.3)
    assert 0.2 < fit.lower < fit.gap < fit.upper < 0.4
    (found,) = (finding for finding in decision.findings if finding.code == "MODEL430")
    assert found.sentence == "Recall of `pallet` is 100 % on training images and 70 % on test images."
    assert decision.state is ReadinessState.WARNING


@pytest.mark.parametrize(("missed", "shape"), [(20, {}), (26, {}), (10, {"train": 19}), (9, {"test": 19})])
def test_a_gap_that_noise_may_be_or_few_images_show_is_not_named(missed, shape):
    decision = decided(gathered(Answers(missed={"pallet": missed}, about_train=True), **shape))
    assert not row(decision, "pallet").is_wide
    assert "MODEL430" not in codes(decision)


def test_how_wide_a_gap_may_be_is_the_policys_to_say():
    evidence = gathered(Answers(missed={"pallet": 26}, about_train=True))
    assert "MODEL430" in codes(decided(evidence, policy=Policy(max_train_gap=0.05)))


def test_answers_to_training_images_prove_nothing():
    alone = gathered(Answers(missed={"forklift": 14}))
    beside = gathered(Answers(missed={"forklift": 14}, about_train=True))
    assert decided(alone).requirements == decided(beside).requirements
    assert decided(alone).score == decided(beside).score
    assert beside.model.matches.answers.image.tolist() == alone.model.matches.answers.image.tolist()


def test_without_answers_to_training_images_it_was_not_looked_at():
    decision = decided(gathered())
    assert decision.fits == ()
    assert {one.code for one in decision.skipped} >= {"MODEL430"}
    assert "MODEL430" not in {one.code for one in decided(gathered(Answers(about_train=True))).skipped}


def test_it_is_kept_with_the_evidence_and_absent_where_it_was_absent_before():
    beside, alone = gathered(Answers(about_train=True)), gathered()
    again = Evidence.from_bytes(beside.to_bytes())
    assert again.digest == beside.digest != alone.digest
    assert decided(again).fits == decided(beside).fits
    assert alone.digest == replace(beside, model=replace(beside.model, on_train=None)).digest


def test_a_class_without_answers_has_no_gap():
    evidence = gathered(Answers(known=("person", "pallet"), about_train=True))
    fit = row(decided(evidence), metric="precision")
    assert (fit.train, fit.test, fit.gap, fit.is_wide, fit.is_narrow) == (None, None, None, False, False)


def test_nothing_is_laid_out_without_a_model():
    case = a_case()
    decision = decision_on(replace(case.evidence, model=None, latency=None), case.spec, as_of=DAY)
    assert isinstance(decision.assessment, NotAssessed)
    assert decision.assessment.because is NoModel.NOT_GIVEN
    assert decision.fits == ()


@pytest.mark.parametrize(("missed", "wide", "narrow"), [(60, True, False), (20, False, False), (2, False, True)])
def test_a_gap_is_wide_or_narrow_or_neither_is_sure(missed, wide, narrow):
    fit = row(decided(gathered(Answers(missed={"pallet": missed}, about_train=True))), "pallet")
    assert (fit.is_wide, fit.is_narrow) == (wide, narrow)
