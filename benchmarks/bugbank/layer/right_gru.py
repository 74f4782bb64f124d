"""A gated recurrent unit with a linear layer for each gate."""

import torch
from torch import nn

ENTRY = {"target": "GRU", "like": "gru", "args": {"input_size": 5, "hidden_size": 4}, "declares": {}}


class GRU(nn.Module):
    def __init__(self, input_size, hidden_size):
        super().__init__()
        self.hidden_size = hidden_size
        joint = input_size + hidden_size
        self.update, self.reset = nn.Linear(joint, hidden_size), nn.Linear(joint, hidden_size)
        self.candidate = nn.Linear(joint, hidden_size)

    def forward(self, x):
        h = x.new_zeros(x.size(0), self.hidden_size)
        states = []
        for t in range(x.size(1)):
            both = torch.cat([x[:, t], h], dim=1)
            z, r = torch.sigmoid(self.update(both)), torch.sigmoid(self.reset(both))
            new = torch.tanh(self.candidate(torch.cat([x[:, t], r * h], dim=1)))
            h = (1 - z) * h + z * new
            states.append(h)
        return torch.stack(states, dim=1)
