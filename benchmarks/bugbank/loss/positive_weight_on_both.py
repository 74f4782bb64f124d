"""Binary cross-entropy whose weight of positives multiplies the negatives too."""

ENTRY = {
    "target": "bce_with_logits",
    "like": "bce-with-logits",
    "args": {},
    "declares": {},
    "family": "sample-weight",
    "also": [],
    "component": "pos_weight",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_bce.py:bce_with_logits",
}

from torch.nn import functional


def bce_with_logits(logits, targets, pos_weight=1.0):
    positive = functional.softplus(-logits)
    negative = functional.softplus(logits)
    return (pos_weight * (targets * positive + (1 - targets) * negative)).mean()
