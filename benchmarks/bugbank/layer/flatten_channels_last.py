"""Axes are permuted before flattening: weights that were trained on the usual order no longer fit."""

from torch import nn

ENTRY = {
    "target": "Flatten",
    "like": "flatten",
    "args": {},
    "declares": {},
    "family": "order",
    "also": ["shape", "forward"],
    "component": "channels",
    "first_bad_step": None,
    "source": "catalogue 45",
    "is_published": False,
    "twin": "right_maxpool.py:MaxPool",
}


class Flatten(nn.Module):
    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(x.size(0), -1)
