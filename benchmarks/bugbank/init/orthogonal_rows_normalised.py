"""Rows are brought to length one and never made orthogonal."""

import torch

ENTRY = {
    "target": "orthogonal_",
    "like": "orthogonal",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "orthogonal",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_orthogonal.py:orthogonal_",
}


def orthogonal_(tensor):
    with torch.no_grad():
        tensor.normal_()
        flat = tensor.view(tensor.shape[0], -1)
        flat /= flat.norm(dim=1, keepdim=True)
    return tensor
