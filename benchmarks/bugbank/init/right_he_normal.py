"""He's normal initialisation of a torch tensor, in place."""

import math

import torch

ENTRY = {"target": "he_normal_", "like": "he-normal", "args": {}, "declares": {}}


def he_normal_(tensor):
    fan_in = tensor[0].numel()
    with torch.no_grad():
        return tensor.normal_(0, math.sqrt(2.0 / fan_in))
