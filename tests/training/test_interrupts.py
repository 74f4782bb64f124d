"""By behaviour, with real signals: Ctrl-C waits for its turn, once."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from firstlight.training._interrupts import held_interrupts

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl-C the POSIX way")


@pytest.fixture(autouse=True)
def _as_python_has_it() -> object:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_the_first_waits_until_it_is_let_through() -> None:
    done = []

    def work() -> None:
        with held_interrupts() as let_through:
            let_through()  # nothing came yet
            press()
            done.append("the step")
            let_through()
            done.append("too much")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the step"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_second_comes_at_once() -> None:
    done = []

    def work() -> None:
        with held_interrupts():
            press()
            done.append("held")
            press()
            done.append("held twice")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["held"]


def test_the_end_of_the_block_lets_it_through() -> None:
    with pytest.raises(KeyboardInterrupt), held_interrupts():
        press()


def test_elsewhere_nothing_is_held() -> None:
    heard = []
    signal.signal(signal.SIGINT, lambda *_: heard.append("mine"))
    with held_interrupts() as let_through:
        press()
        let_through()
    assert heard == ["mine"]

    def in_a_thread() -> None:
        with held_interrupts() as let_through:
            let_through()
        heard.append("thread")

    thread = threading.Thread(target=in_a_thread)
    thread.start()
    thread.join()
    assert heard == ["mine", "thread"]
