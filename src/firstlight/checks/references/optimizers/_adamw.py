"""AdamW. Loshchilov & Hutter 2019, "Decoupled weight decay regularization", Algorithm 2.

p <- p (1 - lr wd), then the step of Adam. As in all libraries wd is multiplied by lr; the paper's schedule
multiplier stands for both.
"""

from __future__ import annotations

from dataclasses import replace

from firstlight.checks.references.optimizers._adam import ADAM

__all__ = ["ADAMW"]

ADAMW = replace(
    ADAM,
    name="adamw",
    source="Loshchilov & Hutter 2019, Algorithm 2",
    options={**ADAM.options, "weight_decay": 0.01},
    decay="decoupled",
)
