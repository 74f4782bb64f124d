"""Losses in float64: terms before they are summed or averaged."""

from __future__ import annotations

from firstlight.checks.references.losses._bce import BCE, BCE_WITH_LOGITS
from firstlight.checks.references.losses._cross_entropy import CROSS_ENTROPY, LABEL_SMOOTHING, NLL
from firstlight.checks.references.losses._distances import BRIER, HUBER, LOG_COSH, MAE, MSE, SMOOTH_L1
from firstlight.checks.references.losses._focal import FOCAL, SIGMOID_FOCAL
from firstlight.checks.references.losses._kl import KL
from firstlight.checks.references.losses._loss import LossReference
from firstlight.checks.references.losses._margins import HINGE, MULTI_MARGIN

__all__ = ["LOSSES", "LossReference"]

LOSSES = {
    name: reference
    for reference in (
        CROSS_ENTROPY,
        NLL,
        LABEL_SMOOTHING,
        FOCAL,
        SIGMOID_FOCAL,
        BCE_WITH_LOGITS,
        BCE,
        MSE,
        BRIER,
        MAE,
        HUBER,
        SMOOTH_L1,
        LOG_COSH,
        MULTI_MARGIN,
        HINGE,
        KL,
    )
    for name in (reference.name, *reference.also)
}
