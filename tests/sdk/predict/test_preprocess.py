import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.predict.preprocess import place, to_tensor
from vision_readiness.project import Preprocessing, Resize

sides = st.integers(min_value=8, max_value=300)
RED = np.zeros((40, 80, 3), dtype=np.uint8)
RED[..., 0] = 255


@given(width=sides, height=sides, resize=st.sampled_from(list(Resize)), to=st.tuples(sides, sides))
def test_boxes_inside_the_picture_come_back_where_they_were(width, height, resize, to):
    placement = place(width, height, Preprocessing(*to, resize=resize))
    box = np.array([[0.0, 0.0, width, height], [1.0, 2.0, width / 2, height / 2]])
    assert np.allclose(placement.to_picture(placement.to_input(box)), box, atol=1e-9)


@given(width=sides, height=sides, resize=st.sampled_from(list(Resize)), to=st.tuples(sides, sides))
def test_the_tensor_has_the_shape_that_was_asked_for(width, height, resize, to):
    picture = np.zeros((height, width, 3), dtype=np.uint8)
    tensor, _ = to_tensor(picture, Preprocessing(*to, resize=resize))
    assert tensor.shape == (1, 3, to[1], to[0])
    assert tensor.dtype == np.float32
    assert tensor.flags["C_CONTIGUOUS"]


def test_boxes_beyond_the_edge_are_cut():
    placement = place(100, 50, Preprocessing(100, 100, resize=Resize.LETTERBOX))
    assert placement.to_picture(np.array([[-10.0, 0.0, 110.0, 100.0]])).tolist() == [[0.0, 0.0, 100.0, 50.0]]


def test_a_letterbox_keeps_the_aspect_and_pads_in_grey():
    tensor, placement = to_tensor(RED, Preprocessing(40, 40, resize=Resize.LETTERBOX, padding=114))
    assert placement.offset == (0.0, 10.0)
    assert placement.scale == (0.5, 0.5)
    assert np.allclose(tensor[0, :, 5, 20], 114 / 255)
    assert tensor[0, :, 20, 20].tolist() == [1.0, 0.0, 0.0]


def test_a_centre_crop_drops_what_sticks_out():
    picture = np.zeros((10, 30, 3), dtype=np.uint8)
    picture[:, 10:20] = 255
    tensor, placement = to_tensor(picture, Preprocessing(10, 10, resize=Resize.CENTER_CROP))
    assert tensor.min() == 1.0
    assert placement.to_picture(np.array([[0.0, 0.0, 10.0, 10.0]])).tolist() == [[10.0, 0.0, 20.0, 10.0]]


def test_bgr_swaps_the_channels():
    tensor, _ = to_tensor(RED, Preprocessing(8, 8, bgr=True))
    assert tensor[0, :, 0, 0].tolist() == [0.0, 0.0, 1.0]


def test_grayscale_fills_all_channels_with_luma():
    tensor, _ = to_tensor(RED, Preprocessing(8, 8, grayscale=True))
    assert np.allclose(tensor, 76 / 255)  # ITU-R 601: 0.299 of full red


def test_mean_and_std_apply_channel_by_channel():
    tensor, _ = to_tensor(RED, Preprocessing(8, 8, mean=(0.5, 0.25, 0.0), std=(0.5, 0.25, 1.0)))
    assert np.allclose(tensor[0, :, 0, 0], [1.0, -1.0, 0.0], atol=1e-6)


def test_values_stay_bytes_where_the_unit_range_is_off():
    tensor, _ = to_tensor(RED, Preprocessing(8, 8, unit_range=False))
    assert tensor.max() == 255.0


@pytest.mark.parametrize("dtype", ["uint8", "float16"])
def test_the_tensor_has_the_type_of_the_input(dtype):
    tensor, _ = to_tensor(RED, Preprocessing(8, 8, unit_range=False), dtype=dtype)
    assert tensor.dtype == dtype
    assert tensor[0, 0].max() == 255


def test_a_one_channel_input_gets_the_grey_picture():
    tensor, _ = to_tensor(RED, Preprocessing(8, 8), channels=1)
    assert tensor.shape == (1, 1, 8, 8)
