"""A cross-entropy as a first network often has it: the network ends in a softmax, and so does the loss."""

import torch
from torch.nn import functional


def cross_entropy(logits, labels):
    probabilities = torch.softmax(logits, dim=1)
    return functional.cross_entropy(probabilities, labels)  # takes a softmax of its own
