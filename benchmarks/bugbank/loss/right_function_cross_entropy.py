"""Cross-entropy with a backward pass of its own."""

ENTRY = {
    "target": "cross_entropy",
    "like": "cross-entropy",
    "args": {},
    "declares": {},
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
        grad = log_probs.exp()
        grad[torch.arange(len(labels)), labels] -= 1
        return grad_output * grad / len(labels), None


def cross_entropy(logits, labels):
    return CrossEntropy.apply(logits, labels)
