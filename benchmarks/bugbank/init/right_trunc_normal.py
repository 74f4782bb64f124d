"""A truncated normal by drawing again."""

import torch

ENTRY = {
    "target": "trunc_normal_",
    "like": "trunc-normal",
    "args": {"std": 0.02, "a": -0.04, "b": 0.04},
    "declares": {},
}


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0):
    with torch.no_grad():
        tensor.normal_(mean, std)
        while True:
            outside = (tensor < a) | (tensor > b)
            if not outside.any():
                return tensor
            tensor[outside] = torch.empty(int(outside.sum())).normal_(mean, std)
