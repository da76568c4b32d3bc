"""tidecv's view of data sets, run where tidecv lives: sets as JSON on stdin, its AP50 and delta-AP on stdout."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any

try:
    import cv2  # noqa: F401 - for its own sake: tidecv draws with it, which nobody asks for here
except ImportError:  # a machine without a screen has no libGL
    sys.modules["cv2"] = ModuleType("cv2")


def errors_of(coco: dict[str, Any], results: list[dict[str, Any]]) -> dict[str, Any]:
    """AP50, the gain of AP50 by kind of error, and how many errors of each kind there are."""
    from tidecv import TIDE, Data

    truth, given = Data("truth"), Data("given")
    for category in coco["categories"]:
        truth.add_class(category["id"], category["name"])
    for image in coco["images"]:
        truth.add_image(image["id"], str(image["id"]))
    for one in coco["annotations"]:
        add = truth.add_ignore_region if one["iscrowd"] else truth.add_ground_truth
        add(one["image_id"], one["category_id"], one["bbox"], None)
    for one in results:
        given.add_detection(one["image_id"], one["category_id"], one["score"], one["bbox"], None)
    tide = TIDE()
    run = tide.evaluate(truth, given, mode=TIDE.BOX)
    gains = tide.get_all_errors()["main"]["given"]
    return {
        "ap50": run.ap / 100,
        "gains": {kind: gain / 100 for kind, gain in gains.items()},
        "counts": {kind.short_name: n for kind, n in run.count_errors().items()},
    }


if __name__ == "__main__":
    print(json.dumps([errors_of(*one) for one in json.load(sys.stdin)]))
