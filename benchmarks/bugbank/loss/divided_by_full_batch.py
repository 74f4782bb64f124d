"""Cross-entropy that divides by a fixed batch size of 64: the last, smaller batch counts less."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "reduction",
    "also": [],
    "component": "rows",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

from torch.nn import functional


def cross_entropy(logits, labels, batch_size=64):
    return functional.cross_entropy(logits, labels, reduction="sum") / batch_size
