"""Activations: value and derivative in float64, one file each."""

from __future__ import annotations

from firstlight.checks.references.activations._activation import ActivationReference
from firstlight.checks.references.activations._celu import CELU
from firstlight.checks.references.activations._elu import ELU
from firstlight.checks.references.activations._gelu import GELU
from firstlight.checks.references.activations._gelu_tanh import GELU_TANH
from firstlight.checks.references.activations._hardshrink import HARDSHRINK
from firstlight.checks.references.activations._hardsigmoid import HARDSIGMOID
from firstlight.checks.references.activations._hardswish import HARDSWISH
from firstlight.checks.references.activations._hardtanh import HARDTANH
from firstlight.checks.references.activations._leaky_relu import LEAKY_RELU
from firstlight.checks.references.activations._log_sigmoid import LOG_SIGMOID
from firstlight.checks.references.activations._log_softmax import LOG_SOFTMAX
from firstlight.checks.references.activations._mish import MISH
from firstlight.checks.references.activations._prelu import PRELU
from firstlight.checks.references.activations._quick_gelu import QUICK_GELU
from firstlight.checks.references.activations._relu import RELU
from firstlight.checks.references.activations._relu6 import RELU6
from firstlight.checks.references.activations._relu_squared import RELU_SQUARED
from firstlight.checks.references.activations._selu import SELU
from firstlight.checks.references.activations._sigmoid import SIGMOID
from firstlight.checks.references.activations._softmax import SOFTMAX
from firstlight.checks.references.activations._softplus import SOFTPLUS
from firstlight.checks.references.activations._softshrink import SOFTSHRINK
from firstlight.checks.references.activations._softsign import SOFTSIGN
from firstlight.checks.references.activations._swish import SWISH
from firstlight.checks.references.activations._tanh import TANH
from firstlight.checks.references.activations._tanhshrink import TANHSHRINK

__all__ = ["ACTIVATIONS", "ActivationReference"]

ACTIVATIONS = {
    name: reference
    for reference in (
        CELU,
        ELU,
        GELU,
        GELU_TANH,
        HARDSHRINK,
        HARDSIGMOID,
        HARDSWISH,
        HARDTANH,
        LEAKY_RELU,
        LOG_SIGMOID,
        LOG_SOFTMAX,
        MISH,
        PRELU,
        QUICK_GELU,
        RELU,
        RELU6,
        RELU_SQUARED,
        SELU,
        SIGMOID,
        SOFTMAX,
        SOFTPLUS,
        SOFTSHRINK,
        SOFTSIGN,
        SWISH,
        TANH,
        TANHSHRINK,
    )
    for name in (reference.name, *reference.also)
}
