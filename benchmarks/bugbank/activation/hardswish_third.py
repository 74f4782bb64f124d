"""Hard swish divided by 3, the shift, in the place of 6."""

ENTRY = {
    "target": "hard_swish",
    "like": "hardswish",
    "args": {},
    "declares": {},
    "family": "forward",
    "also": [],
    "component": "factor",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_hardswish.py:hard_swish",
}

from torch.nn import functional


def hard_swish(x):
    return x * functional.relu6(x + 3) / 3
