"""The article's own program: PyTorch, a DataLoader, three layers. Only one import line is changed."""

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from firstlight.torchvision import MNIST  # was: from torchvision.datasets import MNIST


def to_tensor(picture):
    """Do what torchvision's ToTensor and Normalize do, for those who have no torchvision."""
    pixels = torch.from_numpy(np.array(picture)).unsqueeze(0).float() / 255
    return (pixels - 0.1307) / 0.3081


def main(epochs: int = 5, root: str = "data") -> float:
    """Train the three-layer network and return its accuracy on the test images."""
    torch.manual_seed(0)
    train = DataLoader(
        MNIST(root, train=True, transform=to_tensor, download=True), batch_size=64, shuffle=True
    )
    test = DataLoader(MNIST(root, train=False, transform=to_tensor, download=True), batch_size=1000)

    model = nn.Sequential(
        nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    loss_function = nn.CrossEntropyLoss()

    for epoch in range(1, epochs + 1):
        total = 0.0
        for images, labels in train:
            optimizer.zero_grad()
            loss = loss_function(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch}: loss {total / len(train):.4f}")

    with torch.no_grad():
        correct = sum((model(images).argmax(1) == labels).sum().item() for images, labels in test)
    print(f"test accuracy: {100 * correct / len(test.dataset):.2f} %")
    return correct / len(test.dataset)


if __name__ == "__main__":
    main()
