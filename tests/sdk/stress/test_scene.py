import math

import numpy as np
import pytest

from vision_readiness.project.masks import Masks
from vision_readiness.stress.scene import Scene, occluded, rotated, smaller

HEIGHT, WIDTH = 120, 160


def disc(centre, radius, *, masked=False):
    """A white disc on black with its box, and its mask where asked for."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    inside = (x + 0.5 - centre[0]) ** 2 + (y + 0.5 - centre[1]) ** 2 <= radius**2
    picture = np.repeat((inside * 255).astype(np.uint8)[..., None], 3, axis=2)
    box = np.array([[centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius]], float)
    return Scene.of(picture, box, Masks.from_bitmaps([inside]) if masked else None)


def box_of(white):
    rows, columns = np.flatnonzero(white.any(axis=1)), np.flatnonzero(white.any(axis=0))
    return np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1])


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("degrees", [5, 20, 90])
def test_boxes_follow_a_rotation(degrees, seed):
    scene = rotated(disc((70, 50), 15), degrees, np.random.default_rng(seed))
    assert scene.box[0] == pytest.approx(
        box_of((scene.picture > 127).all(axis=2) & (scene.picture != 114).any(axis=2)), abs=1.5
    )
    assert not scene.gone[0]


def test_a_box_turned_by_90_degrees_swaps_its_sides():
    scene = Scene.of(np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.array([[70.0, 50.0, 90.0, 90.0]]))
    (box,) = rotated(scene, 90, np.random.default_rng(0)).box
    assert (box[2] - box[0], box[3] - box[1]) == pytest.approx((40, 20))


@pytest.mark.parametrize("factor", [0.85, 0.5, 0.25])
def test_boxes_follow_the_scale(factor):
    scene = smaller(disc((70, 50), 20), factor, np.random.default_rng(0))
    assert scene.box[0] == pytest.approx(box_of((scene.picture > 180).all(axis=2)), abs=1.5)
    assert scene.picture[0, 0].tolist() == [114, 114, 114]


@pytest.mark.parametrize(("move", "by"), [(rotated, 20), (smaller, 0.5)])
def test_masks_go_where_the_pixels_go(move, by):
    scene = move(disc((70, 50), 20, masked=True), by, np.random.default_rng(1))
    white = (scene.picture > 180).all(axis=2)
    assert np.count_nonzero(white != scene.masks.bitmap(0)) < 0.1 * np.count_nonzero(white)


def test_what_has_mostly_left_the_frame_is_gone():
    scene = disc((8, 8), 8)
    assert not rotated(scene, 3, np.random.default_rng(0)).gone.any()
    assert rotated(scene, 30, np.random.default_rng(0)).gone.all()


def test_a_patch_covers_the_share_of_each_box_and_more_covers_less():
    box = np.array([[10.0, 10.0, 50.0, 40.0], [80.0, 20.0, 140.0, 100.0]])
    scene = Scene.of(np.full((HEIGHT, WIDTH, 3), 250, np.uint8), box)
    hidden = []
    for share in (0.1, 0.35, 0.65):
        shown = occluded(scene, share, np.random.default_rng(3))
        grey = (shown.picture == 114).all(axis=2)
        for left, top, right, bottom in box.astype(int):
            assert grey[top:bottom, left:right].mean() == pytest.approx(share, abs=0.05)
        assert (shown.box == box).all()
        hidden.append(grey)
    assert not (hidden[0] & ~hidden[2]).sum() > 0.02 * hidden[0].sum()
    assert math.isclose(hidden[2].sum(), 0.65 * np.prod(box[:, 2:] - box[:, :2], axis=1).sum(), rel_tol=0.1)


def test_no_objects_are_no_trouble():
    scene = Scene.of(np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((0, 4)))
    for move, by in ((rotated, 10), (smaller, 0.5), (occluded, 0.5)):
        assert move(scene, by, np.random.default_rng(0)).box.shape == (0, 4)
