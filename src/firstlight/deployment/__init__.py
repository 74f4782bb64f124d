"""Deployment: trained networks as files for other programs."""

from __future__ import annotations

from firstlight.deployment._export import FORMATS, Exported, PixelsToLogits, export_network

__all__ = ["FORMATS", "Exported", "PixelsToLogits", "export_network"]
