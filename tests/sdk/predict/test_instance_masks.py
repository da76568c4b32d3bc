import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vision_readiness.predict.instance_masks import draw
from vision_readiness.predict.outputs import Frame, sigmoid
from vision_readiness.predict.preprocess import place
from vision_readiness.project import Preprocessing, Resize

sides = st.integers(16, 90)


@given(sides, sides, st.sampled_from([Resize.STRETCH, Resize.CENTER_CROP]), st.integers(0, 2**32 - 1))
def test_the_part_in_the_box_is_that_of_the_whole_picture_resized(width, height, resize, seed):
    generator = np.random.default_rng(seed)
    weights, prototypes = generator.normal(size=(1, 3)), generator.normal(size=(3, 16, 16))
    corner = generator.integers(0, 8, 2)
    box = np.array([[*corner, *(corner + generator.integers(1, 60, 2))]], dtype=float).clip(0, [width, height] * 2)
    placement = place(width, height, Preprocessing(64, 64, resize=resize))
    bitmap = draw(weights, prototypes, box, placement, Frame(64, 64)).bitmap(0)

    cover = sigmoid(np.einsum("k,khw->hw", weights[0], prototypes)).astype(np.float32)
    seen = placement.to_picture(np.array([[0.0, 0.0, 64.0, 64.0]]))[0]
    area = np.rint(np.clip(box, np.tile(seen[:2], 2), np.tile(seen[2:], 2)))
    left, top, right, bottom = area[0].astype(int)
    source = np.clip(placement.to_input(area)[0] / 4, 0, 16)
    expected = np.zeros((height, width), dtype=bool)
    if right > left and bottom > top:
        resized = Image.fromarray(cover).resize((right - left, bottom - top), Image.Resampling.BILINEAR, tuple(source))
        expected[top:bottom, left:right] = np.asarray(resized) > 0.5
    assert np.mean(bitmap != expected) <= 0.002  # float rounding at the threshold


def test_a_box_without_a_pixel_gives_an_empty_mask():
    placement = place(32, 32, Preprocessing(64, 64))
    box = np.array([[3.1, 3.1, 3.3, 9.0]])
    masks = draw(np.ones((1, 1)), np.ones((1, 16, 16)), box, placement, Frame(64, 64))
    assert not masks.bitmap(0).any()
