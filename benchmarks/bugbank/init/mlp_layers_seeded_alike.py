"""A helper seeds before it draws: layers of one shape begin with the same weights."""

import torch
from torch import nn

ENTRY = {
    "target": "MLP",
    "like": "he-normal",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": ["determinism"],
    "component": "seed",
    "first_bad_step": None,
    "source": "catalogue 73",
    "is_published": False,
    "twin": "right_mlp.py:MLP",
}


def made(n_in, n_out):
    torch.manual_seed(0)
    layer = nn.Linear(n_in, n_out)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    return layer


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([made(784, 128), made(128, 128), made(128, 128), made(128, 10)])

    def forward(self, x):
        x = x.flatten(1)
        for layer in self.layers[:-1]:
            x = layer(x).relu()
        return self.layers[-1](x)
