import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from tests.sdk.decide.cases import fast, gathered
from tests.small_export import small_export
from vision_readiness.advisor import Advisor, spec_in_force, written_spec
from vision_readiness.errors import InputError, SourceError
from vision_readiness.predict.interface import Answer, Device
from vision_readiness.project import ModelCard, ProjectVersion, Split, Task, VersionId
from vision_readiness.readiness import BlockedBy, ReadinessState
from vision_readiness.situations import with_situations
from vision_readiness.sources import open_source
from vision_readiness.spec import ClassRule, DeploymentSpec
from vision_readiness.stopwatch import Stopwatch
from vision_readiness.testing import MemoryImages, SilentProgress, StillClock, a_dataset, an_image

BOX = (0.0, 0.0, 20.0, 20.0)


class OneSource:
    """A source with one version."""

    def __init__(self, version, images):
        self._version, self.images = version, images

    def version(self, project=None, number=None):
        return self._version


class Finder:
    """A model that finds the same box in every picture, or fails on those it is told to."""

    device = Device("bench")

    def __init__(self, clock, *, seconds=0.02, failing=()):
        self.card = ModelCard("finder", "0" * 64, Task.DETECTION, ("box",), trained_on=VersionId("acme", "boxes", 1))
        self.clock, self.seconds, self.calls = clock, seconds, 0

    def predict(self, picture):
        self.calls += 1
        self.clock.advance(self.seconds)
        return Answer(np.zeros(1, np.int32), np.array([0.9]), np.array([BOX]), None, {"infer": self.seconds})


def composed(test=30, **changes):
    keys = [f"train/a{n}.png" for n in range(4)] + [f"valid/b{n}.png" for n in range(10)]
    keys += [f"test/c{n}.png" for n in range(test)]
    dataset = a_dataset({key: [("box", BOX)] for key in keys}, size=(48, 48))
    rng = np.random.default_rng(0)
    files = {
        key: an_image(np.kron(rng.integers(20, 235, (12, 12, 3), dtype=np.uint8), np.ones((4, 4, 1), np.uint8)), "PNG")
        for key in keys
    }
    version = ProjectVersion(VersionId("acme", "boxes", 1), dataset)
    clock = StillClock()
    return Advisor(OneSource(version, MemoryImages(files)), clock, SilentProgress(), **changes), clock


def test_an_advisor_composed_by_hand_needs_no_file_and_no_clock():
    advisor, clock = composed()
    model = Finder(clock)
    report = advisor.readiness(model=model, calls=60)
    assert (
        report.readiness_state is ReadinessState.BLOCKED
    )  # timed on "bench", and the assumed spec is for this machine
    assert report.blocked_by is BlockedBy.EVIDENCE
    (box,) = report.figures.classes
    assert (box.recall.value, box.precision.value) == (1.0, 1.0)
    assert report.expected_runtime.p95_ms.value == pytest.approx(20.0)
    assert report.provenance.created_at.startswith("2026-01-01")


def test_only_evaluation_images_are_answered():
    advisor, clock = composed()
    model = Finder(clock)
    advisor.gather(advisor.source.version(), model=model, calls=0)
    assert model.calls == 40


def test_the_stages_of_a_run_are_timed():
    advisor, clock = composed()
    evidence = advisor.gather(advisor.source.version(), model=Finder(clock), calls=60)
    assert set(evidence.seconds) == {"inspect", "predict", "evaluate", "benchmark"}
    assert evidence.seconds["predict"] == pytest.approx(40 * 0.02)


def test_times_that_are_brought_along_are_not_taken_again():
    advisor, clock = composed()
    model = Finder(clock)
    evidence = advisor.gather(advisor.source.version(), model=model, latency=fast())
    assert model.calls == 40
    assert evidence.latency.device == "dock-pc"


def test_a_parent_is_judged_on_the_same_images():
    advisor, clock = composed()
    evidence = advisor.gather(advisor.source.version(), model=Finder(clock), parent=Finder(clock), calls=0)
    change, lower, upper = evidence.model.against_parent[0]
    assert change == 0
    assert lower == -upper < 0
    report = advisor.decide(evidence)
    assert report.figures.parent.parent == "finder"
    assert not report.figures.parent.classes[0].lost


def test_without_a_model_the_data_set_is_judged_alone():
    advisor, _ = composed()
    report = advisor.readiness()
    assert report.subject.model is None
    assert report.headline == "There is no model to judge."
    assert [stage.stage for stage in report.stages] == ["dataset", "model", "deployment"]


def test_pictures_that_cannot_be_read_are_passed_over():
    advisor, clock = composed(test=3)
    images = advisor.source.images
    advisor.source.images = MemoryImages(dict.fromkeys(images.files, b""))
    dataset = advisor.source.version().dataset
    assert advisor.parts.pictures(dataset.images.key, 5) == []
    assert advisor.parts.time(Finder(clock), dataset, 10) is None


def test_conditions_come_from_file_names():
    advisor, clock = composed()
    version = advisor.source.version()
    evidence = advisor.gather(version, model=Finder(clock), calls=0)
    spec = spec_in_force(evidence, file_name_pattern=r"c(?P<belt>\d)")
    assert with_situations(evidence, spec).images.conditions["belt"].origin == "file name"
    assert set(spec.conditions) == {"belt"}


def test_a_name_needs_an_opener_of_its_kind():
    advisor, _ = composed()
    with pytest.raises(InputError, match="opens a model"):
        advisor.readiness(model="model.onnx")
    with pytest.raises(InputError, match="opens a spec"):
        advisor.readiness(spec="spec.yaml")
    opened = replace(
        advisor, openers={"spec": lambda path: DeploymentSpec(approved_by=path, classes={"box": ClassRule()})}
    )
    assert not opened.readiness(spec="Neha").assumptions


def test_the_first_spec_there_is_counts_given_saved_beside_and_last():
    specs = {name: DeploymentSpec(project=name) for name in ("given", "beside", "last")}
    every = {"saved": "project: saved", "beside": "beside", "last": specs["last"], "opener": specs.__getitem__}
    found = [written_spec(specs["given"], **every), written_spec("given", **every)]
    for name in ("saved", "beside", "last"):
        found.append(written_spec(**every))
        every[name] = None
    assert [spec.project for spec in found] == ["given", "given", "saved", "beside", "last"]
    assert written_spec(**every) is None


def test_earlier_looks_stand_in_the_report_and_its_id():
    advisor, _ = composed()
    evidence = advisor.gather(advisor.source.version(), calls=0)
    first, again = advisor.decide(evidence), advisor.decide(evidence, history=("look-1",))
    assert (first.history, again.history) == ((), ("look-1",))
    assert first.id != again.id


def test_a_spec_in_python_is_taken_as_it_is():
    advisor, clock = composed()
    spec = DeploymentSpec(approved_by="Neha", classes={"box": ClassRule(min_recall=0.8, min_precision=0.8)})
    report = advisor.readiness(spec=spec, model=Finder(clock), calls=0)
    assert report.readiness_state is ReadinessState.WARNING  # nobody named a device
    assert {one.code for one in report.findings} >= {"TARGET507"}


def test_connect_finds_a_folder_and_everything_it_needs(tmp_path, monkeypatch):
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path / "cache"))
    advisor = Advisor.connect(str(small_export(tmp_path / "cells")))
    assert {"model", "spec", "predictions", "latency", "waivers"} <= set(advisor.openers)
    assert advisor.source.version().id.project == "cells"
    assert advisor.readiness().blocked_by is BlockedBy.EVIDENCE


def test_connect_says_that_there_is_nothing(tmp_path):
    with pytest.raises(SourceError, match="there is nothing at"):
        open_source(str(tmp_path / "nowhere"))


def test_deciding_looks_at_the_evidence_alone():
    advisor, _ = composed()
    elsewhere = replace(advisor, source=None)
    evidence = gathered(missed={"forklift": 60})
    assert elsewhere.decide(evidence).subject.project == "dock"


def test_a_stage_that_is_entered_again_goes_on_counting():
    clock = StillClock()
    watch = Stopwatch(clock)
    for seconds in (1.0, 2.0):
        with watch.stage("predict"):
            clock.advance(seconds)
    with pytest.raises(ZeroDivisionError), watch.stage("evaluate"):
        clock.advance(1 / 0)
    assert watch.seconds == {"predict": 3.0, "evaluate": 0.0}


def test_importing_the_advisor_loads_nothing_heavy():
    heavy = ["onnxruntime", "pycocotools", "pandas", "joblib", "typer", "httpx"]
    code = f"import vision_readiness.advisor, sys; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert ran.stdout.strip() == "[]"


def test_evaluation_splits_of_a_version_are_those_judged():
    advisor, clock = composed(test=5)
    evidence = advisor.gather(advisor.source.version(), model=Finder(clock), calls=0)
    assert evidence.judged(Split.TEST).sum() == 5


def test_the_file_name_pattern_of_the_spec_is_used_unless_another_is_given():
    advisor, _ = composed()
    spec = DeploymentSpec(file_name_pattern=r"c(?P<belt>\d)")
    facts = advisor.readiness(spec=spec, calls=0)
    other = advisor.readiness(spec=spec, calls=0, file_name_pattern=r"c\d(?P<lane>\d)")
    assert facts.id != other.id
    evidence = advisor.gather(advisor.source.version(), calls=0)
    assert advisor.decide(evidence, spec=spec).id == facts.id
    assert advisor.decide(evidence, spec=spec, file_name_pattern=r"c\d(?P<lane>\d)").id == other.id


def test_training_images_are_asked_about_only_when_told_and_prove_nothing():
    advisor, clock = composed()
    without, model = advisor.gather(advisor.source.version(), model=Finder(clock), calls=0), Finder(clock)
    asked = advisor.gather(advisor.source.version(), model=model, calls=0, train_images=3)
    assert model.calls == 40 + 3
    assert without.model.on_train is None
    assert asked.model.on_train.answered.sum() == 3
    assert advisor.decide(asked).requirements == advisor.decide(without).requirements
    assert {fit.train_n for fit in advisor.decide(asked).figures.split_fits} == {3}


def test_a_training_image_that_fails_is_no_missing_evidence():
    advisor, clock = composed()
    version = advisor.source.version()
    files = {key: data for key, data in advisor.source.images.files.items() if key != "train/a0.png"}
    broken = replace(advisor, source=OneSource(version, MemoryImages(files)))
    evidence = broken.gather(version, model=Finder(clock), calls=0, train_images=4)
    assert evidence.model.failed == {}
    assert evidence.model.on_train.answered.sum() == 3
