"""AMSGrad. Reddi, Kale & Kumar 2018, "On the convergence of Adam and beyond", Algorithm 2.

As Adam, with the largest second moment so far. The paper corrects no average; libraries do.
"""

from __future__ import annotations

from dataclasses import replace

from firstlight.checks.references.optimizers._adam import ADAM, ADAM_DIALECTS, ADAM_SUSPECTS
from firstlight.checks.references.optimizers._optimizer import Dialect, Suspect

__all__ = ["AMSGRAD"]

AMSGRAD = replace(
    ADAM,
    name="amsgrad",
    source="Reddi, Kale & Kumar 2018, Algorithm 2",
    options={**ADAM.options, "amsgrad": True},
    dialects=(
        *ADAM_DIALECTS,
        Dialect(
            "correction",
            "no correction of the averages, as in the paper",
            {"m_corrected": "none", "v_corrected": "none"},
        ),
    ),
    suspects=(
        Suspect("state", "The largest second moment is not kept: this is Adam.", {"largest_of": "nothing"}),
        *ADAM_SUSPECTS[1:],
    ),
    decay="either",
)
