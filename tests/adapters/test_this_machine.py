from datetime import UTC

from vision_readiness_adapters.this_machine import SystemClock, machine_facts, peak_memory_bytes, processor


def test_the_clock_is_in_utc_and_never_goes_back():
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    for look in (clock.perf, clock.cpu):
        first, second = look(), look()
        assert second >= first


def test_the_machine_is_known_by_its_processor_and_cores():
    facts = machine_facts()
    assert set(facts) == {"cpu", "cores", "system", "python"}
    assert facts["cpu"] == processor() != ""
    assert int(facts["cores"]) >= 1


def test_peak_memory_is_that_of_a_python_process_and_never_falls():
    before = peak_memory_bytes()
    held = bytearray(8_000_000)
    after = peak_memory_bytes()
    assert before is None or (after is not None and after >= before > 1_000_000)
    del held
