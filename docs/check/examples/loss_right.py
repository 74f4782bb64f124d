"""A cross-entropy: log-softmax of the logits, and the mean over the batch of the label's."""

import torch


def cross_entropy(logits, labels):
    log_probabilities = torch.log_softmax(logits, dim=1)
    return -log_probabilities[torch.arange(len(labels)), labels].mean()
