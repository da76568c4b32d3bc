import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_readiness.inspect.features import measure
from vision_readiness.stress.scene import Scene
from vision_readiness.stress.shifts import SHIFTS, WORST, Quantity, measured_in
from vision_readiness.testing import an_image

BOXES = np.array([[20.0, 30.0, 60.0, 50.0], [80.0, 60.0, 100.0, 90.0]])


@pytest.fixture(scope="module")
def scene():
    """A picture with structure of every size, as nature has it, neither dark nor bright: 640 x 480 px."""
    random = np.random.default_rng(5)
    wave = np.hypot(*np.meshgrid(np.fft.rfftfreq(640), np.fft.fftfreq(480)))
    wave[0, 0] = 1.0
    land = np.fft.irfft2(np.fft.rfft2(random.standard_normal((480, 640))) / wave)
    picture = np.clip(110 + 40 * land / land.std(), 0, 255)[..., None] * [1, 0.9, 0.8]
    return Scene.of(picture.astype(np.uint8), BOXES)


def chance():
    return np.random.default_rng(7)


@pytest.mark.parametrize("shift", SHIFTS, ids=lambda shift: shift.name)
def test_severity_0_is_the_very_scene(shift, scene):
    assert shift(scene, 0, chance()) is scene


@pytest.mark.parametrize("shift", SHIFTS, ids=lambda shift: shift.name)
def test_a_shift_keeps_shape_and_type_and_changes_nothing_it_was_given(shift, scene):
    before = scene.picture.copy(), scene.box.copy()
    for severity in (0.5, 1, WORST):
        shifted = shift(scene, severity, chance())
        assert shifted.picture.shape == scene.picture.shape
        assert shifted.picture.dtype == np.uint8
        assert shifted.box.shape == scene.box.shape
        assert (shifted.picture != scene.picture).any()
    assert (scene.picture == before[0]).all()
    assert (scene.box == before[1]).all()


@pytest.mark.parametrize("shift", SHIFTS, ids=lambda shift: shift.name)
def test_a_shift_gives_the_same_for_the_same_seed(shift, scene):
    first, second = (shift(scene, 3, chance()) for _ in range(2))
    assert (first.picture == second.picture).all()
    assert (first.box == second.box).all()


@pytest.mark.parametrize("shift", SHIFTS, ids=lambda shift: shift.name)
def test_strengths_go_one_way_and_between_the_whole_severities_straight(shift):
    steps = np.diff(shift.strengths)
    assert (steps > 0).all() or (steps < 0).all()
    assert shift.strength(2.5) == pytest.approx((shift.strengths[2] + shift.strengths[3]) / 2)


@pytest.mark.parametrize(
    ("name", "falls", "up_to"),
    [
        ("darker", True, 5),
        ("brighter", False, 5),
        ("blur", True, 3),
        ("motion", True, 5),
        ("warmer", False, 5),
        ("colder", True, 5),
    ],
)
def test_what_is_measured_goes_one_way(name, falls, up_to, scene):
    """The sharpness of a blur over 5 px ends in the rounding of the pixels, where it stays."""
    (shift,) = (shift for shift in SHIFTS if shift.name == name)
    severities = np.linspace(0, WORST, 11)
    seen = np.array([measured_in(shift(scene, at, chance()).picture, shift.quantity) for at in severities])
    steps = np.diff(seen) * (-1 if falls else 1)
    assert (steps[severities[1:] <= up_to] > 0).all()
    assert (steps > -0.01 * seen[0]).all()


def test_further_shifts_leave_the_picture_further_from_itself(scene):
    for shift in (shift for shift in SHIFTS if shift.name not in ("scale", "rotation")):  # these move it away at once
        changed = [
            np.abs(shift(scene, at, chance()).picture.astype(int) - scene.picture).mean() for at in range(1, WORST + 1)
        ]
        assert (np.diff(changed) > 0).all(), shift.name


def test_brightness_and_sharpness_are_those_of_the_scan(scene):
    measures = measure(an_image(scene.picture, "PNG")).measures
    assert measured_in(scene.picture, Quantity.BRIGHTNESS) == measures.mean
    assert measured_in(scene.picture, Quantity.SHARPNESS) == measures.sharpness
    assert np.isnan(measured_in(scene.picture, Quantity.NOISE))


def test_warmth_is_mean_red_over_mean_blue():
    picture = np.zeros((4, 5, 3), np.uint8)
    assert np.isnan(measured_in(picture, Quantity.WARMTH))
    picture[...] = (120, 50, 80)
    assert measured_in(picture, Quantity.WARMTH) == 1.5


def test_a_stop_is_half_the_light(scene):
    (darker,) = (shift for shift in SHIFTS if shift.name == "darker")
    light = (scene.picture / 255.0) ** 2.2
    half = (darker(scene, 1, chance()).picture / 255.0) ** 2.2
    assert half.mean() == pytest.approx(light.mean() / 2, rel=0.01)


def test_noise_has_the_deviation_it_says():
    (noise,) = (shift for shift in SHIFTS if shift.name == "noise")
    grey = Scene.of(np.full((100, 100, 3), 128, np.uint8), BOXES[:0])
    assert noise(grey, 3, chance()).picture.std() == pytest.approx(noise.strength(3), rel=0.05)


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 40), st.floats(0.1, WORST))
def test_a_picture_of_any_size_goes_through_every_shift(seed, height, width, severity):
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    box = np.sort(random.random((3, 2, 2)) * [width, height], axis=1).reshape(3, 4)
    for shift in SHIFTS:
        shifted = shift(Scene.of(picture, box), severity, np.random.default_rng(seed))
        assert shifted.picture.shape == picture.shape
        assert np.isfinite(shifted.box).all()
        assert (shifted.box >= -1e-9).all()
        assert (shifted.box <= np.array([width, height] * 2) + 1e-9).all()
