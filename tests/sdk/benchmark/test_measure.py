from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from vision_readiness.benchmark.measure import is_stable, measure_latency, spread
from vision_readiness.errors import InputError
from vision_readiness.predict.interface import Answer, Device, RuntimeFailure

PICTURES = [np.full((4, 4, 3), shade, dtype=np.uint8) for shade in range(3)]
NOTHING = (np.zeros(0, np.int32), np.zeros(0), np.zeros((0, 4)))


class Clock:
    """Stands still but while the model works."""

    def __init__(self):
        self.at = 0.0

    def now(self):
        return datetime(2026, 11, 20, tzinfo=UTC)

    def perf(self):
        return self.at

    def cpu(self):
        return self.at


class Worker:
    """A model whose n-th call takes ``seconds(n)``, or fails where that is ``None``."""

    def __init__(self, clock, seconds):
        self.card = SimpleNamespace(digest="a" * 64)
        self.device = Device("bench", {"cpu": "test"})
        self.clock, self.seconds, self.shades = clock, seconds, []

    def predict(self, picture):
        self.shades.append(int(picture[0, 0, 0]))
        seconds = self.seconds(len(self.shades) - 1)
        self.clock.at += 9.0 if seconds is None else seconds
        if seconds is None:
            raise RuntimeFailure("no")
        return Answer(*NOTHING, seconds={"infer": seconds})


def run(seconds, **options):
    clock = Clock()
    model = Worker(clock, seconds)
    return model, measure_latency(model, PICTURES, clock=clock, **{"max_seconds": 1e9, **options})


def test_the_first_call_is_cold_and_the_warm_up_goes_untimed():
    _, facts = run(lambda n: 5.0 if n == 0 else 1.0 if n <= 10 else 0.1, calls=30)
    assert facts.cold_seconds == 5.0
    assert np.allclose(facts.seconds, 0.1)
    assert (len(facts.seconds), facts.warm_up, facts.failures) == (30, 10, 0)
    assert np.allclose(facts.stages["infer"], 0.1)


def test_a_cold_call_that_was_seen_elsewhere_is_taken_over():
    model, facts = run(lambda _: 0.1, calls=20, warm_up=0, cold_seconds=3.0)
    assert facts.cold_seconds == 3.0
    assert len(model.shades) == 20


def test_a_model_that_was_used_before_has_no_cold_call():
    model, facts = run(lambda _: 0.1, calls=20, warm_up=2, seen_before=True)
    assert facts.cold_seconds is None
    assert len(model.shades) == 22


def test_a_failed_call_is_counted_and_never_timed():
    _, facts = run(lambda n: None if n % 2 else 0.1, calls=40, warm_up=0)
    assert facts.failures == 20
    assert np.allclose(facts.seconds, 0.1)
    assert len(facts.seconds) == len(facts.stages["infer"]) == 20


def test_a_run_ends_when_its_time_is_up():
    _, facts = run(lambda _: 1.0, calls=300, warm_up=0, max_seconds=10)
    assert len(facts.seconds) == 9


def test_a_model_that_always_fails_has_no_times():
    _, facts = run(lambda _: None, calls=5, warm_up=1)
    assert len(facts.seconds) == 0
    assert (facts.failures, facts.unstable, facts.cold_seconds, dict(facts.stages)) == (7, True, None, {})


def test_pictures_are_shown_in_turn():
    model, _ = run(lambda _: 0.1, calls=6, warm_up=1)
    assert model.shades == [0, 1, 2, 0, 1, 2, 0, 1]


def test_device_artefact_and_memory_are_kept():
    _, facts = run(lambda _: 0.1, calls=1, memory=lambda: 42)
    assert (facts.device, facts.artefact, facts.peak_memory_bytes) == ("bench", "a" * 64, 42)
    assert facts.device_facts == {"cpu": "test"}
    assert facts.estimated_error is None


def test_no_picture_is_an_error():
    clock = Clock()
    with pytest.raises(InputError, match="no picture"):
        measure_latency(Worker(clock, lambda _: 0.1), [], clock=clock)


def test_a_drift_is_unstable_and_a_slow_start_is_not():
    assert is_stable(np.full(300, 0.1))
    assert is_stable(np.concatenate([np.full(150, 0.5), np.full(150, 0.1)]))
    assert not is_stable(np.linspace(0.1, 0.3, 300))
    assert not is_stable(np.full(17, 0.1))


def test_an_outlier_does_not_make_a_run_unstable():
    seconds = np.full(300, 0.1)
    seconds[::20] = 2.0
    assert is_stable(seconds)


def test_a_spread_of_nothing_is_nothing():
    assert spread(5, 0).tolist() == []
