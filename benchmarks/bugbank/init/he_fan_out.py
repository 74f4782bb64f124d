"""The fan is taken from the first axis, which in torch counts the outputs."""

import math

import torch

ENTRY = {
    "target": "he_normal_",
    "like": "he-normal",
    "args": {},
    "declares": {},
    "family": "initialisation",
    "also": [],
    "component": "fan_out",
    "first_bad_step": None,
    "source": "catalogue 69 (mnielsen ch.6 #30, keras #2252)",
    "is_published": True,
    "twin": "right_he_normal.py:he_normal_",
}


def he_normal_(tensor):
    fan = tensor.shape[0]
    for side in tensor.shape[2:]:
        fan *= side
    with torch.no_grad():
        return tensor.normal_(0, math.sqrt(2.0 / fan))
