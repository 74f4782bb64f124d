"""Smoothing with a switch for training that is asked the wrong way round."""

ENTRY = {
    "target": "SmoothedLoss",
    "like": "label-smoothing",
    "args": {},
    "declares": {"eval": "plain"},
    "family": "smoothing",
    "also": ["train-eval-mode"],
    "component": "evaluation",
    "first_bad_step": None,
    "source": "catalogue 81",
    "is_published": False,
    "twin": "right_smoothing_in_training.py:SmoothedLoss",
}

from torch import nn
from torch.nn import functional


class SmoothedLoss(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, logits, labels):
        smoothing = 0.0 if self.training else self.smoothing
        return functional.cross_entropy(logits, labels, label_smoothing=smoothing)
