"""Cross-entropy that takes a softmax of what a softmax gave: it never falls below 1.4612."""

ENTRY = {
    "target": "CrossEntropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "softmax",
    "also": [],
    "component": "twice",
    "first_bad_step": None,
    "source": "https://github.com/tflearn/tflearn/issues/562",
    "is_published": True,
    "twin": "right_cross_entropy.py:cross_entropy",
}

from torch import nn
from torch.nn import functional


class CrossEntropy(nn.Module):
    def __init__(self):
        super().__init__()
        self.softmax = nn.Softmax(dim=1)

    def forward(self, logits, labels):
        return functional.cross_entropy(self.softmax(logits), labels)
