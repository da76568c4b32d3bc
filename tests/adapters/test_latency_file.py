import json

import numpy as np
import pytest

from vision_readiness.benchmark.facts import LatencyFacts
from vision_readiness.errors import EvidenceError
from vision_readiness_adapters.latency_file import load_latency, save_latency

FACTS = LatencyFacts(
    device="jetson-orin-nano",
    artefact="a" * 64,
    seconds=np.array([0.01, 0.0123456789012345]),
    stages={"infer": np.array([0.008, 0.009])},
    warm_up=10,
    failures=1,
    cold_seconds=0.5,
    peak_memory_bytes=123456789,
    device_facts={"cpu": "ARMv8"},
    unstable=True,
)


def saved(tmp_path):
    save_latency(FACTS, tmp_path / "latency.json")
    return tmp_path / "latency.json"


def test_what_was_saved_comes_back_to_the_last_bit(tmp_path):
    found = load_latency(saved(tmp_path))
    assert np.array_equal(found.seconds, FACTS.seconds)
    assert np.array_equal(found.stages["infer"], FACTS.stages["infer"])
    for name in ("device", "artefact", "warm_up", "failures", "cold_seconds", "peak_memory_bytes", "unstable"):
        assert getattr(found, name) == getattr(FACTS, name)
    assert found.estimated_error is None
    assert dict(found.device_facts) == {"cpu": "ARMv8"}


def test_the_same_facts_give_the_same_bytes(tmp_path):
    first = saved(tmp_path).read_bytes()
    save_latency(load_latency(tmp_path / "latency.json"), tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == first


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "vision-readiness/latency/9"}, "not a latency file of this version"),
        ({"device": ""}, "damaged: device"),
        ({"artefact": "best.onnx"}, "damaged: artefact"),
        ({"seconds": [0.1, -1.0]}, r"damaged: seconds\.1"),
        ({"seconds": [0.1, 10**400]}, r"damaged: seconds\.1"),
        ({"seconds": [0.1, "fast"]}, r"damaged: seconds\.1"),
        ({"seconds": [0.1]}, "stage 'infer' has 2 times for 1 calls"),
        ({"failures": -1}, "damaged: failures"),
        ({"warm_up": 1.5}, "damaged: warm_up"),
        ({"device_facts": {"cores": 6}}, r"damaged: device_facts\.cores"),
        ({"speed": 9}, "damaged: speed"),
    ],
)
def test_a_wrong_value_is_named(tmp_path, change, message):
    path = saved(tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(EvidenceError, match=message) as caught:
        load_latency(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 99999, b'{"schema": 1}'])
def test_a_damaged_file_is_one_line(tmp_path, content):
    (tmp_path / "latency.json").write_bytes(content)
    with pytest.raises(EvidenceError) as caught:
        load_latency(tmp_path / "latency.json")
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_place_that_cannot_be_written_are_one_line(tmp_path):
    with pytest.raises(EvidenceError, match="cannot be read"):
        load_latency(tmp_path / "latency.json")
    with pytest.raises(EvidenceError, match="cannot be written"):
        save_latency(FACTS, tmp_path / "nowhere" / "latency.json")
