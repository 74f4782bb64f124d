"""M12: options change the layout."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks._runner import TargetBroke
from firstlight.checks.embeddings._layout import _is_library
from firstlight.checks.embeddings._subject import EmbeddingSubject

__all__ = ["options_are_live"]

PAIRS = {
    ("perplexity", "perp"): (3.0, 25.0),
    ("n_neighbors", "k", "n_neighbours"): (8, 40),
    ("min_dist",): (0.0, 0.9),
}


@check_of("M12", "options change the layout", families=("ignored-option",), seconds=90)
def options_are_live(subject: EmbeddingSubject) -> Outcome:
    """Give perplexity or number of neighbours two far values: places have to differ."""
    live = []
    for names, pair in PAIRS.items():
        name = subject.name_of(names)
        if name is None or name in subject.given.args:
            continue
        X = subject.clouds.X
        try:
            first, second = (subject(X.copy(), options={name: value}) for value in pair)
        except TargetBroke:
            continue
        if first.shape != second.shape or not np.array_equal(first, second):
            live.append(name)
            continue
        if _is_library(subject):
            return warned(f"{name} changes nothing")
        return failed(
            "ignored-option",
            expected=f"other places with {name}={pair[0]!r} than with {name}={pair[1]!r}",
            seen="the same places to the last digit",
            where=f"option {name}",
            cause=f"{name} is accepted and never used.",
            certainty=0.9,
        )
    return passed(", ".join(live)) if live else skipped("no option whose effect is known")
