"""functional.dropout is called without its training argument, whose default is True."""

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Dropout",
    "like": "dropout",
    "args": {"p": 0.3},
    "declares": {},
    "family": "train-eval-mode",
    "also": [],
    "component": "evaluation",
    "first_bad_step": None,
    "source": "catalogue 62 (dlsys hw2 #13)",
    "is_published": True,
    "twin": "right_dropout.py:Dropout",
}


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        return F.dropout(x, self.p)
