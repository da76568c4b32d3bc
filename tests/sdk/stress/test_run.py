import io
import json
import zipfile
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from tests.sdk.stress.lamps import Eye, at, lamp, lamps
from vision_readiness.errors import InputError, ModelError
from vision_readiness.evaluate.figures import Figures, scope_of
from vision_readiness.evaluate.match import match
from vision_readiness.predict.interface import Answer
from vision_readiness.predict.run import predict_dataset
from vision_readiness.project import ModelCard, Task
from vision_readiness.project.columns import put_together, take_apart
from vision_readiness.project.masks import Masks
from vision_readiness.requirement import Metric
from vision_readiness.stress.curves import StressFigures, stress_curves
from vision_readiness.stress.facts import StressFacts
from vision_readiness.stress.run import stress
from vision_readiness.stress.shifts import SHIFTS
from vision_readiness.testing import MemoryImages, silent

VALUES = [120, 140, 160, 180, 200, 220, 240, 250]
DARKER = tuple(shift for shift in SHIFTS if shift.name == "darker")
ROWS = np.arange(len(VALUES))


def run(values=tuple(VALUES), rows=ROWS, model=None, **options):
    dataset, images = lamps(list(values))
    return stress(model or Eye(), dataset, images, rows, progress=silent, **{"shifts": DARKER, **options})


def columns_of(value, found=None):
    """Every array in a value of dataclasses, by its path."""
    found = {} if found is None else found
    take_apart(value, found)
    return found


def same(first, second):
    one, other = columns_of(first), columns_of(second)
    return one.keys() == other.keys() and all(
        np.array_equal(one[name], other[name], equal_nan=one[name].dtype.kind == "f") for name in one
    )


def test_every_image_is_asked_about_once_a_step():
    facts = run(shifts=SHIFTS, severities=(1, 3))
    assert facts.steps == 1 + 2 * len(SHIFTS)
    assert np.bincount(facts.truths.step).tolist()[0] == len(VALUES)
    assert facts.steps_of(1).tolist() == [0, 3, 4]
    assert {shift.measured.shape for shift in facts.shifts} == {(3, len(VALUES))}


def test_the_first_step_says_what_the_evaluation_says():
    dataset, images = lamps(VALUES)
    predictions = predict_dataset(Eye(130), dataset, images, ROWS, silent).predictions
    matches, point = match(dataset, predictions), at(0.6, len(VALUES))
    figures = Figures.at(matches, point, dataset.images.source)
    scope = scope_of(matches, np.ones(len(VALUES), bool))
    stressed = StressFigures.at(run(model=Eye(130)), point, dataset.classes, dataset.images.source)
    assert stressed.bounds(Metric.RECALL, "lamp")[0] == figures.recall(0, scope)
    assert stressed.bounds(Metric.PRECISION, "lamp")[0] == figures.precision(0, scope)


def test_the_same_seed_gives_the_same_whatever_the_order_or_the_workers():
    first = run(shifts=SHIFTS, severities=(2, 5))
    assert same(first, run(shifts=SHIFTS, severities=(2, 5), rows=ROWS[::-1]))
    assert same(first, run(shifts=SHIFTS, severities=(2, 5), workers=4))
    assert not same(first, run(shifts=SHIFTS, severities=(2, 5), seed=1))


def test_an_image_says_the_same_among_other_images():
    alone = run(shifts=SHIFTS, severities=(3,), rows=np.array([4]))
    among = run(shifts=SHIFTS, severities=(3,))
    assert np.array_equal(alone.answers.score, among.answers.score[among.answers.image == 4])
    assert all(
        np.array_equal(a.measured[:, 0], b.measured[:, 4]) for a, b in zip(alone.shifts, among.shifts, strict=True)
    )


def test_a_severity_says_the_same_among_other_severities():
    every, one = run(severities=(1, 2, 3, 4, 5)), run(severities=(3,))
    middle = every.answers.step == 3
    assert np.array_equal(every.answers.score[middle], one.answers.score[one.answers.step == 1])


def test_facts_survive_being_taken_apart_and_put_together():
    facts = run(shifts=SHIFTS, severities=(1.5, 4), model=Eye(fails_on=240))
    columns = {}
    plain = json.loads(json.dumps(take_apart(facts, columns), allow_nan=False))
    packed = {name: np.load(io.BytesIO(saved(column)), allow_pickle=False) for name, column in columns.items()}
    again = put_together(StressFacts, plain, packed)
    assert same(again, facts)
    assert again.failed == facts.failed == {"test/6.png": "out of memory"}
    assert [(one.name, one.unit) for one in again.shifts] == [(one.name, one.unit) for one in facts.shifts]
    assert [type(shift.quantity) for shift in again.shifts] == [type(shift.quantity) for shift in facts.shifts]
    assert (again.artefact, again.seed) == (facts.artefact, facts.seed)


def saved(column):
    file = io.BytesIO()
    np.save(file, column, allow_pickle=False)
    return file.getvalue()


def test_an_image_that_fails_at_one_step_is_left_out_of_all():
    facts = run(model=Eye(fails_on=240))
    assert facts.failed == {"test/6.png": "out of memory"}
    assert 6 not in facts.image
    assert 6 not in facts.truths.image


def test_a_run_that_answers_nothing_is_an_error():
    dataset, _ = lamps(VALUES)
    with pytest.raises(ModelError, match=r"eye\.onnx answered none of 8 images; the first: .*test/0\.png"):
        stress(Eye(), dataset, MemoryImages({}), ROWS, progress=silent)


def test_no_images_give_empty_facts():
    facts = run(rows=np.zeros(0, int))
    assert len(facts.image) == len(facts.answers.score) == len(facts.truths.score) == 0
    curves = stress_curves(StressFigures.at(facts, at(0.5, 8), ("lamp",), ROWS))
    assert {point.bounds.trials for curve in curves for point in curve.points} == {0}


@pytest.mark.parametrize("severities", [(), (0, 1), (2, 1), (1, 1), (6,), (float("nan"),)])
def test_severities_that_do_not_rise_are_refused(severities):
    with pytest.raises(InputError, match="severities have to rise from over 0 to at most 5"):
        run(severities=severities)


@pytest.mark.parametrize("shifts", [(), DARKER * 2])
def test_shifts_are_named_once(shifts):
    with pytest.raises(InputError, match="name each shift once, at least one: there are darker, brighter"):
        run(shifts=shifts)


def test_a_classifier_is_stressed_by_its_labels():
    dataset, images = lamps(VALUES, boxes=False)

    class Classifier(Eye):
        def predict(self, picture):
            return Answer(np.zeros(1, np.int32), np.array([picture.max() / 255]), np.zeros((1, 4)))

    facts = stress(Classifier(), dataset, images, ROWS, shifts=SHIFTS, progress=silent)
    figures = StressFigures.at(facts, at(100 / 255, 8), dataset.classes, ROWS)
    recall = figures.bounds(Metric.RECALL, "lamp")
    assert recall[0].rate == 1.0
    assert recall[5].rate < 0.5
    assert facts.truths.step.max() == 5 * len(SHIFTS)


def test_masks_are_matched_where_both_sides_have_them():
    bitmap = lamp(255)[..., 0] == 255
    dataset, images = lamps([250] * 3)
    masks = Masks.from_bitmaps([bitmap] * 3)
    dataset = replace(dataset, task=Task.SEGMENTATION, objects=replace(dataset.objects, masks=masks))

    class Drawn(Eye):
        def predict(self, picture):
            found = super().predict(picture)
            return replace(found, masks=Masks.from_bitmaps([picture.max(axis=2) >= 100] * len(found.label)))

    facts = stress(Drawn(), dataset, images, np.arange(3), shifts=SHIFTS, severities=(1,), progress=silent)
    scale = [shift.name for shift in SHIFTS].index("scale")
    rows = facts.truths.step == facts.steps_of(scale)[1]
    assert rows.sum() == 3
    assert facts.truths.found[facts.truths.step == 0].all()


def test_a_class_the_data_set_lacks_is_left_out():
    eye = Eye(card=ModelCard("eye.onnx", "d1635", Task.DETECTION, ("torch",)))
    assert len(run(model=eye).answers.score) == 0


def test_the_facts_fit_into_a_zip_of_columns():
    columns = columns_of(run())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, column in columns.items():
            archive.writestr(f"{name}.npy", saved(column))
    assert len(columns) == 1 + 3 + 5 + 5
    assert all(is_dataclass(one) and fields(one) for one in (run().answers, run().truths))
