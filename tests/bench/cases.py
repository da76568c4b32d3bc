"""Small files after real people's, each with what is right: ``python -m tests.bench.cases``.

The files are written by generators that live outside the project (``VISION_READINESS_CASES`` is their folder). A case
names its data set and what is given with it, and expects facts (images and objects of test, recall of each class),
codes, or a refusal in one line. A case is wrong in silence where neither is so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.tables import table
from vision_readiness.advisor import Advisor
from vision_readiness.errors import ReadinessError
from vision_readiness.project import SPLITS, Split

REPOSITORY = Path(__file__).parents[2]
PLAIN = "models/yolo_plain.onnx"


@dataclass(frozen=True, slots=True)
class Expect:
    """What is right: test images and objects, the least recall of a class, codes that are found, a refusal's words."""

    images: int | None = 60
    objects: int | None = 180
    recall: float | None = 1.0
    codes: tuple[str, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ``given`` is what is given to the advisor, paths relative to where the cases were written."""

    name: str
    data: str
    given: dict[str, str] = field(default_factory=lambda: {"model": PLAIN})
    expect: Expect = field(default_factory=Expect)


def _data(name: str, **expect: Any) -> Case:
    return Case(name, name, expect=Expect(**expect))


def _bare(name: str, **expect: Any) -> Case:
    return Case(name, name, {}, Expect(recall=None, **expect))


def _model(name: str, **expect: Any) -> Case:
    return Case(name, "base", {"model": f"models/{name}.onnx"}, Expect(**expect))


def _answers(name: str, data: str = "base", **expect: Any) -> Case:
    return Case(f"answers {name}", data, {"predictions": f"predictions/{name}.json"}, Expect(**expect))


def _no(words: str) -> dict[str, Any]:
    return {"refusal": words}


LOST = {"codes": ("INPUT905",), "recall": None}
WHOLE = ("base", "base_yolo", "beside_images", "nested_cameras", "nested_only", "jfif", "nfd_names", "coco_standard",
         "list_files", "path_subfolder", "label_studio_paths", "cvat_ultralytics", "darknet_in_splits", "crowd_masks",
         "empty_nested_segmentation", "one_polygon_row", "obb_rows", "voc_imagesets", "voc_odd", "voc_part",
         "numeric_inside", "numeric_names", "names_gap", "from_zero", "modes")  # fmt: skip
MODELS = ("yolo_head_meta", "rtdetr_8_4", "rtdetr_8_3", "detr", "dfine", "efficient_nms", "yolo_nas_flat",
          "yolo_nas_raw", "yolov7_e2e", "yolov5", "yolov5_square", "yolo_fp16", "yolo_dynamic", "rfdetr", "uint8",
          "names_other")  # fmt: skip

CASES: tuple[Case, ...] = (
    *(_data(name) for name in WHOLE),
    _data("nested_night", images=120, objects=360, recall=0.4, codes=("MODEL401",)),
    Case("jfif_dropped", "jfif_dropped", {"model": "models/colours.onnx"}, Expect(360, 360)),
    Case("masks_never_judged", "masks_never_judged", {"model": "models/mask_blind.onnx"},
         Expect(240, 240, 0.0, ("MODEL401",))),
    _bare("jfif_classes", images=90, objects=90),
    _bare("masks_class", images=90, objects=90),
    _bare("nested_classes", images=90, objects=90),
    _bare("class_case", images=90, objects=90, codes=("LABEL213",)),
    _bare("unlabeled_column", objects=None),
    _data("lists_part", images=30, objects=90, codes=("INPUT904",)),
    _data("same_stem", images=80, objects=None, codes=("INPUT905", "LABEL212"), recall=None),
    _data("coco_duplicate_image_id", objects=None, **LOST),
    _data("coco_case_blank", recall=None, codes=("LABEL213",)),
    _data("coco_xyxy", recall=None, codes=("MODEL417",)),
    _data("exif_raw_frame", recall=None, codes=("MODEL417", "DATA107")),
    _data("exif_upright_raw_size", codes=("DATA107",)),
    _data("save_conf", **_no("a score in the last column")),
    _data("track_ids", **_no("track number")),
    _data("pixel_labels", **_no("look like pixels")),
    _data("xyxy_labels", **_no("look like corners")),
    _bare("cvat_folder", images=0, objects=0),
    _bare("label_studio_folder", images=0, objects=0),
    _bare("label_studio_yolo", images=0, objects=0),
    _data("sixteen_bit", recall=None),
    *(_model(name) for name in MODELS),
    _model("nms_unit", recall=None, codes=("MODEL417",)),
    _model("torchvision", recall=None, codes=("MODEL417",)),
    _model("opset99", **_no("reads up to")),
    _model("yolo_nhwc", **_no("channels first")),
    _model("tf_od", **_no("no head fits")),
    _model("obb", **_no("answers with 4 classes")),
    _model("twin_a/model"),
    _model("twin_b/model"),
    *(_answers(name) for name in ("numbers", "ultra_new", "lines", "text_ids", "other_ext", "whole_overlap")),
    _answers("yolo_numbers", "base_yolo"),
    _answers("numeric_stems", "numeric_names"),
    _answers("numeric_inside", "numeric_inside", **_no("give file names")),
    _answers("off_by_one_all", "from_zero", **_no("subtract 1")),
    _answers("ultra_old", **_no("class 'parts'")),
    _answers("corners", **_no("look like corners")),
    _answers("normalised", **_no("shares of the image")),
    _answers("percent", **_no("from 0 to 1")),
    _answers("null_score", **_no("from 0 to 1")),
    _answers("coco91", **_no("category_id 44")),
    _answers("inference", **_no("not its name")),
    _answers("empty", recall=None, codes=("MODEL405",)),
)  # fmt: skip


def outcome(case: Case, root: Path) -> tuple[str, str]:
    """What was said, and what is wrong with it; nothing wrong is empty."""
    expect = case.expect
    try:
        advisor = Advisor.connect(str(root / case.data))
        version = advisor.source.version()
        dataset = version.dataset
        evidence = advisor.gather(version, calls=0, **{name: str(root / path) for name, path in case.given.items()})
        report = advisor.decide(evidence)
    except ReadinessError as error:
        said = " ".join(str(error).replace(str(root), "").split())
        return f"refused: {said[:90]}", "" if expect.refusal and expect.refusal in said else "refused"
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        return f"{type(error).__name__}: {error}"[:90], "crashed"
    if expect.refusal is not None:
        return "read", "not refused"
    place = SPLITS.index(Split.TEST)
    images = int((dataset.images.split == place).sum())
    objects = int((dataset.images.split[dataset.objects.image] == place).sum())
    recalls = [row.recall.value for row in report.figures.classes if row.recall.value is not None]
    least = min(recalls, default=None)
    codes = {one.code for one in report.findings} | {one.code for one in report.requirements if one.code}
    wrong = [
        *(["images"] if expect.images not in (None, images) else []),
        *(["objects"] if expect.objects not in (None, objects) else []),
        *(["recall"] if expect.recall is not None and (least is None or least < expect.recall) else []),
        *(f"no {code}" for code in expect.codes if code not in codes),
    ]
    shown = "" if least is None else f", recall {least:.2f}"
    return f"{images} images, {objects} objects{shown} {' '.join(expect.codes)}", ", ".join(wrong)


def rows(root: Path) -> Iterator[tuple[str, str, str]]:
    for case in CASES:
        said, wrong = outcome(case, root)
        yield case.name, said, wrong or "right"


def main() -> None:
    source = Path(os.environ.get("VISION_READINESS_CASES", REPOSITORY.parent / "shared" / "tools" / "cases"))
    if not source.is_dir():
        raise SystemExit("the generators are not here; set VISION_READINESS_CASES to their folder")
    with tempfile.TemporaryDirectory() as place:
        environment = {**os.environ, "CASES": place, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run([sys.executable, str(source / "make_all.py")], check=True, env=environment, cwd=place)  # noqa: S603 - the generators themselves
        found = list(rows(Path(place)))
    print(table(("case", "what is said", "which is"), found))
    wrong = sum(one[2] != "right" for one in found)
    print(f"\n{len(found)} cases, {wrong} wrong")
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
