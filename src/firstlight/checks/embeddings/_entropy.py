"""M4: each row's affinities have the entropy that the perplexity says.

What is looked at is what the implementation shows: matrices that its own functions return while it runs, and
those that it keeps. A row of Gaussian affinities gives itself away: its logarithms lie on a straight line of
the squared distances. Of other matrices nothing is said.
"""

from __future__ import annotations

import inspect
import sys
from collections import deque
from types import FrameType
from typing import Any

import numpy as np
from jaxtyping import Float64

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.embeddings._layout import _is_library
from firstlight.checks.embeddings._subject import EmbeddingSubject

__all__ = ["rows_have_the_entropy_asked_for", "shown_perplexities"]

PERPLEXITY = ("perplexity", "perp", "target_perplexity")
CLOSE, FAR = 0.03, 0.1  # of the perplexity
STRAIGHT = 1e-3  # of the range of a row's logarithms
KEPT = 30  # matrices, the latest: a search goes through others before it ends
LEAST = 1e-9  # of an affinity that is looked at: below that floors are added


@check_of(
    "M4", "rows have the entropy asked for", families=("objective", "distance"), is_quick=False, seconds=120
)
def rows_have_the_entropy_asked_for(subject: EmbeddingSubject) -> Outcome:
    """Compare exp(entropy) of each row of conditional affinities with the perplexity."""
    name = subject.name_of(PERPLEXITY)
    if name is None:
        return skipped("it has no perplexity")
    X = subject.clouds.X
    found: deque[np.ndarray] = deque(maxlen=KEPT)
    given = {} if name in subject.given.args else {name: 12.0}
    asked = float(given.get(name) or subject.option(PERPLEXITY, 0.0))
    if not 2 <= asked <= len(X) / 4:
        return skipped(f"a perplexity of {asked:g} is not looked at on {len(X)} rows")
    with _Watch(subject.given.target, len(X), found):
        subject(X.copy(), options=given)
    kept = getattr(subject.made, "__dict__", {}).values()
    found += [value for value in kept if _is_stochastic(value, len(X))]
    rows = [one for matrix in found if (one := shown_perplexities(X, matrix)) is not None]
    if not rows:
        return skipped("it shows no rows of Gaussian affinities")
    is_library = _is_library(subject)
    outcomes = [_judged(one, asked, is_library=is_library) for one in rows]
    return min(outcomes, key=lambda outcome: outcome.status != "pass")


def _judged(perplexities: Float64[np.ndarray, " n"], asked: float, *, is_library: bool) -> Outcome:
    away = np.abs(perplexities / asked - 1)
    row = int(away.argmax())
    seen = f"rows have {perplexities.min():.4g} to {perplexities.max():.4g}, {np.median(perplexities):.4g} "
    seen += "in the middle"
    if (away < CLOSE).mean() > 0.95:
        return passed(f"perplexity {asked:g}: {seen}")
    if is_library or (away > FAR).mean() < 0.5:
        return warned(f"perplexity {asked:g}: {seen}")
    is_one = perplexities.max() / perplexities.min() < 1.02
    cause = "All rows end at another entropy: base 2 and base e are mixed, or the target is another number."
    return failed(
        "objective",
        expected=f"each row's affinities have exp(entropy) = {asked:g}",
        seen=seen,
        where=f"affinities of row {row}",
        cause=cause if is_one else "The search for each row's width does not end at the perplexity.",
        hint="Halve the interval of each row's width until its entropy is log(perplexity), in one base.",
        certainty=0.95,
    )


def shown_perplexities(
    X: Float64[np.ndarray, "n d"], matrix: Float64[np.ndarray, "n n"]
) -> Float64[np.ndarray, " n"] | None:
    """Return exp(entropy) of each row, if these are rows of Gaussian affinities; else ``None``.

    Examples
    --------
    >>> X = np.random.default_rng(0).standard_normal((30, 3))
    >>> square = ((X[:, None] - X[None]) ** 2).sum(axis=2) + np.diag(np.full(30, np.inf))
    >>> P = np.exp(-square)
    >>> bool(np.all(shown_perplexities(X, P / P.sum(axis=1, keepdims=True)) < 29))
    True
    >>> shown_perplexities(X, np.full((30, 30), 1 / 30)) is None
    True
    """
    P = np.asarray(matrix, dtype=np.float64)
    if not np.isfinite(P).all() or (P < 0).any() or np.abs(P.sum(axis=1) - 1).max() > 1e-3:
        return None
    if np.diag(P).max() > 1e-6:
        return None
    square = ((X[:, None] - X[None]) ** 2).sum(axis=2)
    straight = [_is_straight(square[row], P[row]) for row in range(len(X))]
    if np.mean(straight) < 0.98:
        return None
    logs = np.log(np.where(P > 0, P, 1.0))
    return np.asarray(np.exp(-(P * logs).sum(axis=1)))


def _is_straight(square: Float64[np.ndarray, " n"], row: Float64[np.ndarray, " n"]) -> bool:
    """Whether a row's logarithms fall in a straight line with the squared distances."""
    seen = row > LEAST
    if seen.sum() < 3:
        return True  # so narrow that there is nothing to look at
    wide = np.stack([square[seen], np.ones(int(seen.sum()))], axis=1)
    logs = np.log(row[seen])
    slope, height = np.linalg.lstsq(wide, logs, rcond=None)[0]
    left = np.abs(logs - slope * square[seen] - height).max()
    return bool(slope < 0 and left < STRAIGHT * max(float(np.ptp(logs)), 1e-3))


def _is_stochastic(value: Any, many: int) -> bool:
    """Whether it is a matrix with a row and a column for each row of X, whose rows add up to 1."""
    if not isinstance(value, np.ndarray) or value.shape != (many, many) or value.dtype.kind != "f":
        return False
    return bool(np.abs(value.sum(axis=1) - 1).max() < 1e-3)


class _Watch:
    """Collects matrices whose rows add up to 1 from functions of the target's own file, as they return."""

    def __init__(self, target: Any, many: int, found: deque[np.ndarray]) -> None:
        self._many, self._found = many, found
        try:
            self._file = inspect.getsourcefile(target if callable(target) else type(target))
        except TypeError:
            self._file = None
        self._before: Any = None

    def __enter__(self) -> None:
        self._before = sys.getprofile()
        if self._file is not None:
            sys.setprofile(self._look)

    def __exit__(self, *_: object) -> None:
        sys.setprofile(self._before)

    def _look(self, frame: FrameType, event: str, value: Any) -> None:
        if event != "return" or frame.f_code.co_filename != self._file:
            return
        for one in (*(value if isinstance(value, tuple) else (value,)), *frame.f_locals.values()):
            if _is_stochastic(one, self._many):
                self._found.append(one.copy())
