"""The variance is passed where normal_ wants the standard deviation."""

import torch

ENTRY = {
    "target": "he_normal_",
    "like": "he-normal",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "variance",
    "first_bad_step": None,
    "source": "catalogue 71",
    "is_published": False,
    "twin": "right_he_normal.py:he_normal_",
}


def he_normal_(tensor):
    fan_in = tensor[0].numel()
    with torch.no_grad():
        tensor.normal_(0, 2.0 / fan_in)
    return tensor
