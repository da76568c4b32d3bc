"""What people really hand over: each is one clear line and exit code 2, or a named reason in a report."""

import io
import json
import struct
import zipfile
import zlib

import numpy as np
import pytest
from onnx import TensorProto, helper

from tests.adapters.test_onnx_model import patches, save
from tests.command_line import run
from tests.small_export import perfect_answers, small_export
from vision_readiness.evidence import evidence as evidence_module


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """An export in which nothing is wrong; tests that break one make their own."""
    return small_export(tmp_path_factory.mktemp("sound") / "export")


@pytest.fixture(scope="module")
def kept(sound, tmp_path_factory):
    """Evidence kept from the sound export."""
    path = tmp_path_factory.mktemp("kept") / "e.zip"
    run("check", sound, "--save-evidence", path)
    return path


@pytest.fixture
def broken(tmp_path):
    return small_export(tmp_path / "export")


def codes(ran):
    assert ran.code in (1, 3), ran.err
    found = {one["code"] for one in ran.report["findings"]}
    return found | {one["code"] for one in ran.report["requirements"]}


def finding(ran, code):
    (found,) = (one for one in ran.report["findings"] if one["code"] == code)
    return found


def test_no_such_folder(tmp_path):
    assert "there is nothing at" in run("check", tmp_path / "nowhere").complaint


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "", "wörk/\udcff"])
def test_a_name_that_no_folder_can_have(name):
    assert run("check", name).complaint


def test_an_empty_folder(tmp_path):
    assert "is empty" in run("check", tmp_path).complaint


def test_a_folder_of_something_else(tmp_path):
    (tmp_path / "holiday.txt").write_text("sun")
    assert "is not an export" in run("check", tmp_path).complaint


def test_annotations_cut_in_half(broken):
    path = broken / "test" / "_annotations.coco.json"
    path.write_text(path.read_text()[: path.stat().st_size // 2])
    assert "test/_annotations.coco.json" in run("check", broken).complaint


@pytest.mark.parametrize("text", ["[]", "7", "null", '{"images": 3}', "[" * 100_000, '{"images": [null]}'])
def test_annotations_of_another_shape(broken, text):
    (broken / "test" / "_annotations.coco.json").write_text(text)
    assert run("check", broken).complaint


def test_a_category_that_does_not_exist(broken):
    path = broken / "train" / "_annotations.coco.json"
    document = json.loads(path.read_text())
    document["annotations"][0]["category_id"] = 99
    path.write_text(json.dumps(document))
    ran = run("check", broken, "--format=json")
    assert "99" in finding(ran, "LABEL205")["sentence"]


def test_an_image_of_no_bytes(broken):
    (name,) = (path.name for path in (broken / "test").glob("test0*"))
    (broken / "test" / name).write_bytes(b"")
    ran = run("check", broken, "--model", patches(broken / "cells.onnx"), "--calls=0", "--format=json")
    assert name in finding(ran, "INPUT901")["sentence"]
    assert name in finding(ran, "INPUT903")["sentence"]
    assert ran.report["blocked_by"] == "failure"


def test_an_image_that_claims_to_be_enormous(broken):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10**6))
    (path,) = (broken / "test").glob("test0*")
    path.write_bytes(bomb + chunk(b"IEND", b""))
    ran = run("check", broken, "--format=json")
    assert path.name in finding(ran, "INPUT901")["sentence"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aproved_by: me\n", "did you mean `approved_by`?"),
        ("classes: {red: {min_recal: 0.9}}\n", "did you mean `min_recall`?"),
        ("classes: {red: {min_recall: 9}}\n", "classes.red.min_recall"),
        ("classes: {red: {min_recall: .nan}}\n", "classes.red.min_recall"),
        ("requirements: [{metric: recal, at_least: 0.9, class: red}]\n", "did you mean `recall`?"),
        ("deployment_target: {device: dock, p95: 3}\n", "did you mean `p95_ms`?"),
        ("conditions: {lighting: {day: 0.6, night: 0.6}}\n", "together must be 1"),
        ("classes: [red]\n", "classes"),
        ("classes: {red: {critical: false}, green: {critical: false}}\n", "no class is critical"),
        ("a: b: c\n", "is not YAML"),
        ("- a\n", "is not a specification"),
        ("", "is not a specification"),
        ("extends: spec.yaml\n", "circle"),
        ("extends: nowhere.yaml\n", "cannot be read"),
        ("project: &a [*a]\n", "an alias stands for something that holds it"),
        ("classes: " + "{a: " * 4000 + "1" + "}" * 4000, "is not YAML"),
        ("approved_by: !!python/object/apply:os.system [ls]\n", "is not YAML"),
        ("file_name_pattern: '(?P<camera>'\n", "not a regular expression"),
        ("assumptions: 3\n", "assumptions"),
        ("assumptions: [a]\n", "assumptions"),
        ("1: 2\n", "unknown key `1`"),
        ("classes: {red: {threshold: 2}}\n", "classes.red.threshold"),
        ("\x00", "is not YAML"),
    ],
)
def test_a_spec_that_is_wrong(sound, tmp_path, text, said):
    (tmp_path / "spec.yaml").write_text(text)
    assert said in run("check", sound, "--spec", tmp_path / "spec.yaml").complaint


def test_a_spec_that_is_not_there_or_not_text(sound, tmp_path):
    assert "cannot be read" in run("check", sound, "--spec", tmp_path / "no.yaml").complaint
    (tmp_path / "spec.yaml").write_bytes(b"\xff\xfe\xff")
    assert "not text" in run("check", sound, "--spec", tmp_path / "spec.yaml").complaint
    assert "cannot be read" in run("check", sound, "--spec", tmp_path).complaint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{code: SPLIT305, subject: test, person: Neha, reason: known, expires: soon}]", "0.expires"),
        ("[{code: SPLIT305, subject: test, person: Neha, reason: known, expires: 2026-13-01}]", "month must be"),
        ("[{code: SPLIT30, subject: test, person: Neha, reason: known, expires: 2999-01-01}]", "did you mean"),
        ("[{code: SPLIT305}]", "a waiver has code, subject, person, reason, expires"),
        ("{code: SPLIT305}", "a waiver has"),
        ("[", "is not YAML"),
    ],
)
def test_a_waiver_that_is_wrong(sound, tmp_path, text, said):
    (tmp_path / "waivers.yaml").write_text(text)
    assert said in run("check", sound, "--waivers", tmp_path / "waivers.yaml").complaint


def constant(path, name, shape, value=0.0):
    """A model that answers every picture with ``value``."""
    answers = helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    pictures = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        helper.make_node("Add", ["fixed", "nothing"], [name]),
    ]
    fixed = {"fixed": np.full(shape, value, np.float32), "zero": np.float32(0)}
    return save(path, nodes, [pictures], [answers], fixed)


def test_a_model_with_another_number_of_classes(sound, tmp_path):
    model = constant(tmp_path / "five.onnx", "output0", [1, 9, 64])
    assert "5" in run("check", sound, "--model", model).complaint


def test_a_model_for_another_task(sound, tmp_path):
    model = constant(tmp_path / "classifier.onnx", "logits", [1, 2])
    assert "classif" in run("check", sound, "--model", model).complaint


def test_a_model_whose_scores_are_all_zero(sound, tmp_path):
    model = constant(tmp_path / "dead.onnx", "output0", [1, 6, 64])
    ran = run("check", sound, "--model", model, "--calls=0", "--format=json")
    assert ran.report["blocked_by"] == "failure"
    assert finding(ran, "MODEL405")["severity"] == "P0"
    assert ran.report["headline"] == "The model finds nothing at all."
    assert ran.report["score"] == 0


def test_a_model_that_answers_what_is_no_number(sound, tmp_path):
    model = constant(tmp_path / "nan.onnx", "output0", [1, 6, 64], value=float("nan"))
    assert "NaN" in run("check", sound, "--model", model, "--calls=0").complaint


def test_an_error_carries_no_control_characters_to_the_terminal(sound):
    assert "\x1b" not in run("check", sound, "--spec", "\x1b[31mred.yaml").complaint


@pytest.mark.parametrize(
    ("name", "said"), [("best.pt", "yolo export model=best.pt"), ("best.onnx", "cannot be opened")]
)
def test_a_file_that_is_no_onnx_model(sound, tmp_path, name, said):
    (tmp_path / name).write_bytes(b"PK\x03\x04 not a model")
    assert said in run("check", sound, "--model", tmp_path / name).complaint


def test_a_model_or_parent_that_is_not_there(sound, tmp_path):
    assert "there is no model" in run("check", sound, "--model", tmp_path / "m.onnx").complaint
    model = patches(tmp_path / "cells.onnx")
    absent = tmp_path / "p.onnx"
    assert "there is no model" in run("check", sound, "--model", model, "--parent", absent, "--calls=0").complaint


def test_classes_and_providers_that_do_not_exist(sound, tmp_path):
    model = patches(tmp_path / "cells.onnx")
    assert "3" in run("check", sound, "--model", model, "--classes", "a,b,c").complaint
    assert "every class once" in run("check", sound, "--model", model, "--classes", "a,a").complaint
    assert "has no NoProvider" in run("check", sound, "--model", model, "--provider", "NoProvider").complaint


ROW = {"image_id": "test/nowhere.jpg", "category_id": "red", "bbox": [0, 0, 8, 8], "score": 0.5}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ROW], "not an image of the data set"),
        ([3], "row 0"),
        ({"a": 1}, "not a list of predictions"),
        ([{**ROW, "image_id": 999}], "image_id 999"),
    ],
)
def test_predictions_that_are_wrong(sound, tmp_path, rows, said):
    (tmp_path / "p.json").write_text(json.dumps(rows))
    assert said in run("check", sound, "--predictions", tmp_path / "p.json").complaint


@pytest.mark.parametrize(
    "change",
    [
        {"category_id": "violet"},
        {"bbox": [0, 0, 8]},
        {"bbox": [0, 0, -8, 8]},
        {"bbox": ["a", 0, 8, 8]},
        {"score": 2},
        {"score": None},
        {"segmentation": {"counts": "zz", "size": [1, 1]}},
    ],
)
def test_a_row_of_predictions_that_is_wrong(sound, tmp_path, change):
    rows = perfect_answers(sound)
    rows[1] |= change
    (tmp_path / "p.json").write_text(json.dumps(rows))
    assert run("check", sound, "--predictions", tmp_path / "p.json").complaint


def test_predictions_and_latency_cut_in_half(sound, tmp_path):
    (tmp_path / "p.json").write_text('[{"image_id": ')
    assert "not complete JSON" in run("check", sound, "--predictions", tmp_path / "p.json").complaint
    assert "cannot be read" in run("check", sound, "--predictions", tmp_path / "no.json").complaint
    assert "not complete JSON" in run("check", sound, "--latency", tmp_path / "p.json").complaint
    assert "cannot be read" in run("check", sound, "--latency", tmp_path / "no.json").complaint


def test_evidence_cut_short(kept, tmp_path):
    for share in (0.1, 0.5, 0.9, 0.99):
        data = kept.read_bytes()
        (tmp_path / "e.zip").write_bytes(data[: int(share * len(data))])
        assert "not a whole evidence file" in run("check", "--evidence", tmp_path / "e.zip").complaint
    assert "cannot be read" in run("check", "--evidence", tmp_path / "no.zip").complaint


def test_evidence_with_a_flipped_byte_is_never_a_traceback(kept, tmp_path):
    data = kept.read_bytes()
    for place in np.random.default_rng(0).integers(0, len(data), 60).tolist():
        (tmp_path / "e.zip").write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        ran = run("check", "--evidence", tmp_path / "e.zip")
        assert ran.code == 3 or ran.complaint


def repacked(kept, path, change):
    """``kept`` evidence with ``change(name, data)`` in place of each of its files."""
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return path


def test_evidence_of_another_format(kept, tmp_path):
    def older(name, data):
        return data.replace(b"evidence/2", b"evidence/0") if name == "manifest.json" else data

    said = run("check", "--evidence", repacked(kept, tmp_path / "e.zip", older)).complaint
    assert "vision-readiness/evidence/0" in said


@pytest.mark.parametrize(
    "manifest",
    [
        b"[]",
        b"{}",
        b"null",
        b'{"format": "vision-readiness/evidence/1"}',
        b'{"format": "vision-readiness/evidence/2"}',
        b"[" * 100_000,
    ],
)
def test_evidence_with_another_manifest(kept, tmp_path, manifest):
    def other(name, data):
        return manifest if name == "manifest.json" else data

    assert run("check", "--evidence", repacked(kept, tmp_path / "e.zip", other)).complaint


def test_evidence_that_would_unpack_to_very_much(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(evidence_module, "MAX_BYTES", 2**20)

    def swollen(name, data):
        return b"\0" * 2**22 if name == "images.split.npy" else data

    said = run("check", "--evidence", repacked(kept, tmp_path / "e.zip", swollen)).complaint
    assert "unpack" in said


def test_evidence_with_a_column_that_claims_to_be_enormous(kept, tmp_path):
    header = b"{'descr': '|i1', 'fortran_order': False, 'shape': (900000000000000,), }"
    enormous = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header

    def swollen(name, data):
        return enormous if name == "images.split.npy" else data

    assert run("check", "--evidence", repacked(kept, tmp_path / "e.zip", swollen)).complaint


def test_evidence_whose_columns_do_not_fit_each_other(sound, tmp_path):
    (tmp_path / "p.json").write_text(json.dumps(perfect_answers(sound)))
    whole = tmp_path / "whole.zip"
    run("check", sound, "--predictions", tmp_path / "p.json", "--save-evidence", whole)
    with zipfile.ZipFile(whole) as archive:
        names = [name for name in archive.namelist() if name.endswith(".npy")]
    for victim in names:
        for column in (np.zeros(1, np.int8), np.full((7, 3), 10**6, np.int32), np.array(["x"])):
            packed = io.BytesIO()
            np.save(packed, column)

            def other(name, data, victim=victim, packed=packed):
                return packed.getvalue() if name == victim else data

            damaged = repacked(whole, tmp_path / "e.zip", other)
            assert "not a whole evidence file" in run("check", "--evidence", damaged).complaint, victim


def test_output_that_cannot_be_written(sound, tmp_path):
    absent = tmp_path / "no" / "report.json"
    assert "cannot be written" in run("check", sound, "--format=json", "-o", absent).complaint
    assert "cannot be written" in run("check", sound, "--save-evidence", absent).complaint
    assert "cannot be written" in run("scan", sound, "-o", absent).complaint
    model = patches(tmp_path / "cells.onnx")
    assert "cannot be written" in run("benchmark", sound, "--model", model, "--calls=3", "-o", absent).complaint


def test_an_unknown_code_names_the_nearest():
    assert "did you mean SPLIT302?" in run("explain", "SPLIT3O2").complaint
    assert "did you mean weak-class?" in run("explain", "weak-clas").complaint


@pytest.mark.parametrize(
    "arguments",
    [
        ("chek",),
        ("check", "--format=pdf"),
        ("check", "--fail-on=sometimes"),
        ("check", "--calls=-1"),
        ("check", "--nonsense"),
        ("scan",),
        ("explain",),
    ],
)
def test_a_command_that_is_wrong_is_exit_code_two(arguments):
    ran = run(*arguments)
    assert ran.code == 2
    assert "Error" in ran.err
    assert "Traceback" not in ran.err


def test_nothing_to_check():
    assert "--evidence" in run("check").complaint


def test_nothing_to_evaluate_or_benchmark(sound):
    assert "there is no model to measure" in run("evaluate", sound).complaint
    assert "there is no model to time" in run("benchmark", sound).complaint
