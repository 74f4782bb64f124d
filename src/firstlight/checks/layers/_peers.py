"""A layer of a library as the reference: ours of the same name where there is one, else the peer itself."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from firstlight._errors import UsageError
from firstlight.checks.references.layers import LAYERS, Input, LayerReference

__all__ = ["reference_of_peer"]

SAME: dict[type, str] = {
    nn.Linear: "linear",
    nn.Conv1d: "conv1d",
    nn.Conv2d: "conv2d",
    nn.ConvTranspose2d: "conv-transpose2d",
    nn.BatchNorm1d: "batchnorm1d",
    nn.BatchNorm2d: "batchnorm2d",
    nn.LayerNorm: "layernorm",
    nn.GroupNorm: "groupnorm",
    nn.RMSNorm: "rmsnorm",
    nn.Dropout: "dropout",
    nn.Dropout2d: "dropout2d",
    nn.MaxPool1d: "maxpool",
    nn.MaxPool2d: "maxpool",
    nn.AvgPool1d: "avgpool",
    nn.AvgPool2d: "avgpool",
    nn.MultiheadAttention: "attention",
    nn.Embedding: "embedding",
    nn.LSTM: "lstm",
    nn.GRU: "gru",
    nn.RNN: "rnn",
    nn.Flatten: "flatten",
    nn.Upsample: "upsample",
}


def reference_of_peer(peer: Any, args: Mapping[str, Any]) -> tuple[LayerReference, str]:
    """Return a reference, and the peer's name.

    Raises
    ------
    UsageError
        The peer cannot be made with the target's arguments.
    """
    cls = peer if inspect.isclass(peer) else type(peer)
    if cls in SAME:
        return LAYERS[SAME[cls]], cls.__name__
    if not inspect.isclass(peer):
        made = peer
    else:
        try:
            torch.manual_seed(0)
            made = peer(**args)
        except Exception as error:
            raise UsageError(
                f"{cls.__name__} cannot be made with the target's arguments: {error}. "
                "Give --like an instance, or a reference's name."
            ) from error
    if not isinstance(made, nn.Module):
        raise UsageError(f"{cls.__name__} is no torch.nn.Module, and no reference's name.")
    return _wrapped(made.double().eval()), cls.__name__


def _wrapped(made: nn.Module) -> LayerReference:
    tensors = dict(made.named_parameters()) | {
        name: one for name, one in made.named_buffers() if one.is_floating_point()
    }

    def forward(parameters: dict[str, Any], x: Any, *, training: bool = False) -> Any:
        del training
        whole = {name: torch.from_numpy(np.ascontiguousarray(one)) for name, one in parameters.items()}
        own = torch.from_numpy(np.ascontiguousarray(x))
        with torch.no_grad():
            answer = torch.func.functional_call(made, whole, (own,))
        return (answer[0] if isinstance(answer, tuple) else answer).numpy()

    widths = [shape.shape[-1] for shape in tensors.values() if shape.ndim] + [
        shape.shape[1] for shape in tensors.values() if shape.ndim >= 2
    ]
    shapes = [
        shape
        for width in dict.fromkeys([*widths, 4])
        for shape in ((3, width, 9, 8), (3, 5, width), (3, width), (3, width, 11))
    ]

    def takes(shape: tuple[int, ...]) -> bool:
        try:
            forward({}, np.ones(shape))
        except Exception:
            return False
        return True

    taken = tuple(Input(shape) for shape in shapes if takes(shape))[:2]
    return LayerReference(
        type(made).__name__.lower(),
        "the object that --like names",
        forward,
        lambda _: {name: tuple(one.shape) for name, one in tensors.items()},
        lambda _: taken,
    )
