"""A training as most people write their first one; docs/bugs/bugs.toml spoils a line of it at a time."""

import torch
import torch.nn.functional as F
from torch import nn


def scaled(images):
    return (images.float() / 255 - 0.1307) / 0.3081


def train(images, labels, held_images, held_labels, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    for step, part in enumerate(torch.randperm(len(images)).split(64)):
        x, y = scaled(images[part]), labels[part]
        model.train()
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        yield step, loss.item(), model


def accuracy(model, images, labels):
    model.eval()
    with torch.no_grad():
        found = model(scaled(images)).argmax(dim=1)
    return 100 * (found == labels).float().mean().item()
