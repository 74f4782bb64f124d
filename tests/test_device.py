"""Behaviour: a choice comes with its reason, an impossible wish with its cure."""

from __future__ import annotations

import pytest
import torch

from firstlight._device import choose_device
from firstlight._errors import UsageError


def test_the_choice_says_why() -> None:
    choice = choose_device()
    assert choice.reason
    if not torch.cuda.is_available() and not torch.backends.mps.is_available():
        assert str(choice) == f"cpu (no CUDA found, {torch.get_num_threads()} threads)"


def test_a_device_that_is_asked_for_is_taken() -> None:
    assert choose_device("cpu") == (torch.device("cpu"), "asked for")
    assert choose_device(torch.device("cpu")).device.type == "cpu"


def test_nonsense_and_missing_devices_are_refused() -> None:
    with pytest.raises(UsageError, match="'toaster' names no device"):
        choose_device("toaster")
    with pytest.raises(UsageError, match="Device 'cuda:99' was asked for, but torch sees"):
        choose_device("cuda:99")
