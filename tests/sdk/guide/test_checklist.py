import pytest

from tests.sdk.decide.cases import TODAY, a_spec, decided, gathered
from tests.sdk.guide.cases import decisions
from vision_readiness.guide.checklist import LINES, release_checklist, unanswered
from vision_readiness.guide.checklist_line import ChecklistLine, LineOutcome
from vision_readiness.reasons import REASONS
from vision_readiness.reasons.reason import CRASHED, Shortfall
from vision_readiness.render.checklist import checklist_markdown
from vision_readiness.requirement import Waiver
from vision_readiness.spec import Agreement, DeploymentSpec, Fallback, Monitoring, Rollout, assume_spec

PASS, FAIL, OPEN, UNSEEN = LineOutcome.PASS, LineOutcome.FAIL, LineOutcome.INCONCLUSIVE, LineOutcome.NOT_LOOKED_AT
APPROVED, CLASSES, CONDITIONS, DEVICE, OUTPUT, FALLBACK, DATA, AGREE, LABELS, LEAKAGE = list(LINES)[:10]
VERSIONED, CRITERIA, EVERYWHERE, GOLDEN, CHALLENGE, REGRESSION, PARITY, BUDGET, ROLLOUT, WATCHED = list(LINES)[10:]


def line(decision, name):
    return next(one for one in release_checklist(decision) if one.line == name)


@pytest.mark.parametrize("name", decisions())
def test_every_line_is_answered_in_order_by_a_sentence_and_known_codes(name):
    lines = release_checklist(decisions()[name])
    assert [one.line for one in lines] == list(LINES)
    assert 12 <= len(lines) <= 20
    for one in lines:
        assert one.because.endswith(".")
        assert "\n" not in one.because
        assert set(one.codes) <= set(REASONS)
    assert release_checklist(decisions()[name]) == lines


def test_a_ready_version_still_says_what_nobody_looked_at():
    assert {one.line: one.outcome for one in unanswered(release_checklist(decisions()["ready"]))} == {
        REGRESSION: UNSEEN,
        PARITY: OPEN,
    }


@pytest.mark.parametrize(
    ("name", "line_name", "outcome", "code"),
    [
        ("warning", APPROVED, FAIL, "SPEC701"),
        ("warning", VERSIONED, OPEN, "MODEL408"),
        ("misses", CRITERIA, FAIL, "MODEL401"),
        ("misses at night", EVERYWHERE, FAIL, "MODEL401"),
        ("a situation without images", EVERYWHERE, OPEN, "DATA109"),
        ("not proven", CRITERIA, OPEN, "MODEL402"),
        ("no model", CRITERIA, OPEN, "MODEL411"),
        ("too slow", BUDGET, FAIL, "TARGET501"),
        ("never timed", BUDGET, OPEN, "TARGET503"),
        ("leaked", LEAKAGE, FAIL, "SPLIT302"),
        ("monitor", WATCHED, FAIL, "PROD601"),
    ],
)
def test_evidence_answers_a_line(name, line_name, outcome, code):
    one = line(decisions()[name], line_name)
    assert one.outcome is outcome
    assert code in one.codes


def test_no_model_leaves_what_is_about_it_unseen():
    assert line(decisions()["no model"], PARITY).outcome is UNSEEN
    assert line(decisions()["no test images"], LEAKAGE).outcome is UNSEEN


@pytest.mark.parametrize(
    ("changes", "name", "outcome"),
    [
        ({"output": None}, OUTPUT, FAIL),
        ({"data": None}, DATA, FAIL),
        ({"fallback": None}, FALLBACK, FAIL),
        ({"fallback": Fallback(on_low_confidence="stop")}, FALLBACK, FAIL),
        ({"conditions": {}}, CONDITIONS, FAIL),
        ({"conditions": {}}, EVERYWHERE, UNSEEN),
        ({"seasons": {}}, CONDITIONS, FAIL),
        ({"classes": {}}, CLASSES, FAIL),
        ({"deployment_target": None}, DEVICE, FAIL),
        ({"deployment_target": None}, BUDGET, UNSEEN),
        ({"agreement": None}, AGREE, UNSEEN),
        ({"agreement": Agreement(measured=0.5, how="two people")}, AGREE, FAIL),
        ({"golden_set": None, "requirements": ()}, GOLDEN, UNSEEN),
        ({"challenge_set": None, "requirements": ()}, CHALLENGE, UNSEEN),
        ({"rollout": None}, ROLLOUT, UNSEEN),
        ({"rollout": Rollout(strategy="shadow")}, ROLLOUT, UNSEEN),
        ({"rollback_owner": None}, ROLLOUT, UNSEEN),
        ({"monitoring": Monitoring()}, WATCHED, UNSEEN),
        ({"monitoring": Monitoring(in_place="dashboard")}, WATCHED, UNSEEN),
    ],
)
def test_what_nobody_wrote_does_not_pass(changes, name, outcome):
    assert line(decided(gathered(), a_spec(**changes)), name).outcome is outcome


def test_each_set_is_told_of_its_own_findings():
    decision = decided(gathered(), a_spec(golden_set=None, requirements=()))
    assert line(decision, GOLDEN).codes == ("SPEC712",)
    assert line(decision, CHALLENGE).codes == ("SPEC720",)


def test_what_is_assumed_is_not_written():
    evidence = gathered()
    spec = assume_spec(evidence.dataset, "acme/dock")
    one = line(decided(evidence, spec.model_copy(update={"approved_by": "Neha"})), DEVICE)
    assert (one.outcome, one.because) == (OPEN, "It is assumed (`deployment_target`), nobody wrote it.")


def test_an_accepted_risk_still_fails_its_line_and_names_who_accepted_it():
    waiver = Waiver("SPEC701", "approved_by", "Raj Mehta", "signing next week", TODAY)
    one = line(decided(gathered(), a_spec(approved_by=None), waiver), APPROVED)
    assert one.outcome is FAIL
    assert one.because == "Nobody has approved the spec. Raj Mehta accepted it."


def test_a_check_that_crashed_leaves_its_line_open():
    decision = decided(gathered())
    crashed = CRASHED.found(Shortfall(subject="LABEL203", numbers={"error": "KeyError"}))
    object.__setattr__(decision, "findings", (crashed,))
    assert line(decision, LABELS).outcome is OPEN
    assert line(decision, LEAKAGE).outcome is PASS


def test_a_minimal_spec_gets_an_honest_list():
    spec = DeploymentSpec(approved_by="Neha Kapoor", classes=a_spec().classes)
    outcomes = {one.line: one.outcome for one in release_checklist(decided(gathered(), spec))}
    assert (outcomes[APPROVED], outcomes[CRITERIA]) == (PASS, PASS)
    assert (outcomes[WATCHED], outcomes[ROLLOUT], outcomes[GOLDEN]) == (UNSEEN, UNSEEN, UNSEEN)


def test_the_markdown_ticks_what_passes_and_names_cannot_format():
    lines = (
        ChecklistLine("Labels", PASS, "All | of *them* <b>.", ()),
        ChecklistLine("Canary", UNSEEN, "Nobody said\n# so.", ("PROD605",)),
    )
    text = checklist_markdown(lines)
    assert "1 of 2 lines pass." in text
    assert "- [x] **Labels**: Pass. All \\| of \\*them\\* &lt;b&gt;." in text
    assert "- [ ] **Canary**: Not looked at. Nobody said \\# so. (PROD605)" in text
    assert checklist_markdown(()) == ""
