import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vision_readiness.predict.nms import suppress


def greedy(box, score, label, iou, max_answers):
    """Suppression as the textbook has it: one row after the other."""
    kept = []
    for row in sorted(range(len(score)), key=lambda row: (-score[row], row)):
        if all(label[row] != label[other] or overlap(box[row], box[other]) <= iou for other in kept):
            kept.append(row)
    return kept[:max_answers]


def overlap(a, b):
    inner = max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inner
    return inner / union if union else 0


@st.composite
def candidates(draw):
    n = draw(st.integers(0, 40))
    corner = draw(hnp.arrays(np.float64, (n, 2), elements=st.integers(0, 20)))
    size = draw(hnp.arrays(np.float64, (n, 2), elements=st.integers(0, 20)))
    score = draw(hnp.arrays(np.float64, n, elements=st.sampled_from([0.1, 0.5, 0.7, 0.9])))
    label = draw(hnp.arrays(np.int64, n, elements=st.integers(0, 2)))
    return np.concatenate([corner, corner + size], axis=1), score, label


@given(candidates(), st.sampled_from([0.31, 0.47, 0.61]), st.integers(1, 50), st.sampled_from([1, 3, 384]))
def test_it_keeps_what_the_textbook_keeps(rows, iou, max_answers, block):
    kept = suppress(*rows, iou=iou, max_answers=max_answers, block=block)
    assert kept.tolist() == greedy(*rows, iou, max_answers)


def test_no_candidates_give_no_rows():
    kept = suppress(np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=int), iou=0.6, max_answers=300)
    assert kept.shape == (0,)


def test_a_chain_of_overlaps_frees_its_third_link():
    box = np.array([[0.0, 0, 10, 10], [3.0, 0, 13, 10], [6.0, 0, 16, 10]])
    kept = suppress(box, np.array([0.9, 0.8, 0.7]), np.zeros(3, dtype=int), iou=0.5, max_answers=300)
    assert kept.tolist() == [0, 2]


def test_other_classes_do_not_suppress():
    box = np.tile([0.0, 0, 10, 10], (2, 1))
    assert len(suppress(box, np.array([0.9, 0.8]), np.array([0, 1]), iou=0.5, max_answers=300)) == 2


def test_equal_scores_keep_the_first_row():
    box = np.tile([0.0, 0, 10, 10], (3, 1))
    assert suppress(box, np.full(3, 0.5), np.zeros(3, dtype=int), iou=0.5, max_answers=300).tolist() == [0]
