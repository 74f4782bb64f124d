"""The one stands in the kernel's first place, not in its middle: images are shifted by a pixel in each layer."""

import torch

ENTRY = {
    "target": "dirac_",
    "like": "dirac",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": ["shape"],
    "component": "weight [",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_orthogonal.py:orthogonal_",
}


def dirac_(tensor):
    with torch.no_grad():
        tensor.zero_()
        for channel in range(min(tensor.shape[:2])):
            tensor[(channel, channel, *(0 for _ in tensor.shape[2:]))] = 1
    return tensor
