"""Layers: what they compute in float64, how weights are laid out, and how implementations get it wrong."""

from __future__ import annotations

from firstlight.checks.references.layers._attention import ATTENTION
from firstlight.checks.references.layers._batchnorm import BATCHNORM, BATCHNORM1D, BATCHNORM2D
from firstlight.checks.references.layers._conv import CONV1D, CONV2D, DEPTHWISE_CONV2D
from firstlight.checks.references.layers._conv_transpose import CONV_TRANSPOSE2D
from firstlight.checks.references.layers._dropout import DROPOUT, DROPOUT2D
from firstlight.checks.references.layers._embedding import EMBEDDING
from firstlight.checks.references.layers._flatten import FLATTEN, UPSAMPLE
from firstlight.checks.references.layers._groupnorm import GROUPNORM, INSTANCENORM
from firstlight.checks.references.layers._layer_reference import Input, LayerReference, Mistake
from firstlight.checks.references.layers._layernorm import LAYERNORM
from firstlight.checks.references.layers._linear import LINEAR
from firstlight.checks.references.layers._pooling import AVGPOOL, GLOBAL_AVGPOOL, MAXPOOL
from firstlight.checks.references.layers._positional_encoding import POSITIONAL_ENCODING
from firstlight.checks.references.layers._recurrent import GRU, LSTM, RNN
from firstlight.checks.references.layers._residual import RESIDUAL
from firstlight.checks.references.layers._rmsnorm import RMSNORM

__all__ = ["LAYERS", "Input", "LayerReference", "Mistake"]

LAYERS = {
    reference.name: reference
    for reference in (
        LINEAR,
        CONV1D,
        CONV2D,
        DEPTHWISE_CONV2D,
        CONV_TRANSPOSE2D,
        BATCHNORM,
        BATCHNORM1D,
        BATCHNORM2D,
        LAYERNORM,
        GROUPNORM,
        INSTANCENORM,
        RMSNORM,
        DROPOUT,
        DROPOUT2D,
        MAXPOOL,
        AVGPOOL,
        GLOBAL_AVGPOOL,
        ATTENTION,
        EMBEDDING,
        POSITIONAL_ENCODING,
        LSTM,
        GRU,
        RNN,
        RESIDUAL,
        FLATTEN,
        UPSAMPLE,
    )
}

# Other words for the same.
LAYERS |= {
    other: LAYERS[name]
    for other, name in {
        "dense": "linear",
        "conv": "conv2d",
        "depthwise": "depthwise-conv2d",
        "batch-norm": "batchnorm",
        "layer-norm": "layernorm",
        "group-norm": "groupnorm",
        "instance-norm": "instancenorm",
        "rms-norm": "rmsnorm",
        "spatial-dropout": "dropout2d",
        "maxpool1d": "maxpool",
        "maxpool2d": "maxpool",
        "avgpool1d": "avgpool",
        "avgpool2d": "avgpool",
        "gap": "global-avgpool",
        "self-attention": "attention",
        "multihead-attention": "attention",
        "multi-head-attention": "attention",
        "residual-block": "residual",
    }.items()
}
