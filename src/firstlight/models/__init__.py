"""Networks, one family in a file. Each takes normalised images and gives logits."""

from __future__ import annotations

from firstlight.models._airbench import AirbenchNet
from firstlight.models._convnet import ConvNet, ConvStage
from firstlight.models._dirac import start_as_identity
from firstlight.models._ensemble import COMBINATIONS, Combination, Ensemble, combined_logits
from firstlight.models._estimator import EstimatorModel
from firstlight.models._forest import ForestModel
from firstlight.models._lenet import LeNet5
from firstlight.models._linear import LinearModel
from firstlight.models._mlp import MLP
from firstlight.models._neighbours import NeighboursModel
from firstlight.models._normalisation import batch_norm
from firstlight.models._pretrained import PRETRAINED, Pretrained, load_pretrained, pretrained_files
from firstlight.models._resnet import WideResNet
from firstlight.models._simple_cnn import SimpleCNN
from firstlight.models._stages import EpochAware, Preparable
from firstlight.models._support_vectors import SupportVectorModel
from firstlight.models._views import ManyViews
from firstlight.models._vit import ViT
from firstlight.models._whitening import Whitening

__all__ = [
    "COMBINATIONS",
    "MLP",
    "PRETRAINED",
    "AirbenchNet",
    "Combination",
    "ConvNet",
    "ConvStage",
    "Ensemble",
    "EpochAware",
    "EstimatorModel",
    "ForestModel",
    "LeNet5",
    "LinearModel",
    "ManyViews",
    "NeighboursModel",
    "Preparable",
    "Pretrained",
    "SimpleCNN",
    "SupportVectorModel",
    "ViT",
    "Whitening",
    "WideResNet",
    "batch_norm",
    "combined_logits",
    "load_pretrained",
    "pretrained_files",
    "start_as_identity",
]
