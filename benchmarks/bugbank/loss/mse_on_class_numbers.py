"""Squared error of outputs and class numbers: a 9 counts as nine times a 1."""

ENTRY = {
    "target": "mse_loss",
    "like": "mse",
    "args": {},
    "declares": {},
    "family": "labels",
    "also": [],
    "component": "numbers",
    "first_bad_step": None,
    "source": "catalogue 82",
    "is_published": False,
    "twin": "right_mse.py:mse_loss",
}


def mse_loss(outputs, labels):
    return ((outputs - labels.view(-1, 1).to(outputs.dtype)) ** 2).mean()
