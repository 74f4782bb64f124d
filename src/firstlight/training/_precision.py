"""In which number format matrix products are computed, and why."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import NamedTuple

import torch

__all__ = ["Precision", "autocast", "choose_precision"]


class Precision(NamedTuple):
    """A dtype for matrix products and the reason it was taken. Weights stay float32 in any case."""

    dtype: torch.dtype
    reason: str

    @property
    def name(self) -> str:
        """The dtype in one word, such as ``"bfloat16"``."""
        return str(self.dtype).removeprefix("torch.")

    @property
    def is_mixed(self) -> bool:
        """Whether products are computed in less than float32."""
        return self.dtype != torch.float32


def choose_precision(device: torch.device) -> Precision:
    """Take bfloat16 where the chip multiplies it in hardware, else float32.

    Processors without such instructions can compute in bfloat16 too, but more slowly than in float32.
    """
    if device.type == "cuda":
        if torch.cuda.is_bf16_supported(including_emulation=False):
            return Precision(torch.bfloat16, "the GPU multiplies bfloat16 in hardware")
        return Precision(torch.float32, "the GPU has no bfloat16")
    if device.type == "cpu" and (instructions := _bfloat16_instructions()):
        return Precision(torch.bfloat16, f"the processor has {instructions}")
    return Precision(torch.float32, "the processor does not multiply bfloat16 in hardware")


def autocast(device: torch.device, precision: Precision) -> AbstractContextManager[object]:
    """Return the ``with`` block in which torch computes products in that precision."""
    return torch.autocast(device.type, dtype=precision.dtype, enabled=precision.is_mixed)


def _bfloat16_instructions() -> str | None:
    capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return next((name for name in ("amx_bf16", "avx512_bf16") if capabilities.get(name)), None)
