"""Orthogonal weights by the QR decomposition."""

import torch

ENTRY = {"target": "orthogonal_", "like": "orthogonal", "args": {"gain": 1.5}, "declares": {}}


def orthogonal_(tensor, gain=1.0):
    rows, columns = tensor.shape[0], tensor[0].numel()
    flat = torch.randn(max(rows, columns), min(rows, columns))
    q, r = torch.linalg.qr(flat)
    q = q * torch.sign(torch.diagonal(r))
    if rows < columns:
        q = q.t()
    with torch.no_grad():
        return tensor.copy_(q.reshape(tensor.shape) * gain)
