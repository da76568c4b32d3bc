from __future__ import annotations

import numpy as np
import pytest

from tests.sdk.evaluate.coco_sets import made
from vision_readiness.evaluate.figures import scope_of
from vision_readiness.evaluate.match import match
from vision_readiness.evaluate.score_distribution import BINS, score_distributions


@pytest.mark.parametrize("seed", range(3))
def test_every_answer_that_counts_is_in_one_bin_right_or_wrong(seed):
    made_set = made(seed, images=40, crowd=True)
    matches = match(made_set.dataset, made_set.predictions)
    scope = scope_of(matches, matches.answered)
    found = list(score_distributions(matches, scope))
    assert [one.label for one in found] == list(matches.classes)
    for place, one in enumerate(found):
        rows = scope.answers & (matches.answers.label == place)
        assert sum(one.right) == np.count_nonzero(rows & matches.answers.hit[:, 0])
        assert sum(one.right) + sum(one.wrong) == np.count_nonzero(rows)
        assert len(one.right) == len(one.wrong) == BINS
    nothing = list(score_distributions(matches, scope_of(matches, np.zeros(40, bool))))
    assert not any(sum(one.right) + sum(one.wrong) for one in nothing)
