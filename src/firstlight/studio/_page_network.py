"""`page_network`: a network in the form that the page computes itself, where it can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn

from firstlight.models import MLP, ConvNet, ManyViews

__all__ = ["PageNetwork", "page_network"]

SIDE = 28
AT_ONCE = 4  # filters that the page's convolution computes together


@dataclass(frozen=True)
class PageNetwork:
    """What ``static/draw/network.js`` needs.

    Attributes
    ----------
    facts
        ``views`` and either ``stages`` (channels, kernel, padding, pool of each convolution) or ``layers``
        (how many linear ones).
    weights
        A safetensors file of float32.
    """

    facts: dict[str, Any]
    weights: bytes


def page_network(model: nn.Module) -> PageNetwork | None:
    """Return what a page needs to compute a network, or None where pages do not know its layers.

    They know a `ConvNet` on blocks without padding, and an `MLP` of digits, each with or without `ManyViews`
    that are neither mirrored nor chosen.
    """
    views = _views(model)
    network = model.network if isinstance(model, ManyViews) else model
    if views is None:
        return None
    if isinstance(network, ConvNet):
        stages = _stages(network)
        if stages is not None:
            return PageNetwork({"views": views, "stages": stages}, _file(network.state_dict()))
    if isinstance(network, MLP):
        tensors = _folded(network)
        if tensors["linear1.weight"].shape[1] == SIDE * SIDE:
            return PageNetwork({"views": views, "layers": len(tensors) // 2}, _file(tensors))
    return None


def _views(model: nn.Module) -> dict[str, int] | None:
    if not isinstance(model, ManyViews):
        return {"shift": 0, "directions": 0}
    shift = max(abs(step) for down, right, _, _ in model.views for step in (down, right))
    is_known = model.share is None and not any(mirrored for _, _, mirrored, _ in model.views)
    if not is_known or (shift and model.pad != "replicate"):
        return None
    return {"shift": shift, "directions": len(model.views) - 1}


def _stages(network: ConvNet) -> list[list[int | bool]] | None:
    parts = dict(network.named_children())
    stages: list[list[int | bool]] = []
    inputs = 4  # a block's pixels, of one grey channel
    while isinstance(layer := parts.get(f"conv{len(stages) + 1}"), nn.Conv2d):
        is_known = (
            layer.in_channels == inputs and layer.padding == (0, 0) and layer.out_channels % AT_ONCE == 0
        )
        if not is_known:
            return None
        inputs = layer.out_channels
        stages.append([inputs, layer.kernel_size[0], 0, f"pool{len(stages) + 1}" in parts])
    return stages


def _folded(network: MLP) -> dict[str, Tensor]:
    """Return weights and biases of the linear layers, into which what normalises them has gone."""
    parts = dict(network.named_children())
    tensors: dict[str, Tensor] = {}
    number = 1
    with torch.inference_mode():
        while isinstance(layer := parts.get(f"linear{number}"), nn.Linear):
            weight, bias = layer.weight.double(), layer.bias.double()
            norm = parts.get(f"norm{number}")
            if isinstance(norm, nn.BatchNorm1d):
                assert norm.running_mean is not None
                assert norm.running_var is not None
                scale = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
                bias = (bias - norm.running_mean.double()) * scale + norm.bias.double()
                weight = weight * scale[:, None]
            tensors[f"linear{number}.weight"], tensors[f"linear{number}.bias"] = weight, bias
            number += 1
    return tensors


def _file(tensors: dict[str, Tensor]) -> bytes:
    kept = {name: value.float().contiguous() for name, value in tensors.items() if value.is_floating_point()}
    return save(kept)
