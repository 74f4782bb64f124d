"""Cross-entropy with smoothed labels."""

ENTRY = {
    "target": "LabelSmoothing",
    "like": "label-smoothing",
    "args": {},
    "declares": {},
}

from torch import nn
from torch.nn import functional


class LabelSmoothing(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, logits, labels):
        log_probs = functional.log_softmax(logits, dim=-1)
        nll = -log_probs.gather(-1, labels.unsqueeze(1)).squeeze(1)
        return ((1 - self.smoothing) * nll - self.smoothing * log_probs.mean(-1)).mean()
