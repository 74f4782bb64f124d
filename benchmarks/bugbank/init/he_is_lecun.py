"""Called He, but without the factor two: LeCun's scheme."""

import math

import torch

ENTRY = {
    "target": "kaiming_init_",
    "like": "he",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "LeCun",
    "first_bad_step": None,
    "source": "catalogue 70 (LBANN #316)",
    "is_published": True,
    "twin": "right_he_normal.py:he_normal_",
}


def kaiming_init_(weight):
    fan_in = weight.size(1) * (weight[0][0].numel() if weight.dim() > 2 else 1)
    torch.nn.init.normal_(weight, std=1 / math.sqrt(fan_in))
