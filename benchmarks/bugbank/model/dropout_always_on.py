"""F.dropout without training=self.training: it is active in evaluation too."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

ENTRY = {
    "target": "Net",
    "family": "train-eval-mode",
    "also": ["dropout-scaling", "determinism"],
    "component": "dropout",
    "first_bad_step": None,
    "source": "catalogue 62",
    "is_published": True,
    "twin": "right_small_cnn.py:SmallCNN",
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 5)
        self.conv2 = nn.Conv2d(8, 16, 5)
        self.fc1 = nn.Linear(256, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = x.view(-1, 256)
        x = F.dropout(F.relu(self.fc1(x)), p=0.5)
        return F.log_softmax(self.fc2(x), dim=1)
