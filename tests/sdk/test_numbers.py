import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vision_readiness.numbers import count, milliseconds, number, percent, percent_range, range_words, value_words
from vision_readiness.requirement import Metric

RATES = st.floats(0, 1)


def read(text):
    return float(text.removesuffix(" %")) / 100


@given(RATES, RATES)
def test_a_rate_beside_a_limit_is_never_shown_as_the_limit_nor_on_its_other_side(rate, limit):
    assume(abs(rate - limit) > 1e-5)
    shown = percent(rate, limit)
    if shown.endswith("%") and not shown.startswith("under"):
        assert (read(shown) > round(limit, 9)) == (rate > limit) or abs(read(shown) - limit) < 1e-12


@given(RATES)
def test_only_all_is_a_hundred_percent_and_only_nothing_is_none(rate):
    assume(1e-6 < rate < 1 - 1e-6)
    assert percent(rate) not in ("0 %", "100 %")


@given(RATES, RATES)
def test_a_range_has_the_same_digits_on_both_sides(one, other):
    lower, upper = sorted((one, other))
    first, last = percent_range(lower, upper, 0.9).removesuffix(" %").split("–")
    assert len(first.partition(".")[2]) == len(last.partition(".")[2])


@given(st.floats(0.001, 1e6))
def test_a_time_keeps_its_size(value):
    shown, unit = milliseconds(value).replace(",", "").split()
    assert float(shown) * {"ms": 1, "s": 1000}[unit] == pytest.approx(value, rel=0.06, abs=0.051)


@pytest.mark.parametrize(
    ("metric", "value", "shown"),
    [
        (Metric.RECALL, 0.957, "96 %"),
        (Metric.P95_MS, 82.4, "82 ms"),
        (Metric.MEMORY_MB, 1536, "1,536 MB"),
        (Metric.FRAMES_PER_SECOND, 12.5, "12.5"),
        (Metric.FALSE_ALARMS, 4.25, "4.25"),
        (Metric.AP50, 0.5, "50 %"),
    ],
)
def test_each_metric_has_its_unit(metric, value, shown):
    assert value_words(metric, value) == shown


@pytest.mark.parametrize(
    ("metric", "lower", "upper", "shown"),
    [
        (Metric.P95_MS, 82, 98, "82–98 ms"),
        (Metric.P95_MS, 82, 12_000, "82 ms–12.0 s"),
        (Metric.FALSE_ALARMS, 1, 4.5, "1–4.5"),
        (Metric.RECALL, 0.53, 0.69, "53–69 %"),
        (Metric.MEMORY_MB, 100, 200, "100–200 MB"),
    ],
)
def test_a_range_has_its_unit_once(metric, lower, upper, shown):
    assert range_words(metric, lower, upper) == shown


@pytest.mark.parametrize(("n", "shown"), [(0, "0 boxes"), (1, "1 box"), (2, "2 boxes"), (1500, "1,500 boxes")])
def test_things_are_counted_in_the_right_number(n, shown):
    assert count(n, "box", "boxes") == shown


@given(st.integers(-(10**6), 10**6))
def test_whole_numbers_are_whole(value):
    assert number(float(value)) == f"{value:,}"
