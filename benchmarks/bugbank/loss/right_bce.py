"""Binary cross-entropy with logits."""

ENTRY = {
    "target": "bce_with_logits",
    "like": "bce-with-logits",
    "args": {},
    "declares": {},
}

from torch.nn import functional


def bce_with_logits(logits, targets, pos_weight=1.0):
    positive = functional.softplus(-logits)
    negative = functional.softplus(logits)
    return (pos_weight * targets * positive + (1 - targets) * negative).mean()
