from __future__ import annotations

import json
import pickle
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from tests.adapters.exports import picture
from tests.adapters.served import Broken, Served, linked, packed, packed_folder, said
from tests.small_export import perfect_answers, small_export
from vision_readiness import sources
from vision_readiness.advisor import Advisor
from vision_readiness.errors import InputError, SourceError, TaskError
from vision_readiness.project import Preprocessing, Resize, Split, Task, VersionId
from vision_readiness.readiness import BlockedBy
from vision_readiness.roboflow import Response, Unavailable
from vision_readiness.roboflow.errors import DeadlineError, KeyRejectedError, NotFoundError, ServerFailedError
from vision_readiness.sources import open_source
from vision_readiness_adapters.errors import ExportError, NoSuchVersionError
from vision_readiness_adapters.export_download import ExportStore
from vision_readiness_adapters.export_folder import ExportFolder, open_folder
from vision_readiness_adapters.given_answers import open_predictions
from vision_readiness_adapters.offline_workspace import OfflineWorkspace, open_workspace
from vision_readiness_adapters.progress_bar import Quiet
from vision_readiness_adapters.remote_openers import open_hosted
from vision_readiness_adapters.roboflow_source import RoboflowSource, open_roboflow_source
from vision_readiness_adapters.spec_file import open_spec
from vision_readiness_adapters.this_machine import SystemClock

VERSION = "/acme/cells/3"
NAMED = VersionId("acme", "cells", 3)
SETTINGS = {
    "preprocessing": {
        "resize": {"enabled": True, "width": "416", "height": 320, "format": "Fit (white edges) in"},
        "auto-orient": {"enabled": True},
    },
    "augmentation": {
        "rotate": {"enabled": True, "degrees": "5"},
        "blur": {"enabled": False},
        "flip": {"enabled": True, "horizontal": True},
        "image": {"enabled": True, "versions": "3"},
    },
}
RESULTS = {"class": "all", "precision": "0.8", "recall": "0.75", "map50": "0.547", "map95": "0.3", "targets": "82"}
TRAINED = {
    "model": {"id": "cells/3", "map": "62.87", "recall": "85.29", "precision": "23.44"},
    "train": {"status": "finished", "results": {"class_map": {"test": [RESULTS, {**RESULTS, "class": "red"}]}}},
}


def payload(kind="object-detection", **fields):
    body = {"id": "acme/cells/3", "created": 1630335698.7, "images": 7, "splits": {"train": 2}, **SETTINGS, **fields}
    return {
        "workspace": {"url": "acme"},
        "project": {"id": "acme/cells", "type": kind},
        "version": {key: value for key, value in body.items() if value is not None},
    }


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """An export of the version, with what ``version.json`` says of it."""
    root = small_export(tmp_path_factory.mktemp("offline") / "acme/cells/3")
    (root / "version.json").write_text(json.dumps(payload()))
    return root


@pytest.fixture
def store(tmp_path):
    return ExportStore(tmp_path / "store")


def served(export, **routes):
    data = export if isinstance(export, bytes) else packed_folder(export)
    known = {VERSION: said(payload()), f"{VERSION}/coco": linked()}
    return Served({**known, **routes}, [Broken(data)])


def source(roboflow, store, named=NAMED, **options):
    return RoboflowSource(roboflow.client(), store, named, **options)


def plain(report):
    return {key: value for key, value in report.to_dict().items() if key != "provenance"}


class Still(SystemClock):
    """A clock of which a report keeps nothing but its start."""


def advisor_on(one):
    openers = {"predictions": open_predictions, "spec": open_spec}
    return Advisor(one, Still(), Quiet(), openers=openers)


def test_a_version_is_that_of_its_export_folder_with_the_settings_of_the_api(export, store):
    found = source(served(export), store).version()
    same = ExportFolder(export).version()
    assert (found.id, found.preprocessing, found.augmentation) == (same.id, same.preprocessing, same.augmentation)
    assert found.preprocessing == Preprocessing(416, 320, Resize.LETTERBOX, padding=255)
    assert found.augmentation == ("rotate", "flip")
    assert found.dataset.images.key == same.dataset.images.key
    assert found.announcements == same.announcements == ()
    assert set(found.beside) == {"export"}


def test_the_report_is_byte_for_byte_that_of_the_export_folder(export, store, tmp_path):
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(perfect_answers(export)))
    roboflow = served(export, **{VERSION: said(payload(**TRAINED))})
    given = {"predictions": str(answers)}
    here = advisor_on(ExportFolder(export)).readiness(**given)
    there = advisor_on(source(roboflow, store)).readiness(**given)
    assert json.dumps(plain(here), sort_keys=True) == json.dumps(plain(there), sort_keys=True)
    assert here.id == there.id
    assert there.figures.reported is None
    assert {request.path for request in roboflow.sent if request.host == "api"} == {VERSION, f"{VERSION}/coco"}


def test_a_source_of_many_versions_has_the_keys_of_an_offline_workspace(export, store):
    found = source(served(export), store, None).version("acme/cells", 3)
    same = OfflineWorkspace(export.parents[2]).version("acme/cells", 3)
    assert found.dataset.images.key == same.dataset.images.key
    images = source(served(export), store, None).images
    assert pickle.loads(pickle.dumps(images)).read(found.dataset.images.key[0])  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("kind", "form", "task", "files"),
    [
        ("single-label-classification", "folder", Task.CLASSIFICATION, {"train/a/1.jpg": "", "test/b/2.jpg": ""}),
        ("multi-label-classification", "multiclass", Task.MULTILABEL, {"train/_classes.csv": "filename, a\n1.jpg, 1"}),
    ],
)
def test_each_task_has_its_format(store, kind, form, task, files):
    data = packed({**{name: text or picture() for name, text in files.items()}, "train/1.jpg": picture()})
    roboflow = served(data, **{VERSION: said(payload(kind, images=2)), f"{VERSION}/{form}": linked()})
    assert source(roboflow, store).version().dataset.task is task


def test_a_project_of_masks_is_judged_by_masks(store):
    box = {"id": 0, "image_id": 0, "category_id": 1, "bbox": [1, 1, 4, 3], "segmentation": [[1, 1, 5, 1, 5, 4]]}
    document = {
        "images": [{"id": 0, "file_name": "a.jpg", "width": 8, "height": 6}],
        "annotations": [box],
        "categories": [{"id": 1, "name": "cat", "supercategory": "none"}],
    }
    data = packed({"train/_annotations.coco.json": json.dumps(document), "train/a.jpg": picture()})
    routes = {VERSION: said(payload("instance-segmentation", images=1)), f"{VERSION}/coco-segmentation": linked()}
    assert source(served(data, **routes), store).version().dataset.objects.masks is not None
    detection = source(served(data, **{VERSION: said(payload(images=1))}), store).version()
    assert detection.dataset.task is Task.DETECTION


@pytest.mark.parametrize("kind", ["semantic-segmentation", "keypoint-detection", "something new"])
def test_a_task_that_is_not_judged_costs_no_download(export, store, kind):
    roboflow = served(export, **{VERSION: said(payload(kind))})
    with pytest.raises(TaskError, match=kind):
        source(roboflow, store).version()
    assert not roboflow.downloads()


@pytest.mark.parametrize("not_yet", [{"generating": True, "progress": 1.48}, {"images": 0}, {"images": None}])
def test_a_version_that_is_being_generated_is_awaited(export, store, not_yet):
    roboflow = served(export, **{VERSION: [said(payload(**not_yet)), said(payload(**not_yet)), said(payload())]})
    assert len(source(roboflow, store).version().dataset.images) == 7
    assert roboflow.now == 10.0


def test_a_version_that_does_not_get_ready_is_one_clear_error(export, store):
    roboflow = served(export, **{VERSION: said(payload(generating=True, progress=0.5))})
    with pytest.raises(DeadlineError, match=r"acme/cells/3 is still being generated after 1 minutes.*50 % done"):
        source(roboflow, store, ready_seconds=60).version()
    assert not roboflow.downloads()
    with pytest.raises(DeadlineError, match="has no images"):
        source(served(export, **{VERSION: said(payload(images=0))}), store, ready_seconds=60).version()


def listed(*numbers):
    return said(
        {"project": {"id": "acme/cells", "versions": [{"id": f"acme/cells/{n}", "images": 7} for n in numbers]}}
    )


def test_without_a_number_it_is_the_newest(export, store):
    roboflow = served(export, **{"/acme/cells": listed(3, 1, 2)})
    assert source(roboflow, store, VersionId("acme", "cells", None)).version().id == NAMED
    with pytest.raises(InputError, match="no version yet"):
        source(served(export, **{"/acme/cells": listed()}), store, VersionId("acme", "cells", None)).version()


@pytest.mark.parametrize("status", [404, 500])
def test_a_version_that_is_not_there_is_answered_with_those_there_are(export, store, status):
    roboflow = served(export, **{"/acme/cells/9": Response(status), "/acme/cells": listed(1, 2)})
    with pytest.raises(NotFoundError, match="no version 9; there is 1, 2"):
        source(roboflow, store, None).version("acme/cells", 9)


def test_a_project_that_is_not_there_is_answered_with_the_nearest(export, store):
    workspace = said({"workspace": {"url": "acme", "projects": [{"id": "acme/cells"}, {"id": "acme/docks"}]}})
    roboflow = served(export, **{"/acme": workspace})
    with pytest.raises(NotFoundError, match=r"acme has no project cell; did you mean cells\?"):
        source(roboflow, store, None).version("acme/cell", 3)
    with pytest.raises(NotFoundError, match="404"):
        source(served(export), store, None).version("nobody/cell", 3)


def test_trouble_of_roboflows_own_is_told_as_such(export, store):
    with pytest.raises(ServerFailedError, match="503"):
        source(served(export, **{VERSION: Response(503)}), store).version()


def test_a_workspace_that_is_not_named_is_that_of_the_key(export, store):
    roboflow = served(export, **{"/": said({"workspace": "acme"})})
    assert source(roboflow, store, VersionId(None, "cells", 3)).version().id == NAMED
    assert source(served(export), store, VersionId(None, "cells", 3), workspace="acme").version().id == NAMED


@pytest.mark.parametrize("project", ["../evil", "a b/c", "a/b/c/d"])
def test_what_names_no_project_is_refused(export, store, project):
    with pytest.raises(InputError, match="give workspace/project"):
        source(served(export), store, None).version(project, 3)
    with pytest.raises(InputError, match="no project is named"):
        source(served(export), store, None).version()


def test_a_source_of_one_version_gives_no_other(export, store):
    roboflow = served(export, **{"/acme/cells/4": said(payload(id="acme/cells/4"))})
    with pytest.raises(NoSuchVersionError, match="acme/cells/3 is what was opened"):
        source(roboflow, store).version("acme/cells", 4)
    assert source(roboflow, store).version("cells").id == NAMED


def test_an_export_that_cannot_be_read_is_not_kept(export, store):
    broken = packed({"train/_annotations.coco.json": "[1", "train/a.jpg": picture()})
    with pytest.raises(ExportError, match="not complete JSON"):
        source(served(broken), store).version()
    assert source(served(export), store).version().id == NAMED


def test_images_that_are_missing_from_the_export_are_announced(export, store):
    roboflow = served(export, **{VERSION: said(payload(images=9))})
    (sentence,) = source(roboflow, store).version().announcements
    assert sentence == "Roboflow counts 9 images in acme/cells/3, and its export holds 7."


def provisional(export, store, **routes):
    roboflow = served(export, **{VERSION: said(payload(**TRAINED)), **routes})
    return advisor_on(source(roboflow, store))


def test_without_a_model_the_card_is_provisional_and_free(export, store):
    report = provisional(export, store).readiness()
    assert report.headline == "Not re-measured: Roboflow reports mAP@50 54.7 %."
    assert report.blocked_by is BlockedBy.EVIDENCE
    assert report.figures.reported.row("red").figures["recall"] == 0.75
    assert report.subject.model == "cells/3"
    assert report.fixes[0].title == "Measure it: `vision-readiness check acme/cells/3 --hosted`, 5 hosted calls"
    assert not [one for one in report.data.announcements if "could not be read" in one]


MODELS = {
    f"{VERSION}/v2/trainings": said({"trainings": [{"trainingId": "t1"}]}),
    f"{VERSION}/v2/trainings/get": said(
        {
            "trainingId": "t1",
            "models": [
                {"modelId": "cells-3-nano-t1", "metrics": {"map50": 0.5}},
                {"modelId": "cells-3-large-t1", "metrics": {"map50": 0.6}, "recommended": True},
            ],
        }
    ),
}


def test_of_several_models_the_one_meant_is_said_and_can_be_chosen(export, store):
    first = provisional(export, store, **MODELS).readiness()
    assert first.figures.reported.model == "cells-3-large-t1"
    assert any("cells-3-nano-t1, cells/3" in sentence for sentence in first.data.announcements)
    asked = "vision-readiness check acme/cells/3 --hosted --model-id acme/cells-3-large-t1"
    assert first.fixes[0].title == f"Measure it: `{asked}`, 5 hosted calls"
    second = provisional(export, store, **MODELS).readiness(model_id="acme/cells-3-nano-t1")
    assert second.headline == "Not re-measured: Roboflow reports mAP@50 50.0 %."
    with pytest.raises(InputError, match="did you mean"):
        provisional(export, store, **MODELS).readiness(model_id="cells-3-nano-t2")


def test_of_several_models_none_is_asked_by_the_name_of_the_version(export, store):
    version = source(served(export, **MODELS), store).version()
    for named in (None, "cells/3"):
        with pytest.raises(InputError) as refused:
            open_hosted(named, version=version, api_key="k")
        assert "has 2 models" in str(refused.value)
        assert "acme/cells-3-large-t1, acme/cells-3-nano-t1" in str(refused.value)
    chosen = open_hosted("acme/cells-3-nano-t1", version=version, api_key="k")
    assert (chosen.card.name, chosen.card.trained_on) == ("acme/cells-3-nano-t1", version.id)


@pytest.mark.parametrize(("answer", "named"), [(Response(404), "cells/3"), (said({"trainings": []}), "cells/3")])
def test_where_no_list_of_models_is_to_be_had_the_name_of_the_version_is_asked(export, store, answer, named):
    version = source(served(export, **{f"{VERSION}/v2/trainings": answer}), store).version()
    assert open_hosted(version=version, api_key="k").card.name == named


def test_an_evaluation_that_names_no_model_is_kept_and_said(export, store):
    row = {"evalId": "e1", "status": "done", "versionId": "3", "modelId": None}
    routes = {
        **MODELS,
        "/acme/model-evals": said({"evals": [row]}),
        "/acme/model-evals/e1": said({"evalId": "e1", "status": "done", "summary": {"mAP": 0.7}}),
    }
    report = provisional(export, store, **routes).readiness()
    assert report.figures.reported.origin == "its model evaluation e1"
    assert any("e1 does not say which model of acme/cells/3" in sentence for sentence in report.data.announcements)


def test_an_evaluation_is_taken_where_there_is_one_that_is_done(export, store):
    rows = [
        {"evalId": "e0", "status": "done", "versionId": "3", "createdAt": "2026-01-01T00:00:00Z"},
        {"evalId": "e1", "status": "done", "versionId": "3", "createdAt": "2026-02-01T00:00:00Z"},
        {"evalId": "e2", "status": "running", "versionId": "3", "createdAt": "2026-03-01T00:00:00Z"},
        {"evalId": "e3", "status": "done", "versionId": "2", "createdAt": "2026-04-01T00:00:00Z"},
    ]
    routes = {
        "/acme/model-evals": said({"evals": rows}),
        "/acme/model-evals/e1": said({"evalId": "e1", "status": "done", "summary": {"mAP": 0.7}}),
        "/acme/model-evals/e1/performance-by-class": said(
            {"split": "test", "classes": [{"className": "red", "recall": 0.6}]}
        ),
    }
    reported = provisional(export, store, **routes).readiness().figures.reported
    assert (reported.origin, reported.row("red").figures) == ("its model evaluation e1", {"recall": 0.6})


@pytest.mark.parametrize("status", [401, 402, 403, 404, 409, 423])
def test_what_the_plan_or_the_key_does_not_open_is_left_out_in_silence(export, store, status):
    closed = Response(status)
    routes = dict.fromkeys(("/acme/model-evals", "/acme/cells/health", f"{VERSION}/v2/trainings"), closed)
    report = provisional(export, store, **routes).readiness()
    assert len(report.data.announcements) == 1
    assert report.figures.reported.origin == "its training results"


@pytest.mark.parametrize("answer", [Response(500), Response(200, body=b"<html>oops"), Response(200, body=b'{"x": 1}')])
def test_what_fails_beside_the_road_is_a_remark_and_no_error(export, store, answer):
    routes = dict.fromkeys(("/acme/model-evals", "/acme/cells/health", f"{VERSION}/v2/trainings"), answer)
    report = provisional(export, store, **routes).readiness()
    assert sum("could not be read" in sentence for sentence in report.data.announcements) == 3
    assert report.figures.reported.origin == "its training results"


def test_health_and_evaluations_are_read_where_they_are_open(export, store):
    health = said({"stats": {"images": 50, "unannotated": 4, "classes": []}})
    one = source(served(export, **{"/acme/cells/health": health}), store)
    assert one.health("acme/cells").scope == "project"
    assert isinstance(one.evaluations("acme/cells", 3), Unavailable)
    report = provisional(export, store, **{"/acme/cells/health": health}).readiness()
    assert any("the whole project, not of this version" in sentence for sentence in report.data.announcements)


def test_a_version_that_was_never_trained_has_no_model_to_judge(export, store):
    report = advisor_on(source(served(export), store)).readiness()
    assert report.headline == "There is no model to judge."
    assert report.figures.reported is None


def test_the_counts_of_hosted_calls_are_the_images_that_would_be_answered(export, store):
    evidence = provisional(export, store).gather(source(served(export), store).version())
    assert evidence.images.of(Split.VALID, Split.TEST).sum() == 5


@pytest.fixture
def _no_settings(monkeypatch, tmp_path):
    for name in ("ROBOFLOW_API_KEY", "ROBOFLOW_API_URL", "API_URL", "RF_WORKSPACE", "ROBOFLOW_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ROBOFLOW_CONFIG_DIR", str(tmp_path / "no-config.json"))
    monkeypatch.setenv("VISION_READINESS_CACHE", str(tmp_path / "cache"))
    found = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    declared = found["project"]["entry-points"][sources.SOURCES]
    entries = [EntryPoint(name, value, sources.SOURCES) for name, value in declared.items()]
    monkeypatch.setattr(sources, "entry_points", lambda group: entries if group == sources.SOURCES else [])
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("_no_settings")
@pytest.mark.parametrize(
    ("where", "named"),
    [
        ("acme/cells/3", NAMED),
        ("roboflow:acme/cells/3", NAMED),
        ("https://app.roboflow.com/acme/cells/models/cells/3", NAMED),
        ("acme/cells", VersionId("acme", "cells", None)),
        ("roboflow:cells/3", VersionId(None, "cells", 3)),
        ("roboflow:", None),
    ],
)
def test_every_form_of_a_name_opens_roboflow(monkeypatch, where, named):
    monkeypatch.setenv("ROBOFLOW_API_KEY", "aKeyOfSomebody")
    opened = open_source(where, Quiet())
    assert isinstance(opened, RoboflowSource)
    assert opened.named == named
    assert "aKeyOfSomebody" not in repr(opened)
    assert opened.store.root.name == "api.roboflow.com"


@pytest.mark.usefixtures("_no_settings")
def test_without_a_key_one_line_says_how_to_get_one():
    with pytest.raises(KeyRejectedError) as raised:
        open_source("acme/cells/3")
    said_once = str(raised.value)
    assert "There is no folder 'acme/cells/3' here" in said_once
    assert all(word in said_once for word in ("ROBOFLOW_API_KEY", "Settings -> API Keys", "roboflow login"))
    with pytest.raises(KeyRejectedError, match=r"^To read from Roboflow a key is needed"):
        open_source("roboflow:")


@pytest.mark.usefixtures("_no_settings")
def test_the_key_of_roboflow_login_is_found(monkeypatch, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"workspaces": {"a": {"url": "acme", "apiKey": "kept"}}}))
    monkeypatch.setenv("ROBOFLOW_CONFIG_DIR", str(config))
    assert isinstance(open_source("acme/cells/3"), RoboflowSource)


@pytest.mark.usefixtures("_no_settings")
def test_an_existing_path_wins_and_says_so_unless_it_is_forced(monkeypatch, export, tmp_path):
    small_export(tmp_path / "acme/cells/3")
    version = open_source("acme/cells/3").version()
    assert version.announcements[0] == (
        "acme/cells/3 is read from the folder of that name; roboflow:acme/cells/3 means the version on Roboflow."
    )
    assert open_source("folder:acme/cells/3").version().announcements == ()
    assert open_source(str(tmp_path / "acme/cells/3")).version().announcements == ()
    assert isinstance(open_source("folder:.").images, type(open_workspace(str(tmp_path)).images))
    monkeypatch.setenv("ROBOFLOW_API_KEY", "aKeyOfSomebody")
    assert isinstance(open_source("roboflow:acme/cells/3"), RoboflowSource)


@pytest.mark.usefixtures("_no_settings")
@pytest.mark.parametrize("where", ["nowhere", "./a/b", "/no/such/folder", "folder:acme/cells/3", "a\0b", ""])
def test_what_is_nowhere_is_not_looked_for_on_roboflow(monkeypatch, where):
    monkeypatch.setenv("ROBOFLOW_API_KEY", "aKeyOfSomebody")
    with pytest.raises(SourceError, match=r"there is nothing at|holds no|is empty"):
        open_source(where)


@pytest.mark.usefixtures("_no_settings")
def test_a_forced_name_that_is_none_says_so():
    with pytest.raises(InputError, match="names nothing on Roboflow"):
        open_roboflow_source("roboflow:a b/c")
    assert open_roboflow_source("one-word") is None
    assert open_folder("one-word") is None


def test_progress_reaches_the_source(export, store):
    seen = []

    class Steps:
        def track(self, items, what):
            seen.append(what)
            return items

    one = source(served(export), store).showing(Steps())
    one.version()
    assert seen == ["Roboflow builds acme/cells/3", "downloading acme/cells/3", "unpacking acme/cells/3"]
    assert repr(one) == "RoboflowSource('acme/cells/3')"


def test_the_second_check_downloads_nothing(export, store):
    source(served(export), store).version()
    again = Served({VERSION: said(payload())})
    assert source(again, store).version().id == NAMED
    assert len(again.sent) == 1
