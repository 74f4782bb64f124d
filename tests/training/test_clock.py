"""By behaviour, against the time that a ``sleep`` takes at least."""

from __future__ import annotations

from time import perf_counter, sleep

from firstlight.training._clock import Clock


def test_it_stands_still_while_paused() -> None:
    started = perf_counter()
    clock = Clock(started)
    with clock.paused():
        stopped = clock.seconds
        sleep(0.05)
        with clock.paused():  # a pause within a pause ends with the outer one
            sleep(0.05)
        assert clock.seconds == stopped
    assert stopped <= clock.seconds < perf_counter() - started - 0.1 + 1e-6


def test_it_runs_on_and_counts_what_was_spent_before() -> None:
    clock = Clock()
    clock.add(100.0)
    before = clock.seconds
    sleep(0.02)
    assert clock.seconds >= before + 0.02 > 100
