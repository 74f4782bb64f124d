"""Behaviour: bfloat16 only where the chip multiplies it, and always with the reason."""

from __future__ import annotations

import pytest
import torch

from firstlight.training import choose_precision


@pytest.mark.parametrize(
    ("capabilities", "dtype", "reason"),
    [
        ({"avx512_bf16": True, "amx_bf16": False}, torch.bfloat16, "the processor has avx512_bf16"),
        ({"amx_bf16": True}, torch.bfloat16, "the processor has amx_bf16"),
        ({"avx2": True, "avx512_bf16": False}, torch.float32, "does not multiply bfloat16 in hardware"),
        ({}, torch.float32, "does not multiply bfloat16 in hardware"),
    ],
)
def test_the_processor_decides(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], dtype: torch.dtype, reason: str
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    choice = choose_precision(torch.device("cpu"))
    assert choice.dtype == dtype
    assert reason in choice.reason
    assert choice.is_mixed == (dtype != torch.float32)
    assert choice.name == str(dtype).split(".")[1]
