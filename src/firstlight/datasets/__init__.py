"""Data sets: images, labels and what they mean."""

from firstlight.datasets._card import DataCard, Provenance
from firstlight.datasets._dataset import ImageDataset
from firstlight.datasets._load import load

__all__ = ["DataCard", "ImageDataset", "Provenance", "load"]
