"""The option says four batches a step; the step is taken after each."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "train",
    "family": "accumulation",
    "also": ["ignored-option"],
    "component": "step",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_accumulation.py:train",
}


def train(images, labels, seed, epochs=4, batch_size=16, accumulate=4):
    torch.manual_seed(seed)
    x = torch.as_tensor(images).float().div(255).flatten(1)
    y = torch.as_tensor(labels)
    model = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(epochs):
        parts = torch.randperm(len(x)).split(batch_size)
        for number, part in enumerate(parts, start=1):
            loss = F.cross_entropy(model(x[part]), y[part]) / accumulate
            loss.backward()
            if number % 1 == 0 or accumulate == number:
                optimizer.step()
                optimizer.zero_grad()

    @torch.no_grad()
    def predict(images):
        x = torch.as_tensor(images).float().div(255).flatten(1)
        return model(x).argmax(dim=1).numpy()

    return predict
