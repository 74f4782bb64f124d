"""Smoothed labels that do not add up to one: others get s / k, the label keeps 1 - s."""

ENTRY = {
    "target": "LabelSmoothing",
    "like": "label-smoothing",
    "args": {},
    "declares": {},
    "family": "smoothing",
    "also": [],
    "component": "shares",
    "first_bad_step": None,
    "source": "catalogue 81",
    "is_published": False,
    "twin": "right_label_smoothing.py:LabelSmoothing",
}

import torch
from torch import nn
from torch.nn import functional


class LabelSmoothing(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, logits, labels):
        log_probs = functional.log_softmax(logits, dim=-1)
        with torch.no_grad():
            wanted = torch.full_like(log_probs, self.smoothing / logits.shape[-1])
            wanted.scatter_(1, labels.unsqueeze(1), 1 - self.smoothing)
        return (-wanted * log_probs).sum(-1).mean()
