"""Data sets: images, labels and what they mean."""

from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._catalog import DatasetInfo, list_datasets
from firstlight.datasets._corrections import LabelVerdict, verified_corrections
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._load import load
from firstlight.datasets._splits import canonical_indices, fold_indices, part_indices, stratified_order
from firstlight.datasets._statistics import Statistics, pixel_statistics
from firstlight.datasets._torch_view import TorchView

__all__ = [
    "DataCard",
    "DatasetInfo",
    "ImageDataset",
    "LabelVerdict",
    "Provenance",
    "Statistics",
    "TorchView",
    "canonical_indices",
    "fold_indices",
    "list_datasets",
    "load",
    "part_indices",
    "pixel_statistics",
    "stratified_order",
    "verified_corrections",
]
