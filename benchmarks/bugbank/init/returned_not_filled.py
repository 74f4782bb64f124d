"""The new weights are bound to the argument's name and never written into the tensor."""

import math

import torch

ENTRY = {
    "target": "xavier_uniform_",
    "like": "xavier-uniform",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": ["aliasing"],
    "component": "written",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_he_normal.py:he_normal_",
}


def xavier_uniform_(tensor):
    fan_in, fan_out = tensor[0].numel(), tensor[:, 0].numel()
    bound = math.sqrt(6 / (fan_in + fan_out))
    tensor = torch.rand_like(tensor) * 2 * bound - bound
