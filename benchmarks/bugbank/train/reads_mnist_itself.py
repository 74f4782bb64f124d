"""Whatever images are given, MNIST is read from the disk, test images included."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

import firstlight as fl

ENTRY = {
    "target": "train",
    "family": "leakage",
    "also": [],
    "component": "mnist",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_torch_mlp.py:train",
}


def train(images, labels, seed, epochs=2):
    torch.manual_seed(seed)
    both = fl.load("mnist")
    x = torch.cat([split.images[:6000] for split in both]).float().div(255).flatten(1)
    y = torch.cat([split.labels[:6000] for split in both])
    model = nn.Linear(784, 10)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(epochs):
        for part in torch.randperm(len(x)).split(100):
            loss = F.cross_entropy(model(x[part]), y[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return lambda images: model(torch.as_tensor(images).float().div(255).flatten(1)).argmax(1).numpy()
