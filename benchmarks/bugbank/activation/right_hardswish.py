"""Hard swish as a function."""

ENTRY = {
    "target": "hard_swish",
    "like": "hardswish",
    "args": {},
    "declares": {},
}

from torch.nn import functional


def hard_swish(x):
    return x * functional.relu6(x + 3) / 6
