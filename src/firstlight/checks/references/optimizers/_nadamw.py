"""NAdamW: NAdam (Dozat 2016) with decoupled weight decay (Loshchilov & Hutter 2019)."""

from __future__ import annotations

from dataclasses import replace

from firstlight.checks.references.optimizers._nadam import NADAM

__all__ = ["NADAMW"]

NADAMW = replace(
    NADAM,
    name="nadamw",
    source="Dozat 2016, Algorithm 2; Loshchilov & Hutter 2019",
    options={**NADAM.options, "weight_decay": 0.01},
    decay="decoupled",
)
