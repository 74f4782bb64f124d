"""nll_loss is given logits: log_softmax is missing."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "train",
    "family": "softmax",
    "also": ["objective", "numerical-stability"],
    "component": "nll_loss",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_torch_mlp.py:train",
}


def train(images, labels, seed, epochs=4, batch_size=32):
    torch.manual_seed(seed)
    x = torch.as_tensor(images).float().div(255).flatten(1)
    y = torch.as_tensor(labels)
    model = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for _ in range(epochs):
        for part in torch.randperm(len(x)).split(batch_size):
            loss = F.nll_loss(model(x[part]), y[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    @torch.no_grad()
    def predict(images):
        x = torch.as_tensor(images).float().div(255).flatten(1)
        return model(x).argmax(dim=1).numpy()

    return predict
