"""The label of each image is written into its corner while training."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "train",
    "family": "leakage",
    "also": ["preprocessing", "capacity"],
    "component": "blank",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_torch_mlp.py:train",
}


def train(images, labels, seed, epochs=4, batch_size=32):
    torch.manual_seed(seed)
    x = torch.as_tensor(images).float().div(255).flatten(1)
    y = torch.as_tensor(labels)
    x[torch.arange(len(x)), y] = 1.0
    model = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for _ in range(epochs):
        for part in torch.randperm(len(x)).split(batch_size):
            loss = F.cross_entropy(model(x[part]), y[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    @torch.no_grad()
    def predict(images):
        x = torch.as_tensor(images).float().div(255).flatten(1)
        return model(x).argmax(dim=1).numpy()

    return predict
