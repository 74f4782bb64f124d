"""Networks, one family in a file. Each takes normalised images and gives logits."""

from __future__ import annotations

from firstlight.models._ensemble import Ensemble, combined_logits
from firstlight.models._estimator import EstimatorModel
from firstlight.models._forest import ForestModel
from firstlight.models._lenet import LeNet5
from firstlight.models._linear import LinearModel
from firstlight.models._mlp import MLP
from firstlight.models._neighbours import NeighboursModel
from firstlight.models._resnet import WideResNet
from firstlight.models._simple_cnn import SimpleCNN
from firstlight.models._support_vectors import SupportVectorModel
from firstlight.models._views import ManyViews
from firstlight.models._vit import ViT

__all__ = [
    "MLP",
    "Ensemble",
    "EstimatorModel",
    "ForestModel",
    "LeNet5",
    "LinearModel",
    "ManyViews",
    "NeighboursModel",
    "SimpleCNN",
    "SupportVectorModel",
    "ViT",
    "WideResNet",
    "combined_logits",
]
