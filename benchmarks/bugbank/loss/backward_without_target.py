"""Cross-entropy whose backward pass is the softmax alone: the label is not subtracted."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
    "family": "backward",
    "also": [],
    "component": "gradient",
    "first_bad_step": None,
    "source": "common mistake",
    "is_published": False,
    "twin": "right_function_cross_entropy.py:cross_entropy",
}

import torch


class CrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, logits, labels):
        log_probs = torch.log_softmax(logits, dim=1)
        ctx.save_for_backward(log_probs, labels)
        return -log_probs.gather(1, labels[:, None]).mean()

    @staticmethod
    def backward(ctx, grad_output):
        log_probs, labels = ctx.saved_tensors
        return grad_output * log_probs.exp() / len(labels), None


def cross_entropy(logits, labels):
    return CrossEntropy.apply(logits, labels)
