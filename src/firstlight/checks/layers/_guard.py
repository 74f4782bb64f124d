"""Leave a check out where no input is known that the layer takes."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps

from firstlight.checks._definition import Check
from firstlight.checks._outcome import Outcome, skipped
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["with_input"]


def with_input(check: Check) -> Check:
    """Return a check that is skipped where the layer breaks on every input; L2 tells of that."""

    @wraps(check.run)
    def run(subject: LayerSubject) -> Outcome:
        return check.run(subject) if subject.has_plan else skipped("no input is known that it takes")

    return replace(check, run=run)
