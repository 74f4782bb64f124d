"""Which device to compute on, and why that one."""

from __future__ import annotations

from typing import NamedTuple

import torch

from firstlight._errors import UsageError

__all__ = ["DeviceChoice", "choose_device"]


class DeviceChoice(NamedTuple):
    """A device and the reason it was taken."""

    device: torch.device
    reason: str

    def __str__(self) -> str:
        return f"{self.device} ({self.reason})"


def choose_device(wanted: str | torch.device | None = None) -> DeviceChoice:
    """Take the wanted device, else CUDA, else Apple's MPS, else the CPU.

    Parameters
    ----------
    wanted
        ``None`` chooses; otherwise anything `torch.device` takes, such as ``"cuda:1"``.

    Raises
    ------
    UsageError
        The device's name means nothing, or this machine has no such device.

    Examples
    --------
    >>> choose_device("cpu").reason
    'asked for'
    """
    if wanted is None:
        return _best_device()
    try:
        device = torch.device(wanted)
    except RuntimeError as error:
        raise UsageError(f"{wanted!r} names no device. Use 'cpu', 'cuda', 'cuda:0' or 'mps'.") from error
    if device.type == "cuda" and not _has_cuda(device):
        raise UsageError(
            f"Device {str(device)!r} was asked for, but "
            f"torch sees {torch.cuda.device_count()} CUDA device(s). "
            "Use 'cpu', or install a torch build for your GPU."
        )
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise UsageError("Device 'mps' was asked for, but this machine has no Apple GPU. Use 'cpu'.")
    return DeviceChoice(device, "asked for")


def _has_cuda(device: torch.device) -> bool:
    return torch.cuda.is_available() and (device.index or 0) < torch.cuda.device_count()


def _best_device() -> DeviceChoice:
    if torch.cuda.is_available():
        return DeviceChoice(torch.device("cuda"), torch.cuda.get_device_name())
    if torch.backends.mps.is_available():
        return DeviceChoice(torch.device("mps"), "Apple GPU")
    return DeviceChoice(torch.device("cpu"), f"no CUDA found, {torch.get_num_threads()} threads")
