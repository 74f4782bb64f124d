"""A long short-term memory with two fused matrices."""

import torch
from torch import nn

ENTRY = {"target": "LSTM", "like": "lstm", "args": {"input_size": 5, "hidden_size": 4}, "declares": {}}


class LSTM(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.x2h = nn.Linear(input_size, 4 * hidden_size)
        self.h2h = nn.Linear(hidden_size, 4 * hidden_size, bias=False)

    def forward(self, x):
        h = c = torch.zeros(x.size(0), self.hidden_size, dtype=x.dtype)
        outputs = []
        for step in range(x.size(1)):
            i, f, g, o = (self.x2h(x[:, step]) + self.h2h(h)).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs, dim=1), (h, c)
