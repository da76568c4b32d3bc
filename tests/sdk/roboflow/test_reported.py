from __future__ import annotations

from dataclasses import replace

import pytest

from tests.sdk.decide.cases import a_spec, gathered
from tests.sdk.roboflow.scripted import Scripted, answer
from vision_readiness.advisor import decide
from vision_readiness.errors import EvidenceError, InputError
from vision_readiness.evidence import Evidence
from vision_readiness.project.reported import ReportedFigures, ReportedRow
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.reasons import explain
from vision_readiness.report import report_from_dict
from vision_readiness.requirement import Metric, Outcome
from vision_readiness.roboflow import RoboflowClient
from vision_readiness.roboflow.evaluations import Evaluation, PerformanceByClass
from vision_readiness.roboflow.health import Health
from vision_readiness.roboflow.reported import choose_model, health_remarks, reported_figures
from vision_readiness.roboflow.trainings import TrainedModel
from vision_readiness.testing import StillClock

ROW = {"images": "20", "targets": "82", "precision": "0.795", "recall": "0.48", "map50": "0.547", "map95": "0.29"}
RESULTS = {
    "valid": [{**ROW, "class": "all", "recall": "0.99"}],
    "test": [{**ROW, "class": "all"}, {**ROW, "class": "person", "recall": "0.93"}, {**ROW, "class": "forklift"}],
}
MODEL = {"id": "dock/3", "map": "62.87", "recall": "85.29", "precision": "23.44"}


def version(**fields):
    body = {"version": {"id": "acme/dock/3", "images": 30, **fields}}
    return RoboflowClient(Scripted([answer(body)])).version("acme", "dock", 3)


def trained(results=RESULTS):
    return {"status": "finished", "results": {"class_map": results}}


def figures(found, *models, model_id=None, **more):
    return reported_figures(found, choose_model(found, models, model_id), **more)


def a_model(name, **fields):
    return TrainedModel.model_validate({"modelId": name, **fields})


def test_training_results_come_class_by_class_from_test_with_their_units_taken_off():
    found = figures(version(train=trained(), model=MODEL))
    assert (found.by, found.origin, found.model, found.split) == ("Roboflow", "its training results", "dock/3", "test")
    assert found.overall.figures == {"mAP@50": 0.547, "mAP@50-95": 0.29, "precision": 0.795, "recall": 0.48}
    assert [row.label for row in found.classes] == ["person", "forklift"]
    assert found.row("person").objects == 82
    assert found.unit == "fraction"


def test_without_a_test_split_it_is_valid_that_is_reported():
    assert figures(version(train=trained({"valid": RESULTS["test"]}))).split == "valid"


def test_a_model_without_results_has_the_percentages_of_its_page():
    found = figures(version(model=MODEL))
    assert found.overall.figures == {"mAP@50": 0.6287, "precision": 0.2344, "recall": 0.8529}
    assert (found.split, found.classes) == (None, ())


def test_a_training_reports_its_figures_and_latency_by_hardware():
    model = a_model("acme/dock-3-rfdetr-t1", metrics={"map50": 0.9, "f1": 81, "latency": {"T4": 1.98}})
    found = figures(version(), model)
    assert (found.overall.figures, found.latency_ms) == ({"mAP@50": 0.9, "F1": 0.81}, {"T4": 1.98})


def test_an_evaluation_goes_before_everything_else():
    evaluation = Evaluation.model_validate({"evalId": "e1", "status": "done", "summary": {"mAP": 0.7, "recall": 0.6}})
    by_class = PerformanceByClass.model_validate(
        {"split": "test", "classes": [{"className": "person", "map50_95": 0.4, "f1": 0.5, "recall": None}]}
    )
    found = figures(version(train=trained(), model=MODEL), evaluation=evaluation, performance=by_class)
    assert found.origin == "its model evaluation e1"
    assert found.overall.figures == {"mAP@50": 0.7, "recall": 0.6}
    assert found.row("person").figures == {"mAP@50-95": 0.4, "F1": 0.5}
    assert figures(version(train=trained()), evaluation=Evaluation(evaluation_id="e2")).origin == "its training results"


def test_a_version_that_was_never_trained_reports_nothing():
    assert figures(version()) is None
    assert figures(version(train={"status": "failed"})) is None


def test_of_several_models_the_named_then_the_recommended_then_the_own_is_meant():
    models = [a_model("t1", metrics={"map50": 0.5}), a_model("t2", recommended=True, metrics={"map50": 0.6})]
    assert choose_model(version(model=MODEL), models).model_id == "t2"
    assert choose_model(version(model=MODEL), models, "t1").others == ("t2", "dock/3")
    assert choose_model(version(model=MODEL), models[:1]).model_id == "t1"
    assert choose_model(version(), [models[0], a_model("t0")]).model_id == "t0"
    own = choose_model(version(model=MODEL), [models[0], a_model("t0")])
    assert (own.model_id, own.is_own) == ("dock/3", True)


def test_the_results_of_the_version_are_not_given_for_another_of_its_models():
    found = version(train=trained(), model=MODEL)
    models = [a_model("t1", metrics={"map50": 0.5}), a_model("t2")]
    assert figures(found, *models, model_id="t1").overall.figures == {"mAP@50": 0.5}
    assert figures(found, *models, model_id="t2") is None
    assert (
        "t1, dock/3"
        in figures(found, *models[:1], a_model("t2", metrics={"recall": 0.5}), model_id="t2").sentences()[1]
    )


def test_a_model_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(InputError, match=r"no model 'dock-3-t3'; did you mean dock-3-t2\?"):
        choose_model(version(), [a_model("dock-3-t2")], "dock-3-t3")
    with pytest.raises(InputError, match="there is none"):
        choose_model(version(), [], "t1")


def test_the_older_name_of_the_only_model_is_that_model():
    models = [a_model("acme/dock-3-rfdetr-t1")]
    assert choose_model(version(model=MODEL), models, "dock/3").model_id == "acme/dock-3-rfdetr-t1"
    assert figures(version(model=MODEL, train=trained()), *models).origin == "its training results"


def test_health_is_labelled_as_the_projects():
    health = Health.model_validate(
        {"stats": {"images": 50, "unannotated": 4, "classes": [{"name": "cap", "description": "Under Represented"}]}}
    )
    (sentence,) = health_remarks(health)
    assert sentence.startswith("Roboflow's health check of the whole project, not of this version: 50 images")
    assert sentence.endswith("under-represented: `cap`.")
    assert health_remarks(Health.model_validate({"stats": {}})) == ()


def test_a_class_is_known_by_the_name_that_its_export_has():
    reported = ReportedFigures("Roboflow", "x", None, None, None, (ReportedRow("Kürbis", {"recall": 0.5}),))
    assert reported.row("Kurbis").figures == {"recall": 0.5}
    assert reported.row("kurbis") is None


REPORTED = ReportedFigures(
    "Roboflow",
    "its training results",
    "dock/3",
    "test",
    ReportedRow("all", {"mAP@50": 0.97, "recall": 0.96}, 400),
    (ReportedRow("person", {"recall": 0.99, "precision": 0.99}, 200), ReportedRow("forklift", {"recall": 0.2}, 200)),
    {"T4": 2.0},
    ("t2",),
    ("A remark.",),
)


@pytest.fixture(scope="module")
def evidence():
    return replace(gathered(test=40, valid=20, train=20), model=None, latency=None, reported=REPORTED)


@pytest.fixture(scope="module")
def report(evidence):
    return decide(evidence, a_spec(), as_of=StillClock().now())


def test_reported_figures_prove_nothing_however_good_they_are(report):
    assert report.readiness_state is ReadinessState.BLOCKED
    assert report.blocked_by is BlockedBy.EVIDENCE
    assert {one.outcome for one in report.requirements} == {Outcome.INCONCLUSIVE}
    assert (report.score, report.confidence) == (0, 0.0)
    assert all(one.measured is None for one in report.requirements)


def test_no_reported_figure_ever_fails_or_passes_a_requirement(evidence):
    for value in (0.0, 0.5, 1.0):
        row = ReportedRow("person", dict.fromkeys(("recall", "precision", "mAP@50", "mAP@50-95"), value), 10**6)
        changed = replace(
            evidence, reported=replace(REPORTED, overall=row, classes=(row, replace(row, label="forklift")))
        )
        report = decide(changed, a_spec(), as_of=StillClock().now())
        assert report.blocked_by is BlockedBy.EVIDENCE
        assert not report.deployable


def test_the_card_says_what_is_reported_and_the_command_that_would_measure_it(report):
    assert report.headline == "Not re-measured: Roboflow reports mAP@50 97.0 %."
    first = report.fixes[0]
    assert first.title == "Measure it: `vision-readiness check acme/dock/3 --hosted`, 60 hosted calls"
    assert (first.amount, first.unit, first.code) == (60, "hosted calls", "MODEL412")
    assert "60 hosted calls" in report.next_action.sentence
    recall = next(one for one in report.requirements if one.requirement.metric is Metric.RECALL)
    assert recall.because == (
        "Roboflow reports recall 99.0 % of `person` on test (its training results, 200 objects);"
        " it was not re-measured. It needs 90 %."
    )
    assert recall.code == "MODEL412"
    assert "Not re-measured" in str(report)


def test_what_is_not_reported_is_said_so():
    assert REPORTED.sentence(Metric.PRECISION, "forklift").startswith("Roboflow reports no precision of `forklift`;")
    assert "lighting night" in REPORTED.sentence(Metric.RECALL, "person", (("lighting", "night"),))
    assert "no false alarms per 1000" in REPORTED.sentence(Metric.FALSE_ALARMS, None)
    assert replace(REPORTED, overall=None).headline() == "Not re-measured: Roboflow reports figures by class only"


def test_the_figures_are_in_the_report_and_in_evidence_that_is_kept(evidence, report):
    assert report.figures.reported == REPORTED
    assert report.subject.model == "dock/3"
    assert report_from_dict(report.to_dict()) == report
    again = Evidence.from_bytes(evidence.to_bytes())
    assert (again.reported, again.digest) == (REPORTED, evidence.digest)
    assert evidence.digest != replace(evidence, reported=None).digest


def test_evidence_with_an_impossible_figure_is_refused(evidence):
    wrong = replace(evidence, reported=replace(REPORTED, overall=ReportedRow("all", {"recall": 62.9})))
    with pytest.raises(EvidenceError, match="not between 0 and 1"):
        Evidence.from_bytes(wrong.to_bytes())


def test_a_measured_model_has_no_use_for_reports(evidence):
    assert explain("not-re-measured").code == "MODEL412"
    plain = decide(replace(evidence, reported=None), a_spec(), as_of=StillClock().now())
    assert plain.headline == "There is no model to judge."
