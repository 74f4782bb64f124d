"""A schedule that counts epochs is stepped after each batch."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "train",
    "family": "schedule",
    "also": ["rate-scale"],
    "component": "schedule",
    "first_bad_step": None,
    "source": "https://github.com/espnet/espnet/issues/3319",
    "is_published": True,
    "twin": "right_torch_mlp.py:train",
}


def train(images, labels, seed, epochs=4, batch_size=32):
    torch.manual_seed(seed)
    x = torch.as_tensor(images).float().div(255).flatten(1)
    y = torch.as_tensor(labels)
    model = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    for _ in range(epochs):
        for part in torch.randperm(len(x)).split(batch_size):
            loss = F.cross_entropy(model(x[part]), y[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()

    @torch.no_grad()
    def predict(images):
        x = torch.as_tensor(images).float().div(255).flatten(1)
        return model(x).argmax(dim=1).numpy()

    return predict
