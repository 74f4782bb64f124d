"""Log-softmax as the logarithm of a softmax: minus infinity as soon as a probability underflows."""

ENTRY = {
    "target": "log_softmax",
    "like": "log-softmax",
    "args": {},
    "declares": {},
    "family": "numerical-stability",
    "also": [],
    "component": "inputs",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_log_softmax.py:log_softmax",
}

import torch


def log_softmax(x, dim=-1):
    return torch.log(torch.softmax(x, dim=dim))
