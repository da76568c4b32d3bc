import hashlib
import json
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from vision_readiness.errors import ModelError, TaskError
from vision_readiness.predict.interface import TensorSpec
from vision_readiness.predict.run import predict_dataset
from vision_readiness.project import (
    SPLITS,
    Dataset,
    ImageTable,
    ObjectTable,
    Preprocessing,
    ProjectVersion,
    Split,
    Task,
    VersionId,
)
from vision_readiness_adapters import onnx_weights
from vision_readiness_adapters.onnx_model import OnnxFailure, OnnxRuntime, open_onnx
from vision_readiness_adapters.onnx_weights import weight_files

SIDE = 64
CELLS = (SIDE // 8) ** 2


def save(path, nodes, inputs, outputs, constants, metadata=None):
    graph = helper.make_graph(
        nodes, "tiny", inputs, outputs, [numpy_helper.from_array(v, k) for k, v in constants.items()]
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, metadata or {})
    onnx.save(model, path)
    return path


def patches(path, metadata=None, shape=(1, 3, SIDE, SIDE), scale=1.0):
    """A detector whose 8-pixel cells are scored by how red and how green they are, in the form of YOLOv8."""
    rows, columns = np.mgrid[: SIDE // 8, : SIDE // 8]
    boxes = np.stack([columns * 8 + 4, rows * 8 + 4, np.full(rows.shape, 8), np.full(rows.shape, 8)]).reshape(
        1, 4, CELLS
    )
    constants = {
        "weights": np.array([[1, -1, 0], [-1, 1, 0]], dtype=np.float32).reshape(2, 3, 1, 1) * np.float32(scale),
        "zero": np.float32(0),
        "one": np.float32(1),
        "rows": np.array([1, 2, CELLS]),
        "boxes": boxes.astype(np.float32),
    }
    nodes = [
        helper.make_node("AveragePool", ["images"], ["cells"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Conv", ["cells", "weights"], ["difference"]),
        helper.make_node("Clip", ["difference", "zero", "one"], ["scores"]),
        helper.make_node("Reshape", ["scores", "rows"], ["flat"]),
        helper.make_node("Concat", ["boxes", "flat"], ["output0"], axis=1),
    ]
    taken = helper.make_tensor_value_info("images", TensorProto.FLOAT, shape)
    given = helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, 6, CELLS])
    return save(path, nodes, [taken], [given], constants, metadata)


def version(classes=("red", "green"), task=Task.DETECTION):
    table = ImageTable(("test/0.png",), np.array([2], np.int8), np.zeros(1, np.int32), np.array([64]), np.array([64]))
    none = np.zeros(0, dtype=np.int32)
    objects = ObjectTable(none, none, np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=bool))
    return ProjectVersion(VersionId(None, "patches", 1), Dataset(task, classes, table, objects))


def picture():
    pixels = np.zeros((128, 256, 3), dtype=np.uint8)
    pixels[16:32, 64:96, 0] = 255
    pixels[96:112, 0:32, 1] = 255
    return pixels


def test_a_detector_finds_its_patches_in_the_pictures_pixels(tmp_path):
    model = open_onnx(patches(tmp_path / "patches.onnx"), version=version(), device="bench")
    answer = model.predict(picture())
    rows = zip(answer.score, answer.label, answer.box.tolist(), strict=True)
    found = {(model.card.classes[label], *box) for score, label, box in rows if score > 0.5}
    assert found == {("red", 64.0, 16.0, 96.0, 32.0), ("green", 0.0, 96.0, 32.0, 112.0)}
    assert list(answer.seconds) == ["preprocess", "infer", "postprocess"]
    assert model.device.name == "bench"
    assert model.device.facts["provider"] == "CPUExecutionProvider"
    assert {"cpu", "cores", "python", "onnxruntime"} <= set(model.device.facts)
    assert model.cold_seconds is not None


def test_the_card_names_the_files_own_bytes(tmp_path):
    path = patches(tmp_path / "patches.onnx")
    card = open_onnx(path, version=version(), trained_on="acme/patches/3").card
    assert card.digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert card.size_bytes == path.stat().st_size
    assert card.name == "patches.onnx"
    assert card.trained_on == VersionId("acme", "patches", 3)
    assert card.origins["trained_on"] == "flag"


def with_weights_in(path, location):
    """The same model with its boxes in the file ``w.bin`` beside it, which it names as ``location``."""
    onnx.save_model(onnx.load(path), path, save_as_external_data=True, location="w.bin", size_threshold=500)
    model = onnx.load(path, load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            entry.value = location if entry.key == "location" else entry.value
    path.write_bytes(model.SerializeToString())
    return path


def test_weights_beside_the_file_are_part_of_its_digest_and_size(tmp_path):
    path = with_weights_in(patches(tmp_path / "patches.onnx"), "w.bin")
    weights = tmp_path / "w.bin"
    card = open_onnx(path, version=version()).card
    assert card.digest == hashlib.sha256(path.read_bytes() + weights.read_bytes()).hexdigest()
    assert card.size_bytes == path.stat().st_size + weights.stat().st_size
    (tmp_path / "patches.onnx.data").write_bytes(b"a stranger's file")
    assert open_onnx(path, version=version()).card.digest == card.digest
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\xe0\x40")
    assert open_onnx(path, version=version()).card.digest != card.digest


@pytest.mark.parametrize("location", ["../w.bin", "/etc/hostname", "there/../../w.bin"])
def test_weights_outside_the_models_folder_are_refused_in_one_line(tmp_path, location):
    folder = tmp_path / "model"
    folder.mkdir()
    path = with_weights_in(patches(folder / "patches.onnx"), location)
    with pytest.raises(ModelError, match=r"patches\.onnx takes weights from .*, outside its own folder") as caught:
        open_onnx(path, version=version())
    assert "\n" not in str(caught.value)


def test_weights_through_a_link_that_leads_outside_are_refused(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    path = with_weights_in(patches(folder / "patches.onnx"), "w.bin")
    (folder / "w.bin").rename(tmp_path / "w.bin")
    (folder / "w.bin").symlink_to(tmp_path / "w.bin")
    with pytest.raises(ModelError, match="outside its own folder"):
        open_onnx(path, version=version())


def test_weights_are_found_in_every_part_of_a_model_that_can_hold_a_tensor(tmp_path):
    def named(name):
        tensor = TensorProto(name=name, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="offset", value="0")
        tensor.external_data.add(key="location", value=name)
        (tmp_path / name).write_bytes(b"1")
        return tensor

    branch = helper.make_graph([helper.make_node("Constant", [], ["b"], value=named("branch"))], "branch", [], [])
    nodes = [
        helper.make_node("If", ["yes"], ["out"], then_branch=branch, else_branch=branch),
        helper.make_node("Some", [], ["out"], tensors=[named("list"), named("list")], graphs=[branch]),
    ]
    graph = helper.make_graph(nodes, "all", [], [], [named("initializer")])
    graph.sparse_initializer.add(values=named("sparse"))
    model = helper.make_model(graph)
    model.functions.add(name="f").node.append(helper.make_node("Constant", [], ["c"], value=named("function")))
    model.training_info.add().algorithm.initializer.append(named("training"))
    (tmp_path / "all.onnx").write_bytes(model.SerializeToString())
    found = [file.name for file in weight_files(tmp_path / "all.onnx")]
    assert found == ["branch", "function", "initializer", "list", "sparse", "training"]


@given(st.binary(max_size=60))
def test_a_strangers_bytes_name_weights_or_are_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("hostile") / "m.onnx"
    path.write_bytes(content)
    try:
        assert weight_files(path) == []
    except ModelError as error:
        assert "m.onnx" in str(error)  # noqa: PT017 - raising is allowed, not asked for


def test_a_model_nested_deeper_than_python_recurses_is_read(tmp_path):
    inner = b""
    for _ in range(2_000):  # graph, node, attribute, graph: each of one field
        for field in (0x32, 0x2A, 0x0A):
            inner = bytes([field]) + length(len(inner)) + inner
    path = tmp_path / "deep.onnx"
    path.write_bytes(b"\x3a" + length(len(inner)) + inner)
    assert weight_files(path) == []


def test_a_model_of_more_parts_than_any_has_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_weights, "MOST_FIELDS", 1000)
    path = tmp_path / "many.onnx"
    for part in (b"\x08\x01", b"\x3a\x00", b"\x3a\x02\x0a\x00"):
        path.write_bytes(part * 1001)
        with pytest.raises(ModelError, match=r"many\.onnx cannot be opened"):
            weight_files(path)


def length(value):
    """``value`` as a protobuf varint."""
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def test_onnxruntime_is_told_not_to_spin_while_it_waits(tmp_path, monkeypatch):
    told = {}

    class Options(onnxruntime.SessionOptions):
        def add_session_config_entry(self, key, value):
            told[key] = value
            super().add_session_config_entry(key, value)

    monkeypatch.setattr(onnxruntime, "SessionOptions", Options)
    open_onnx(patches(tmp_path / "patches.onnx"), version=version())
    assert told == {"session.intra_op.allow_spinning": "0", "session.inter_op.allow_spinning": "0"}


def test_metadata_of_ultralytics_are_followed(tmp_path):
    metadata = {"names": "{0: 'green', 1: 'red'}", "task": "detect", "imgsz": "[64, 64]", "author": "Ultralytics"}
    card = open_onnx(patches(tmp_path / "patches.onnx", metadata), version=version()).card
    assert card.classes == ("green", "red")
    assert card.origins["classes"] == "metadata"
    assert card.origins["resize"] == "metadata"


def test_an_export_of_ultralytics_8_4_is_read_though_its_head_has_their_name(tmp_path):
    metadata = {"head": "Detect", "author": "Ultralytics", "task": "detect", "batch": "1", "stride": "32", "names": "7"}
    card = open_onnx(patches(tmp_path / "patches.onnx", metadata), version=version()).card
    assert (card.head, card.classes, card.conflicts) == ("yolo", ("red", "green"), ())
    assert [note.split(";")[0] for note in card.notes] == [
        "The metadata's names is '7'",
        "The metadata's head is 'Detect', which is no form of these outputs here",
    ]


def test_the_card_names_provider_and_thread_options(tmp_path):
    path = patches(tmp_path / "patches.onnx")
    assert open_onnx(path, version=version(), threads=2).card.runtime == {
        "provider": "CPUExecutionProvider",
        "threads": "2",
        "spinning": "off",
    }
    assert open_onnx(path, version=version()).card.runtime["threads"] == "all cores"


def test_flag_over_sidecar_over_metadata(tmp_path):
    path = patches(tmp_path / "patches.onnx", {"names": '["a", "b"]', "mean": "[0.1, 0.1, 0.1]"})
    (tmp_path / "patches.yaml").write_text("classes: [green, red]\nstd: [2, 2, 2]\n")
    card = open_onnx(path, version=version()).card
    assert card.classes == ("green", "red")
    assert card.preprocessing == Preprocessing(64, 64, mean=(0.1, 0.1, 0.1), std=(2.0, 2.0, 2.0))
    assert [card.origins[key] for key in ("classes", "std", "mean")] == ["sidecar", "sidecar", "metadata"]
    assert open_onnx(path, version=version(), classes=["red", "green"]).card.origins["classes"] == "flag"


def test_a_named_settings_file_wins_over_the_one_beside_the_model(tmp_path):
    path = patches(tmp_path / "patches.onnx")
    (tmp_path / "patches.yaml").write_text("classes: [red, green]\n")
    (tmp_path / "other.json").write_text('{"classes": ["green", "red"]}')
    assert open_onnx(path, version=version(), sidecar=tmp_path / "other.json").card.classes == ("green", "red")


def test_a_file_that_only_shares_the_models_name_is_left_alone(tmp_path):
    path = patches(tmp_path / "patches.onnx")
    (tmp_path / "patches.json").write_text('{"mAP": 0.9}')
    assert open_onnx(path, version=version()).card.origins["classes"] == "data set order"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("s.yaml", "classes: [red", "is not valid YAML"),
        ("s.json", "{", "is not valid JSON"),
        ("s.yaml", "- red", "holds no settings"),
        ("s.yaml", "clases: [red]", "did you mean 'classes'"),
        ("missing.yaml", None, "cannot be read"),
    ],
)
def test_a_settings_file_that_cannot_be_understood_is_one_line(tmp_path, name, text, message):
    path = patches(tmp_path / "patches.onnx")
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(ModelError, match=message) as caught:
        open_onnx(path, version=version(), sidecar=tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("best.pt", "yolo export model=best.pt format=onnx"),
        ("best.pth", "model.export\\(\\)"),
        ("best.engine", "yolo export model=best.pt format=onnx"),
        ("best.tflite", "yolo export model=best.pt format=onnx"),
    ],
)
def test_other_formats_get_the_command_that_exports_them(tmp_path, name, command):
    with pytest.raises(ModelError, match=command):
        open_onnx(tmp_path / name, version=version())


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x08" * 50])
def test_a_damaged_file_is_one_line_and_prints_nothing(tmp_path, capfd, content):
    (tmp_path / "best.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"best\.onnx cannot be opened: .*Export it again") as caught:
        open_onnx(tmp_path / "best.onnx", version=version())
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_file_cut_short_is_one_line(tmp_path):
    path = patches(tmp_path / "best.onnx")
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ModelError, match="cannot be opened"):
        open_onnx(path, version=version())


@pytest.mark.parametrize("name", ["missing.onnx", "notes.txt"])
def test_a_file_that_is_no_model_is_one_line(tmp_path, name):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ModelError, match=name):
        open_onnx(tmp_path / name, version=version())


def test_another_class_count_says_both_counts(tmp_path):
    path = patches(tmp_path / "patches.onnx")
    with pytest.raises(ModelError, match=r"patches\.onnx: the model answers with 2 classes .*has 3 \(a, b, c\)"):
        open_onnx(path, version=version(("a", "b", "c")))


def test_classes_must_be_named_once(tmp_path):
    with pytest.raises(ModelError, match="--classes must name every class once"):
        open_onnx(patches(tmp_path / "patches.onnx"), version=version(), classes=["red", "red"])


def test_answers_that_are_no_numbers_are_one_line(tmp_path):
    with pytest.raises(ModelError, match=r"patches\.onnx: the model's output 'output0' holds NaN"):
        open_onnx(patches(tmp_path / "patches.onnx", scale=np.nan), version=version())


def test_a_detector_for_a_classification_set_is_one_line(tmp_path):
    with pytest.raises(TaskError, match=r"patches\.onnx: the model answers with boxes"):
        open_onnx(patches(tmp_path / "patches.onnx"), version=version(task=Task.CLASSIFICATION))


def test_a_free_size_is_taken_from_the_metadata(tmp_path):
    path = patches(tmp_path / "patches.onnx", {"imgsz": "64"}, shape=("batch", 3, "height", "width"))
    model = open_onnx(path, version=version())
    assert model.card.preprocessing == Preprocessing(64, 64)
    assert (model.predict(picture()).score > 0.5).sum() == 2


def test_a_size_that_the_graph_refuses_is_one_line(tmp_path):
    path = patches(tmp_path / "patches.onnx", {"imgsz": "128"}, shape=(1, 3, "height", "width"))
    with pytest.raises(ModelError, match="cannot be run: onnxruntime failed on a picture") as caught:
        open_onnx(path, version=version())
    assert "\n" not in str(caught.value)


def test_a_provider_that_is_not_there_does_not_fall_back_to_the_cpu(tmp_path):
    with pytest.raises(ModelError, match=r"has no NoSuchProvider here; it has .*CPUExecutionProvider"):
        open_onnx(patches(tmp_path / "patches.onnx"), version=version(), providers=["NoSuchProvider"])


def test_missing_onnxruntime_is_one_line_with_the_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelError, match=r'pip install "vision-readiness\[onnx\]"'):
        open_onnx(patches(tmp_path / "patches.onnx"), version=version())


def test_the_runtime_tells_its_tensors_and_fails_as_a_runtime_failure(tmp_path):
    runtime = OnnxRuntime(patches(tmp_path / "patches.onnx", shape=("n", 3, SIDE, SIDE)), threads=1)
    assert runtime.inputs == [TensorSpec("images", (None, 3, SIDE, SIDE), "tensor(float)")]
    assert runtime.device.facts["threads"] == "1"
    assert runtime.first_seconds is None
    with pytest.raises(OnnxFailure, match="onnxruntime failed"):
        runtime.run(np.zeros((1, 3, 8, 8), dtype=np.float32))


class Files:
    def __init__(self, root):
        self.root = root

    def read(self, key):
        return (self.root / key).read_bytes()


class Silent:
    def track(self, items, what):
        del what
        return items


def real_split(root, split):
    """One split of a COCO export as a data set, read with no help of the product's own reader."""
    document = json.loads((root / split / "_annotations.coco.json").read_text())
    classes = {entry["id"]: entry["name"] for entry in document["categories"] if entry["id"]}
    rows = {entry["id"]: row for row, entry in enumerate(document["images"])}
    n = len(rows)
    table = ImageTable(
        tuple(f"{split}/{entry['file_name']}" for entry in document["images"]),
        np.full(n, SPLITS.index(Split(split)), np.int8),
        np.arange(n, dtype=np.int32),
        np.array([entry["width"] for entry in document["images"]], np.int32),
        np.array([entry["height"] for entry in document["images"]], np.int32),
    )
    entries = document["annotations"]
    box = np.array([entry["bbox"] for entry in entries], dtype=float)
    box[:, 2:] += box[:, :2]
    names = tuple(classes.values())
    objects = ObjectTable(
        np.array([rows[entry["image_id"]] for entry in entries], np.int32),
        np.array([names.index(classes[entry["category_id"]]) for entry in entries], np.int32),
        box,
        np.array([entry["area"] for entry in entries], float),
        np.zeros(len(entries), bool),
    )
    return Dataset(Task.DETECTION, names, table, objects)


def coco_rows(image, label, box, area):
    sides = np.concatenate([box[:, :2], box[:, 2:] - box[:, :2]], axis=1)
    columns = zip(image.tolist(), label.tolist(), sides.tolist(), area.tolist(), strict=True)
    return [
        {"id": n, "image_id": i + 1, "category_id": c + 1, "bbox": b, "area": a, "iscrowd": 0}
        for n, (i, c, b, a) in enumerate(columns, 1)
    ]


def average_precision_50(dataset, predictions):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    images = [{"id": n + 1} for n in range(len(dataset.images))]
    categories = [{"id": n + 1} for n in range(len(dataset.classes))]
    truth, answers = COCO(), COCO()
    objects = dataset.objects
    rows = coco_rows(objects.image, objects.label, objects.box, objects.area)
    truth.dataset = {"images": images, "categories": categories, "annotations": rows}
    area = np.prod(predictions.box[:, 2:] - predictions.box[:, :2], axis=1)
    rows = coco_rows(predictions.image, predictions.label, predictions.box, area)
    scored = [{**row, "score": score} for row, score in zip(rows, predictions.score.tolist(), strict=True)]
    answers.dataset = {"images": images, "categories": categories, "annotations": scored}
    truth.createIndex()
    answers.createIndex()
    run = COCOeval(truth, answers, "bbox")
    run.evaluate()
    run.accumulate()
    return run.eval["precision"][0, :, :, 0, 2].mean(axis=0)


@pytest.mark.real_data
def test_the_published_average_precision_comes_out_on_real_data(real_data):
    dataset = real_split(real_data / "bccd", "test")
    path = real_data / "bccd-models" / "final.onnx"
    model = open_onnx(path, version=ProjectVersion(VersionId(None, "bccd", 1), dataset))
    rows = np.arange(len(dataset.images))
    run = predict_dataset(model, dataset, Files(real_data / "bccd"), rows, Silent(), workers=2)
    published = json.loads((path.parent / "RESULTS.json").read_text())["final.onnx"]["test"]["AP50_per_class"]
    assert run.failures == ()
    assert average_precision_50(dataset, run.predictions) == pytest.approx(list(published.values()), abs=0.005)


@pytest.mark.real_data
def test_a_real_classifier_reads_its_metadata(real_data):
    path = real_data / "clothing-model" / "classifier.onnx"
    card = open_onnx(path).card
    assert (card.task, card.head, len(card.classes)) == (Task.CLASSIFICATION, "classifier-logits", 10)
    assert card.preprocessing == Preprocessing(128, 128, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    assert "which is only partly understood" in card.conflicts[0]
