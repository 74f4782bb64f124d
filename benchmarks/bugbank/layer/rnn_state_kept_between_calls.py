"""The last state of a batch is the first of the next: outputs depend on what was asked before."""

import torch
from torch import nn

ENTRY = {
    "target": "RNN",
    "like": "rnn",
    "args": {"input_size": 5, "hidden_size": 4},
    "declares": {},
    "family": "state",
    "also": ["train-eval-mode", "batch-mixing"],
    "component": "kept",
    "first_bad_step": 2,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_gru.py:GRU",
}


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.inp = nn.Linear(input_size, hidden_size)
        self.rec = nn.Linear(hidden_size, hidden_size, bias=False)
        self.h = None

    def forward(self, x):
        h = x.new_zeros(x.size(0), self.hidden_size) if self.h is None else self.h
        outputs = []
        for t in range(x.size(1)):
            h = torch.tanh(self.inp(x[:, t]) + self.rec(h))
            outputs.append(h)
        self.h = h.detach()
        return torch.stack(outputs, dim=1)
