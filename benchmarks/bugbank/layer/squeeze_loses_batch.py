"""squeeze() without an axis drops the batch's axis too when there is one image."""

import torch
from torch import nn

ENTRY = {
    "target": "GlobalPool",
    "like": "global-avgpool",
    "args": {},
    "declares": {},
    "family": "shape",
    "also": [],
    "component": "batch",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_maxpool.py:MaxPool",
}


class GlobalPool(nn.Module):
    def forward(self, x):
        return torch.nn.functional.adaptive_avg_pool2d(x, 1).squeeze()
