"""Networks, one family in a file. Each takes normalised images and gives logits."""

from __future__ import annotations

from firstlight.models._mlp import MLP

__all__ = ["MLP"]
