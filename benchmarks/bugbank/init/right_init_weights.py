"""A function for model.apply."""

from torch import nn

ENTRY = {"target": "init_weights", "like": "he-normal", "args": {}, "declares": {}}


def init_weights(m):
    if isinstance(m, (nn.Linear, nn.Conv2d)):
        nn.init.kaiming_normal_(m.weight, nonlinearity="relu")
        nn.init.zeros_(m.bias)
