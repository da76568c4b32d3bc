import tracemalloc

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.evaluate.overlap import covered_share

BOXES = st.lists(st.tuples(st.integers(0, 2), *[st.integers(0, 12)] * 4), max_size=25)


def one_by_one(image, box):
    """The largest share of each box that another of its image covers, pair by pair."""
    shares = np.zeros(len(image))
    for one, (x, y, right, bottom) in enumerate(box):
        for other, (left, top, end, low) in enumerate(box):
            width, height = min(right, end) - max(x, left), min(bottom, low) - max(y, top)
            if one != other and image[one] == image[other] and width > 0 and height > 0:
                shares[one] = max(shares[one], width * height / ((right - x) * (bottom - y)))
    return shares


@given(BOXES, st.sampled_from([1, 7, 10**6]))
def test_each_box_has_the_share_that_one_other_of_its_image_covers(rows, at_once):
    image = np.array([row[0] for row in rows], np.int32)
    corners = np.array([row[1:] for row in rows], float).reshape(-1, 4)
    box = np.concatenate([np.minimum(corners[:, :2], corners[:, 2:]), np.maximum(corners[:, :2], corners[:, 2:])], 1)
    np.testing.assert_allclose(covered_share(image, box, at_once=at_once), one_by_one(image, box), atol=1e-12)


def test_a_crowd_of_thousands_in_one_image_takes_little_memory():
    corner = np.random.default_rng(0).uniform(0, 900, (3000, 2))
    box = np.concatenate([corner, corner + 200], axis=1)
    tracemalloc.start()
    shares = covered_share(np.zeros(3000, np.int32), box)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert shares.min() > 0.5
    assert peak < 64e6  # all 4.5 million pairs at once would take 300 MB and more
