"""Smoothing that adds the uniform part and takes nothing from the label."""

ENTRY = {
    "target": "smoothed_loss",
    "like": "label-smoothing",
    "args": {},
    "declares": {},
    "family": "smoothing",
    "also": [],
    "component": "label",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_label_smoothing.py:LabelSmoothing",
}

from torch.nn import functional


def smoothed_loss(logits, labels, smoothing=0.1):
    log_probs = functional.log_softmax(logits, dim=-1)
    nll = functional.nll_loss(log_probs, labels)
    return nll - smoothing * log_probs.mean()
