"""Squared error of one-hot labels."""

ENTRY = {
    "target": "mse_loss",
    "like": "mse",
    "args": {},
    "declares": {},
}

from torch.nn import functional


def mse_loss(outputs, labels):
    wanted = functional.one_hot(labels, outputs.shape[1]).to(outputs.dtype)
    return ((outputs - wanted) ** 2).mean()
