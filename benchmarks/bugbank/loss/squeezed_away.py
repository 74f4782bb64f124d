"""Cross-entropy that squeezes its logits: a last batch of one image breaks it."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "shape",
    "also": [],
    "component": "row",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_cross_entropy.py:cross_entropy",
}

from torch.nn import functional


def cross_entropy(logits, labels):
    return functional.nll_loss(functional.log_softmax(logits.squeeze(), dim=1), labels)
