from __future__ import annotations

import pytest

from tests.adapters.exports import coco, coco_box, coco_image, picture, put
from vision_readiness.project import VersionId
from vision_readiness_adapters.errors import ExportError, NoSuchVersionError
from vision_readiness_adapters.export_folder import open_folder
from vision_readiness_adapters.offline_workspace import OfflineWorkspace, open_workspace


@pytest.fixture
def root(tmp_path):
    for name in ("acme/boxes/2", "acme/boxes/10", "acme/crates/1", "globex/boxes/1"):
        coco(tmp_path / name / "train", [coco_image(0, f"{name.replace('/', '-')}.jpg")], [coco_box(0, 0, 1)])
    put(tmp_path / "acme/boxes/2/model.onnx", b"onnx")
    put(tmp_path / "acme/boxes/drafts/notes.txt", b"")
    put(tmp_path / "README.md", b"")
    return tmp_path


def test_versions_are_listed_by_workspace_project_and_number(root):
    assert list(map(str, OfflineWorkspace(root).versions())) == [
        "acme/boxes/2",
        "acme/boxes/10",
        "acme/crates/1",
        "globex/boxes/1",
    ]


def test_the_version_asked_for_is_read_and_without_a_number_the_newest(root):
    workspace = OfflineWorkspace(root)
    assert workspace.version("acme/boxes", 2).id == VersionId("acme", "boxes", 2)
    assert workspace.version("acme/boxes").id == VersionId("acme", "boxes", 10)
    assert workspace.version("acme/boxes/2").id == VersionId("acme", "boxes", 2)
    assert workspace.version("crates").id == VersionId("acme", "crates", 1)


def test_image_keys_can_be_read_from_the_one_images_of_the_workspace(root):
    workspace = OfflineWorkspace(root)
    (key,) = workspace.version("acme/boxes", 2).dataset.images.key
    assert key == "acme/boxes/2/train/acme-boxes-2.jpg"
    assert workspace.images.read(key) == picture()


def test_what_lies_beside_the_splits_can_be_found(root):
    workspace = OfflineWorkspace(root)
    assert (workspace.folder(VersionId("acme", "boxes", 2)) / "model.onnx").read_bytes() == b"onnx"
    with pytest.raises(NoSuchVersionError):
        workspace.folder(VersionId("acme", "boxes", 3))


@pytest.mark.parametrize(
    ("project", "number", "says"),
    [
        ("acme/boxs", None, "did you mean acme/boxes"),
        ("acme/boxes", 3, "did you mean acme/boxes/2"),
        ("../acme/boxes", 2, "holds no"),
        ("zzz", 99, "there is acme/boxes/2"),
        ("boxes", None, "holds 2 such projects"),
        (None, None, "holds 3 such projects"),
    ],
)
def test_a_version_that_is_not_there_is_one_line_with_what_is(root, project, number, says):
    with pytest.raises(NoSuchVersionError, match=says) as caught:
        OfflineWorkspace(root).version(project, number)
    assert "\n" not in str(caught.value)


def test_the_project_may_be_left_out_when_it_is_alone(tmp_path):
    coco(tmp_path / "acme/boxes/1/train", [coco_image(0, "a.jpg")], [])
    assert OfflineWorkspace(tmp_path).version().id == VersionId("acme", "boxes", 1)
    with pytest.raises(NoSuchVersionError):
        OfflineWorkspace(tmp_path).version(number=2)


def test_the_folder_names_the_version_and_a_file_that_disagrees_is_announced(root):
    put(root / "acme/crates/1/version.json", {"id": "other/thing/5", "preprocessing": {}})
    version = OfflineWorkspace(root).version("acme/crates")
    assert version.id == VersionId("acme", "crates", 1)
    assert "say that they are other/thing/5; they are taken as acme/crates/1" in version.announcements[0]


def test_a_workspace_is_opened_as_one_and_an_export_as_the_other(root):
    assert isinstance(open_workspace(str(root)), OfflineWorkspace)
    assert open_folder(str(root)) is None
    export = root / "acme/boxes/2"
    assert open_workspace(str(export)) is None
    assert open_folder(str(export)).version().id == VersionId(None, "boxes", 2)


def test_folders_that_only_look_like_versions_are_no_workspace(tmp_path):
    for digit in "01":
        put(tmp_path / f"mnist/train/{digit}/a.jpg", picture())
    assert open_workspace(str(tmp_path)) is None
    assert open_workspace(str(tmp_path / "nothing")) is None
    assert open_workspace("a\0b") is None
    with pytest.raises(ExportError, match="not an export"):
        open_folder(str(tmp_path))


def test_an_empty_folder_is_no_workspace(tmp_path):
    with pytest.raises(ExportError, match="holds no <workspace>/<project>/<number>/"):
        OfflineWorkspace(tmp_path)
