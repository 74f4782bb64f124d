"""Cross-entropy that gives back a running mean of itself: the gradient is a tenth."""

ENTRY = {
    "target": "CrossEntropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "state",
    "also": ["aliasing", "reduction"],
    "component": "call",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

from torch import nn
from torch.nn import functional


class CrossEntropy(nn.Module):
    def __init__(self):
        super().__init__()
        self.running = 0.0

    def forward(self, logits, labels):
        loss = functional.cross_entropy(logits, labels)
        self.running = 0.9 * self.running + 0.1 * loss
        value = self.running
        self.running = self.running.detach()
        return value
