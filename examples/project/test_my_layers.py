"""A project of your own: its tests ask firstlight."""

import pytest
import torch
from torch import nn


class RMSNorm(nn.Module):
    """x / sqrt(mean(x^2) + eps), times a learnt weight."""

    def __init__(self, width: int, eps: float = 1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x):
        return self.weight * x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + self.eps)


def swish(x):
    return x * torch.sigmoid(x)


@pytest.mark.firstlight(target=RMSNorm, kind="layer", like="rmsnorm", args={"width": 16})
def test_rmsnorm():
    pass  # one test for each check


def test_swish(firstlight_check):
    report = firstlight_check(swish, kind="activation", like="swish")
    assert report.verdict == "PASS"
