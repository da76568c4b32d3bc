import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import getitem

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sdk.decide.cases import TODAY, a_spec, gathered
from vision_readiness.advisor import decide
from vision_readiness.evidence import Evidence
from vision_readiness.evidence.model_evidence import evidence_of
from vision_readiness.inspect.scan import scan
from vision_readiness.policy import Policy
from vision_readiness.project import SPLITS, Dataset, ImageTable, ModelCard, ObjectTable, Predictions, Task, VersionId
from vision_readiness.report import NotDeployableError, digest_of, report_from_dict, report_schema
from vision_readiness.requirement import Waiver
from vision_readiness.spec import ClassRule, DeploymentSpec, RequirementRule
from vision_readiness.testing import MemoryImages, an_image

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLASSES = ("bolt", "nut", "washer")


def reported(evidence=None, spec=None, **given):
    return decide(evidence or gathered(), spec or a_spec(), as_of=given.pop("created_at", NOW), **given)


CASES = {
    "ready": {},
    "failed": {"missed": {"forklift": 60}, "false_alarms": {"person": 30}},
    "not proven": {"missed": {"forklift": 14}},
    "without a model": {"with_model": False},
    "without test images": {"test": 0},
    "leaking": {"leaked": 40},
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_report_fits_its_schema_and_is_read_back(case):
    report = reported(gathered(**case))
    plain = json.loads(report.to_json())
    jsonschema.validate(plain, report_schema())
    again = report_from_dict(plain)
    assert again == report
    assert again.to_json() == report.to_json()


def test_the_report_tells_what_answered_and_what_was_told_and_means_nothing():
    known = gathered()
    ran = {"provider": "CPUExecutionProvider", "threads": "2"}
    card = replace(known.model.card, runtime=ran, notes=("The metadata's head is ignored.",))
    report = reported(replace(known, model=replace(known.model, card=card)))
    assert ran.items() <= report.figures.evaluation.items()
    assert report.data.announcements == card.notes


@pytest.mark.parametrize(
    "damage",
    [{"readiness_state": "fine"}, {"score": "94"}, {"confidence": None}, {"deployable": 3}, {"requirements": {}}],
)
def test_the_schema_refuses_what_is_no_report(damage):
    plain = {**json.loads(reported().to_json()), **damage}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain, report_schema())


def test_json_is_sorted_and_ends_in_one_newline():
    text = reported().to_json()
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert text.endswith("}\n")
    assert "NaN" not in text


def test_equal_inputs_give_equal_bytes_and_the_time_is_no_input():
    evidence = gathered(missed={"forklift": 14})
    first, again = reported(evidence), reported(Evidence.from_bytes(evidence.to_bytes()))
    assert first.to_json() == again.to_json()
    later = reported(evidence, created_at=NOW + timedelta(hours=3))
    assert later.id == first.id
    assert replace(later, provenance=first.provenance) == first


def test_the_id_covers_evidence_spec_policy_and_waivers_in_force():
    evidence = gathered(missed={"forklift": 14})
    waiver = Waiver("MODEL402", "forklift", "Neha", "a pilot", TODAY + timedelta(days=3))
    past = replace(waiver, expires=TODAY - timedelta(days=1))
    reports = [
        reported(evidence),
        reported(gathered()),
        reported(evidence, a_spec(rollback_owner="someone")),
        reported(evidence, policy=Policy(min_groups=30)),
        reported(evidence, waivers=(waiver,)),
    ]
    assert len({report.id for report in reports}) == len(reports)
    assert reported(evidence, waivers=(past,)).id == reports[0].id


def test_a_report_has_no_truth_value_and_says_so():
    with pytest.raises(TypeError, match=r"report\.deployable"):
        bool(reported())


def test_a_release_is_stopped_by_what_is_not_deployable():
    ready = reported()
    assert ready.raise_if_not_deployable() is ready
    with pytest.raises(NotDeployableError) as caught:
        reported(gathered(leaked=40)).raise_if_not_deployable()
    assert caught.value.report.score == 0
    assert "partly trained on" in str(caught.value)


def test_rows_hold_every_requirement_and_finding():
    report = reported(gathered(missed={"forklift": 60}))
    rows = list(report.rows())
    assert len(rows) == len(report.requirements) + len(report.findings)
    assert len({tuple(row) for row in rows}) == 1
    table = report.to_dataframe()
    assert table["subject"].tolist() == [row["subject"] for row in rows]


def test_repr_is_short_and_names_version_and_state():
    assert repr(reported()) == "<Report acme/dock/3: ready, 0 findings>"


def test_digests_tell_values_apart():
    assert digest_of("a", 1) == digest_of("a", 1)
    assert digest_of("a", 1) != digest_of("a", 2)
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert len(digest_of("\ud800")) == 16


def scattered(seed, *, valid=8, test=14):
    """Images with a few objects of three classes, and answers that find some of them; no two scores are equal."""
    rng = np.random.default_rng(seed)
    images = valid + test
    split = np.array([1] * valid + [2] * test, np.int8)
    keys = tuple(f"{SPLITS[code]}/{n}.png" for n, code in enumerate(split))
    image = np.repeat(np.arange(images), rng.integers(0, 4, images)).astype(np.int32)
    corner = rng.uniform(0, 30, (len(image), 2))
    box = np.concatenate([corner, corner + rng.uniform(8, 18, (len(image), 2))], axis=1)
    label = rng.integers(0, 3, len(image)).astype(np.int32)
    size = np.full(images, 48, np.int32)
    table = ImageTable(keys, split, np.arange(images, dtype=np.int32), size, size)
    objects = ObjectTable(image, label, box, np.prod(box[:, 2:] - box[:, :2], axis=1), np.zeros(len(image), bool))
    picked = np.flatnonzero(rng.random(len(image)) < 0.8)
    noise = rng.integers(0, images, images).astype(np.int32)
    corner = rng.uniform(0, 30, (images, 2))
    answer_image = np.concatenate([image[picked], noise])
    answer_box = np.concatenate([box[picked] + rng.normal(0, 1.5, (len(picked), 4)), np.c_[corner, corner + 12]])
    answer_label = np.concatenate([label[picked], rng.integers(0, 3, images)]).astype(np.int32)
    order = np.argsort(answer_image, kind="stable")
    score = rng.permutation(len(order)) / len(order) * 0.9 + 0.05
    predictions = Predictions(
        np.ones(images, bool), answer_image[order], answer_label[order], score[order], answer_box[order]
    )
    pixels = rng.integers(20, 235, (images, 12, 12), dtype=np.uint8)
    files = {
        key: an_image(np.repeat(np.kron(blocks, np.ones((4, 4), np.uint8))[:, :, None], 3, axis=2), "PNG")
        for key, blocks in zip(keys, pixels, strict=True)
    }
    return Dataset(Task.DETECTION, CLASSES, table, objects), predictions, MemoryImages(files)


def judged(dataset, predictions, images):
    """What the report on them says, but for the ids that name the order too."""
    found = scan(dataset, images, workers=1)
    known = dataset.with_conditions(found.conditions)
    evidence = Evidence(VersionId("acme", "nuts", 1), found.facts, known.images, found.group, found.leak_free)
    card = ModelCard("model.onnx", "0" * 64, Task.DETECTION, dataset.classes)
    evidence = replace(evidence, model=evidence_of(card, known, predictions, evidence, {}))
    spec = DeploymentSpec(
        classes={label: ClassRule(min_recall=0.6, min_precision=0.5) for label in CLASSES},
        requirements=(
            RequirementRule(metric="false_alarms_per_1000_empty_images", at_most=900),
            *(RequirementRule(metric="ap50", at_least=0.3, label=label) for label in CLASSES),
        ),
    )
    plain = json.loads(decide(evidence, spec, as_of=NOW).to_json())
    del plain["id"], plain["figures"]["evaluation"]["evidence_digest"]
    return plain


def permuted(dataset, predictions, order):
    """The same images in another order: row ``n`` is what row ``order[n]`` was."""
    place = np.argsort(order)
    table, objects = dataset.images, dataset.objects
    columns = {name: getattr(table, name)[order] for name in ("split", "source", "width", "height")}
    images = replace(table, key=tuple(table.key[n] for n in order), **columns)
    moved = place[predictions.image].astype(np.int32)
    rows = np.argsort(moved, kind="stable")
    answers = {name: getattr(predictions, name)[rows] for name in ("label", "score", "box")}
    return (
        replace(dataset, images=images, objects=replace(objects, image=place[objects.image].astype(np.int32))),
        replace(predictions, image=moved[rows], answered=predictions.answered[order], **answers),
    )


@given(st.integers(0, 10_000), st.integers(0, 10_000))
@settings(max_examples=8)
def test_the_order_of_images_changes_nothing(seed, other):
    dataset, predictions, images = scattered(seed)
    order = np.random.default_rng(other).permutation(len(dataset.images))
    assert judged(*permuted(dataset, predictions, order), images) == judged(dataset, predictions, images)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
@settings(max_examples=8)
def test_the_order_of_objects_and_of_answers_in_an_image_changes_nothing(seed, other):
    dataset, predictions, images = scattered(seed)
    rng = np.random.default_rng(other)
    mixed = rng.permutation(len(dataset.objects))
    objects = ObjectTable(
        *(getattr(dataset.objects, name)[mixed] for name in ("image", "label", "box", "area", "crowd"))
    )
    rows = rng.permutation(len(predictions))
    rows = rows[np.argsort(predictions.image[rows], kind="stable")]
    answers = {name: getattr(predictions, name)[rows] for name in ("image", "label", "score", "box")}
    shuffled = judged(replace(dataset, objects=objects), replace(predictions, **answers), images)
    assert shuffled == judged(dataset, predictions, images)


@given(st.integers(0, 10_000), st.permutations(range(3)))
@settings(max_examples=8)
def test_the_order_of_classes_changes_the_order_of_what_is_said_only(seed, order):
    dataset, predictions, images = scattered(seed)
    place = np.argsort(order).astype(np.int32)
    renumbered = replace(
        dataset,
        classes=tuple(CLASSES[n] for n in order),
        objects=replace(dataset.objects, label=place[dataset.objects.label]),
    )
    first = judged(dataset, predictions, images)
    again = judged(renumbered, replace(predictions, label=place[predictions.label]), images)
    actions = [
        sorted((fix["action"], fix["code"], fix["effort"]) for fix in report["fixes"]) for report in (first, again)
    ]
    assert actions[0] == actions[1]
    facts = ("code", "subject", "severity", "measured", "limit", "of")
    assert sorted([str(one[fact]) for fact in facts] for one in again["findings"]) == sorted(
        [str(one[fact]) for fact in facts] for one in first["findings"]
    )
    for part in (("requirements",), ("figures", "classes"), ("figures", "coverage"), ("errors", "examples")):
        now, then = (sorted(map(json.dumps, reduce(getitem, part, one))) for one in (again, first))
        assert now == then, part
    for part in ("readiness_state", "blocked_by", "score", "confidence"):
        assert again[part] == first[part], part
    assert again["scores"]["thresholds"] == first["scores"]["thresholds"]
    matrix, labels = np.array(first["errors"]["confusion"]["matrix"]), first["errors"]["confusion"]["labels"]
    rows = [labels.index(label) for label in again["errors"]["confusion"]["labels"]]
    assert again["errors"]["confusion"]["matrix"] == matrix[np.ix_(rows, rows)].tolist()


@given(st.integers(0, 10_000))
@settings(max_examples=8)
def test_figures_of_a_report_add_up(seed):
    report = judged(*scattered(seed))
    matrix = np.array(report["errors"]["confusion"]["matrix"])
    test = next(row for row in report["data"]["splits"] if row["split"] == "test")
    for place, one in enumerate(report["figures"]["classes"]):
        assert matrix[place].sum() == one["recall"]["n"] == one["test_objects"] == test["objects"][one["label"]]
        assert matrix[:, place].sum() == one["precision"]["n"]
        sizes = [
            cell
            for cell in report["figures"]["coverage"]
            if (cell["label"], cell["condition"]) == (one["label"], "size")
        ]
        assert sum(cell["objects"] for cell in sizes) == one["test_objects"]


def test_more_evidence_never_widens_an_interval_on_average():
    widths = {
        test: np.mean(
            [
                one["recall"]["upper"] - one["recall"]["lower"]
                for seed in range(3)
                for one in judged(*scattered(seed, test=test))["figures"]["classes"]
                if one["recall"]["n"]
            ]
        )
        for test in (12, 48)
    }
    assert widths[48] < 0.75 * widths[12]
