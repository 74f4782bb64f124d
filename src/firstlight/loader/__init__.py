"""Whole batches on the device: order, normalise, augment, iterate."""

from __future__ import annotations

from firstlight.loader._augment import Augment, augment_images
from firstlight.loader._batches import Batches, batches

__all__ = ["Augment", "Batches", "augment_images", "batches"]
