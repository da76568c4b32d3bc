"""All of a code stands beside its check, and nowhere else."""

import ast
import re

import pytest

from tests.test_architecture import PACKAGES
from vision_readiness.readiness import Action, Stage
from vision_readiness.reasons import CHECKS, REASONS
from vision_readiness.reasons.reason import Owner, Reason, Severity

ACTIONS = {
    Action.COLLECT_DATA: "DATA101 DATA102 DATA109 SPLIT305 MODEL402 MODEL414 SPEC717",
    Action.LABEL_MORE: "DATA103 INPUT905 LABEL206 MODEL401 MODEL403 MODEL413 MODEL420",
    Action.FIX_DATASET: (
        "DATA104 DATA105 DATA106 DATA107 INPUT901 INPUT904 LABEL201 LABEL202 LABEL203 LABEL204 LABEL205 LABEL207 "
        "LABEL208 LABEL209 LABEL210 LABEL211 LABEL212 LABEL213 SPLIT301 SPLIT302 SPLIT303 SPLIT304 SPLIT306 SPLIT307"
    ),
    Action.ESCALATE: "INPUT903 INPUT909 MODEL404 MODEL405 MODEL407 MODEL417 MODEL418 MODEL421 TARGET505 TARGET506",
    Action.RETRAIN: "MODEL406 MODEL409 MODEL430",
    Action.TRAIN: "MODEL411",
    Action.ADJUST_THRESHOLD: "MODEL416",
    Action.CHANGE_TARGET: "TARGET501",
    Action.MEASURE_ON_TARGET: "MODEL412 TARGET502 TARGET503 TARGET504 TARGET509",
    Action.ENABLE_MONITORING: "PROD601",
    Action.REVIEW_WARNINGS: (
        "MODEL408 MODEL410 MODEL415 PROD602 PROD603 PROD604 PROD605 PROD606 SPEC701 SPEC702 SPEC703 SPEC704 SPEC705 "
        "SPEC706 SPEC707 SPEC708 SPEC709 SPEC710 SPEC711 SPEC712 SPEC713 SPEC714 SPEC715 SPEC716 SPEC718 SPEC719 "
        "SPEC720 SPEC721 SPEC722 TARGET507 TARGET508"
    ),
}
OF_ANSWERS = (
    "MODEL417 MODEL418 MODEL405 MODEL406 MODEL407 MODEL410 MODEL413 MODEL414 MODEL415 MODEL416 MODEL430 INPUT903"
)
NEEDED_BY = {
    "a model or its predictions": f"{OF_ANSWERS} MODEL408 MODEL409",
    "leak-free test images": OF_ANSWERS,
    "a parent model": "MODEL406",
    "answers on training images": "MODEL430",
    "timed calls": "TARGET504 TARGET506",
}
CODE = re.compile(r"(DATA|LABEL|SPLIT|MODEL|TARGET|PROD|SPEC|INPUT)\d{3}")


def test_every_code_asks_for_its_own_action():
    asked = {code: action for action, codes in ACTIONS.items() for code in codes.split()}
    assert {code: reason.action for code, reason in REASONS.items()} == asked


def test_every_check_needs_what_it_looks_at():
    needed = {}
    for check in CHECKS:
        for need in check.reason.needs:
            needed.setdefault(need.what, set()).add(check.code)
    assert needed == {what: set(codes.split()) for what, codes in NEEDED_BY.items()}


@pytest.mark.parametrize("missing", ["action", "stage"])
def test_a_reason_without_an_action_or_a_stage_is_an_error(missing):
    whole = {"severity": Severity.P1, "owner": Owner.DATA, "action": Action.ESCALATE, "stage": Stage.DATASET}
    whole |= dict.fromkeys(("code", "name", "unit", "meaning", "fix"), "said")
    assert Reason(**whole)
    del whole[missing]
    with pytest.raises(TypeError, match=missing):
        Reason(**whole)


def test_a_code_is_written_only_where_its_reason_stands():
    files = [path for package in PACKAGES for path in package.rglob("*.py") if path.parent.name != "reasons"]
    written = [
        f"{path.name}:{node.lineno} {node.value}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    ]
    assert not written


def test_a_finding_that_blocks_alone_has_a_headline():
    alone = [check.reason for check in CHECKS if check.reason.severity is Severity.P0]
    assert not [reason.code for reason in alone if reason.headline is None]
