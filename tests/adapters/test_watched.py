from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime

import pytest

from tests.adapters.receiver import receiving
from tests.small_workspace import NUMBER, PROJECT, WORKSPACE, small_workspace
from vision_readiness.deliveries import Event, EventType, Secret, Subject, parse_event, verify
from vision_readiness.deliveries.errors import NotAcceptedError
from vision_readiness.deliveries.watch import ProjectSeen, Snapshot, VersionSeen, changes, history
from vision_readiness.deliveries.watcher import Watcher
from vision_readiness.errors import InputError, SourceError
from vision_readiness.roboflow import RetryPolicy, RoboflowClient
from vision_readiness.roboflow.errors import KeyRejectedError, NotFoundError, RateLimitedError
from vision_readiness_adapters.roboflow_http import LiveTransport
from vision_readiness_adapters.roboflow_settings import Secret as Key
from vision_readiness_adapters.roboflow_settings import Settings
from vision_readiness_adapters.testing import Behaviour, Fault, FaultKind, serve
from vision_readiness_adapters.testing.shelf import Shelf
from vision_readiness_adapters.watched import HttpDoor, WatchedFolder, WatchedRoboflow, WatermarkFile, open_watched

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 12, 5, 0, tzinfo=UTC)
SECRET = Secret(b"a secret of thirty-two bytes, yes")


@pytest.fixture
def workspace(tmp_path):
    made = small_workspace(tmp_path / "workspace")
    rewrite(made, NUMBER, trainings=[])
    return made


def folder_of(workspace, number):
    return workspace / WORKSPACE / PROJECT / str(number)


def rewrite(workspace, number, **version):
    path = folder_of(workspace, number) / "version.json"
    notes = json.loads(path.read_text())
    notes["version"] |= {"id": f"{WORKSPACE}/{PROJECT}/{number}", **version}
    path.write_text(json.dumps(notes))


def add_version(workspace, number, **version):
    shutil.copytree(folder_of(workspace, NUMBER), folder_of(workspace, number))
    rewrite(workspace, number, **version)


@pytest.fixture
def fake(workspace):
    with serve(workspace) as serving:
        yield serving


def again(fake, workspace):
    """The fake with what lies in its folder now."""
    fake.fake.service.shelf = Shelf(workspace)


def watched(fake, project=None, key="fake-key"):
    settings = Settings(api_url=fake.url, inference_url=fake.url, key=Key(key))
    return WatchedRoboflow(RoboflowClient(LiveTransport(settings), RetryPolicy(retries=0)), WORKSPACE, project)


def told(events):
    return [(event.type.value, event.data.version, event.data.model) for event in events]


def since(watcher, before):
    return changes(before, watcher.snapshot(LATER).over(before))


def test_a_version_on_roboflow_is_announced_when_it_can_be_read(fake, workspace):
    watcher = watched(fake)
    before = watcher.snapshot(NOW)
    add_version(workspace, 4, generating=True, images=0)
    again(fake, workspace)
    assert told(since(watcher, before)) == []
    rewrite(workspace, 4, generating=False, images=24)
    again(fake, workspace)
    (event,) = since(watcher, before)
    assert told([event]) == [("version.created", 4, None)]
    assert (event.data.workspace, event.data.project) == (WORKSPACE, PROJECT)
    watcher.close()


def test_a_model_on_roboflow_is_announced_when_its_training_is_over(fake, workspace):
    watcher = watched(fake, PROJECT)
    before = watcher.snapshot(NOW)
    run = {"trainingId": "t1", "status": "running", "modelGroup": "g"}
    model = {"modelId": "acme/dock-7", "modelType": "rfdetr", "status": "running"}
    rewrite(workspace, NUMBER, trainings=[run | {"models": [model]}])
    again(fake, workspace)
    assert told(since(watcher, before)) == []
    rewrite(workspace, NUMBER, trainings=[run | {"models": [model | {"status": "finished"}]}])
    again(fake, workspace)
    assert told(since(watcher, before)) == [("model.trained", None, "acme/dock-7")]
    rewrite(workspace, NUMBER, model={"id": "acme/dock-7", "end": 1_789_400_000})
    again(fake, workspace)
    (event,) = since(watcher, before)
    assert told([event]) == [("model.trained", NUMBER, "acme/dock-7")]
    assert event.timestamp == datetime.fromtimestamp(1_789_400_000, UTC)
    watcher.close()


def test_images_of_a_project_on_roboflow_change(fake, workspace):
    watcher = watched(fake)
    before = watcher.snapshot(NOW)
    path = folder_of(workspace, NUMBER) / "version.json"
    notes = json.loads(path.read_text())
    notes["project"] |= {"updated": notes["project"]["updated"] + 60, "unannotated": 4}
    path.write_text(json.dumps(notes))
    again(fake, workspace)
    assert told(since(watcher, before)) == [("dataset.changed", None, None)]
    watcher.close()


def test_a_project_that_the_key_may_not_read_is_noted_and_the_others_are_watched(fake, workspace):
    shutil.copytree(folder_of(workspace, NUMBER), workspace / WORKSPACE / "gate" / "1")
    notes = workspace / WORKSPACE / "gate" / "1" / "version.json"
    notes.write_text(notes.read_text().replace(f"{PROJECT}/{NUMBER}", "gate/1").replace(f"/{PROJECT}", "/gate"))
    again(fake, workspace)
    watcher = watched(fake)
    closed = Fault(FaultKind.STATUS, f"/{WORKSPACE}/gate", status=403, times=None)
    fake.fake.behaviour = Behaviour(faults=(closed,))
    seen = watcher.snapshot(NOW)
    assert [(one.project, one.read) for one in seen.projects] == [(PROJECT, True), ("gate", False)]
    assert "is not watched for now" in seen.notes[0]
    fake.fake.behaviour = Behaviour()
    assert told(since(watcher, seen)) == []
    watcher.close()


def test_models_that_cannot_be_listed_are_not_in_the_way(fake, workspace):
    fake.fake.behaviour = Behaviour(faults=(Fault(FaultKind.STATUS, "*/models", status=403, times=None),))
    watcher = watched(fake)
    assert watcher.snapshot(NOW).projects[0].other_models is None
    watcher.close()


@pytest.mark.parametrize(("status", "error"), [(429, RateLimitedError), (503, SourceError)])
def test_trouble_of_roboflow_is_raised(fake, status, error):
    fake.fake.behaviour = Behaviour(faults=(Fault(FaultKind.STATUS, status=status, times=None),))
    watcher = watched(fake)
    with pytest.raises(error):
        watcher.snapshot(NOW)
    watcher.close()


def test_a_watch_goes_on_when_roboflow_answers_again(fake, workspace):
    accepted, said, waited, kept = [], [], [], []

    class Memory:
        def read(self):
            return kept[-1] if kept else None

        def write(self, snapshot):
            kept.append(snapshot)

    def wait(seconds):
        waited.append(seconds)
        busy = Fault(FaultKind.STATUS, status=429, retry_after="500", times=None)
        fake.fake.behaviour = Behaviour(faults=(busy,) if len(waited) < 3 else ())
        if len(waited) == 1:
            add_version(workspace, 4)
            again(fake, workspace)
        return len(waited) < 4

    watcher = watched(fake)
    Watcher(watched=watcher, watermark=Memory(), accept=accepted.append, now=lambda: NOW, say=said.append).run(60, wait)
    watcher.close()
    assert waited == [60.0, 500.0, 500.0, 60.0]
    assert told(accepted) == [("version.created", 4, None)]
    assert [line.split(" ")[0] for line in said] == ["Watching", "Roboflow", "It"]


def test_versions_and_projects_that_no_event_can_name_are_passed_over(fake, workspace):
    rewrite(workspace, NUMBER, id=f"{WORKSPACE}/{PROJECT}/99999999999")
    again(fake, workspace)
    watcher = watched(fake)
    assert watcher.snapshot(NOW).projects[0].versions == ()
    path = folder_of(workspace, NUMBER) / "version.json"
    notes = json.loads(path.read_text())
    notes["project"]["id"] = "acme/<b>"
    path.write_text(json.dumps(notes))
    again(fake, workspace)
    assert watcher.snapshot(NOW).notes == ("'acme/<b>' is not watched: its name cannot stand in an event.",)
    watcher.close()


def test_a_key_or_a_project_that_is_not_known_is_raised(fake):
    for watcher, error in ((watched(fake, key="wrong"), KeyRejectedError), (watched(fake, "nowhere"), NotFoundError)):
        with pytest.raises(error):
            watcher.snapshot(NOW)
        watcher.close()


def test_a_folder_gains_versions_models_specs_and_data(workspace):
    watcher = WatchedFolder(workspace)
    before = watcher.snapshot(NOW)
    assert told(since(watcher, before)) == []
    add_version(workspace, 4)
    assert told(since(watcher, before)) == [("version.created", 4, None), ("model.trained", 4, "model.onnx")]
    before = watcher.snapshot(NOW)
    (folder_of(workspace, 4) / "spec.yaml").write_text("approved_by: Neha\n")
    assert told(since(watcher, before)) == [("spec.changed", 4, None)]
    before = watcher.snapshot(NOW)
    (folder_of(workspace, 4) / "model.onnx").write_bytes(b"another")
    assert told(since(watcher, before)) == [("model.trained", 4, "model.onnx")]
    before = watcher.snapshot(NOW)
    (folder_of(workspace, 4) / "test" / "_annotations.coco.json").write_text("{}")
    assert told(since(watcher, before)) == [("dataset.changed", 4, None)]


def test_a_folder_whose_names_no_event_can_carry_is_noted(workspace):
    shutil.copytree(folder_of(workspace, NUMBER), workspace / WORKSPACE / "my project" / "1")
    seen = WatchedFolder(workspace).snapshot(NOW)
    assert [one.project for one in seen.projects] == [PROJECT]
    assert "'my project' is not watched" in seen.notes[0]


def test_a_folder_of_several_workspaces_is_looked_at_one_by_one(workspace):
    for name in ("acme/gate", "other/dock"):
        shutil.copytree(folder_of(workspace, NUMBER), workspace / name / "1")

    def names(*only):
        return [one.name for one in WatchedFolder(workspace, *only).snapshot(NOW).projects]

    mine = [(WORKSPACE, PROJECT), (WORKSPACE, "gate")]
    assert names() == [*mine, ("other", "dock")]
    assert names(WORKSPACE) == mine
    assert names(WORKSPACE, "gate") == [(WORKSPACE, "gate")]
    assert names("nobody") == []


def test_a_disk_that_does_not_answer_is_trouble_that_may_pass(workspace, monkeypatch):
    def broken(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("vision_readiness_adapters.watched.folders.is_export", broken)
    with pytest.raises(SourceError, match="Input/output error"):
        WatchedFolder(workspace).snapshot(NOW)


def test_an_offline_workspace_that_is_empty_or_gone_is_no_error(tmp_path):
    assert WatchedFolder(tmp_path / "nothing").snapshot(NOW).projects == ()


def test_history_of_a_folder(workspace):
    assert told(history(WatchedFolder(workspace).snapshot(NOW))) == [
        ("version.created", NUMBER, None),
        ("model.trained", NUMBER, "model.onnx"),
    ]


def test_what_is_named_is_opened(workspace, monkeypatch, tmp_path):
    monkeypatch.setenv("ROBOFLOW_API_KEY", "a-key")
    monkeypatch.chdir(tmp_path)
    assert isinstance(open_watched(str(workspace)), WatchedFolder)
    assert isinstance(open_watched(f"folder:{workspace}"), WatchedFolder)
    for where in ("acme", "acme/dock", "roboflow:acme/dock", "https://app.roboflow.com/acme/dock"):
        opened = open_watched(where)
        assert str(opened) == where.removeprefix("roboflow:").removeprefix("https://app.roboflow.com/")
        opened.close()
    for where in ("acme/dock/3", "", "folder:", "a b", "folder:nowhere", str(folder_of(workspace, NUMBER))):
        with pytest.raises(InputError):
            open_watched(where)
    monkeypatch.delenv("ROBOFLOW_API_KEY")
    monkeypatch.setenv("ROBOFLOW_CONFIG_DIR", str(tmp_path / "none.json"))
    with pytest.raises(KeyRejectedError):
        open_watched("acme/dock")


SNAPSHOT = Snapshot(
    taken=NOW, projects=(ProjectSeen(workspace="acme", project="dock", versions=(VersionSeen(number=3),)),)
)  # fmt: skip


def test_a_watermark_is_kept_whole_and_belongs_to_one_watcher(tmp_path):
    file = WatermarkFile(tmp_path / "deep" / "state.json", "acme")
    assert file.read() is None
    file.write(SNAPSHOT)
    file.write(SNAPSHOT)
    assert file.read() == SNAPSHOT
    assert list(file.path.parent.iterdir()) == [file.path]
    with pytest.raises(InputError, match="the watermark of acme: give other another --state"):
        WatermarkFile(file.path, "other").read()


def test_a_watermark_that_cannot_be_replaced_stays_as_it_was(tmp_path, monkeypatch):
    file = WatermarkFile(tmp_path / "state.json", "acme")
    file.write(SNAPSHOT)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        file.write(SNAPSHOT.model_copy(update={"projects": ()}))
    assert file.read() == SNAPSHOT
    assert list(tmp_path.iterdir()) == [file.path]


@pytest.mark.parametrize("whole", [b"", b"{}", b"\xff", b"[" * 100_000])
def test_a_damaged_watermark_is_told(tmp_path, whole):
    (tmp_path / "state.json").write_bytes(whole)
    with pytest.raises(InputError, match="remove it"):
        WatermarkFile(tmp_path / "state.json", "acme").read()
    with pytest.raises(InputError, match="cannot be"):
        WatermarkFile(tmp_path, "acme").write(SNAPSHOT)


EVENT = Event(type=EventType.SPEC_CHANGED, timestamp=NOW, data=Subject(workspace="acme", project="dock"))


def door(receiver):
    return HttpDoor.at(f"http://127.0.0.1:{receiver.port}/webhooks/roboflow", [SECRET], lambda: NOW)


def test_an_event_arrives_signed_under_its_own_id():
    with receiving() as receiver:
        door(receiver).accept(EVENT)
    headers = {name: receiver.header(name) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    body = receiver.seen[0].partition(b"\r\n\r\n")[2]
    assert verify([SECRET], headers, body, now=NOW).id == EVENT.id
    assert parse_event(body) == EVENT


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 422])
def test_a_door_that_will_never_take_it_ends_the_watch(status):
    with receiving(b"HTTP/1.1 %d No\r\n\r\n" % status) as receiver, pytest.raises(InputError, match="did not take"):
        door(receiver).accept(EVENT)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n\r\n", b"HTTP/1.1 302 Found\r\n\r\n", b""])
def test_a_door_that_may_open_later_is_tried_again(answer):
    with receiving(answer) as receiver, pytest.raises(NotAcceptedError) as closed:
        door(receiver).accept(EVENT)
    assert closed.value.retry_after == (7.0 if b"503" in answer else None)


def test_a_door_is_an_address():
    for url in ("", "localhost:8000", "ftp://localhost/", "http://a b/"):
        with pytest.raises(InputError):
            HttpDoor.at(url, [SECRET], lambda: NOW)
