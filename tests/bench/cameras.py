"""How often bounds of a rate on new cameras hold, by simulation: each camera has a rate of its own."""

from __future__ import annotations

from itertools import product

import numpy as np

from tests.bench.tables import table
from vision_readiness.evaluate.few_groups import bounds_of_few_groups
from vision_readiness.evaluate.rates import bounds_of_rows

CAMERAS, OBJECTS = (2, 3, 5, 10, 20), 60
ICCS, RATES = (0.0, 0.05, 0.1, 0.2), (0.8, 0.9, 0.95)


def camera_table(runs: int) -> str:
    """How often the lower bound of the mean rate over all cameras holds, in per cent: images alone, then by camera."""
    rows = []
    for place, (icc, rate) in enumerate(product(ICCS, RATES)):
        rng = np.random.default_rng([8, place])
        cells = [_held(rng, cameras, icc, rate, runs) for cameras in CAMERAS]
        rows.append([f"{icc:g}, {rate:g}", *cells])
    return table(["ICC of cameras, rate", *(f"{cameras} cameras" for cameras in CAMERAS)], rows)


def _held(rng: np.random.Generator, cameras: int, icc: float, rate: float, runs: int) -> str:
    camera, image = (
        np.repeat(np.arange(cameras), OBJECTS).astype(np.int32),
        np.arange(cameras * OBJECTS, dtype=np.int32),
    )
    alone = together = 0
    for _ in range(runs):
        chance = rng.beta(rate * (1 - icc) / icc, (1 - rate) * (1 - icc) / icc, cameras) if icc else np.array([rate])
        right = rng.random((cameras, OBJECTS)) < chance[:, None]
        alone += bounds_of_rows(right.ravel(), image).lower <= rate
        together += bounds_of_few_groups(right.ravel(), camera).lower <= rate
    return f"{100 * alone / runs:.0f} {100 * together / runs:.0f}"
