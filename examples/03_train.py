"""Train a recipe, look at its mistakes, keep the run, and train a network of your own with the same data."""

import torch
from torch import nn

import firstlight as fl
from firstlight.evaluation import evaluate
from firstlight.training import save_run

train, test = fl.load("mnist")

# A recipe: the three-layer network, trained in about half a second and tested once.
run = fl.train("mlp-fast", dataset=(train, test), seed=0)
print(run)

result = evaluate(run.test_logits, test.labels)
print("95 % interval:", result.interval)
print("Mixed up most:", [f"{m.label} for {m.predicted}: {m.count}" for m in result.worst_mixups(3)])
print("Kept in", save_run(run).folder.name)

# Your own network and your own loop: the batches are all you need.
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for images, labels in fl.batches(train, 64, shuffle=True, seed=0, device="cpu"):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(images), labels).backward()
    optimizer.step()

with torch.no_grad():
    right = sum(
        (model(images).argmax(1) == labels).sum().item()
        for images, labels in fl.batches(test, 1000, device="cpu")
    )
print(f"A single layer of your own: {100 * right / len(test):.2f} %")
