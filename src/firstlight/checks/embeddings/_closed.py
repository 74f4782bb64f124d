"""M3: layouts that are unique: the plane of most variance, classical scaling, Isomap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.embeddings._rows import ellipsoid
from firstlight.checks.embeddings._subject import EmbeddingSubject

__all__ = ["agrees_with_the_closed_form"]

TOLERANCE = 1e-3


@check_of(
    "M3",
    "agrees with the closed form",
    families=("forward", "preprocessing", "order", "distance"),
    seconds=90,
)
def agrees_with_the_closed_form(subject: EmbeddingSubject) -> Outcome:
    """Compare places with the reference's, up to the sign of each column."""
    reference = subject.reference
    if reference is None or reference.answer is None:
        return skipped("no reference with one layout: --like pca, isomap or classical-mds")
    X = ellipsoid()
    plane = subject(X.copy())
    if plane.ndim != 2 or len(plane) != len(X) or plane.shape[1] < 2:
        return skipped("see M7")
    plane = plane[:, :2].astype(np.float64)
    options = {names[0]: subject.option(names, default) for names, default in reference.options.items()}
    for dialect, changed in {"": {}, **reference.dialects}.items():
        if _away(subject, X, plane, {**options, **changed}) < TOLERANCE:
            return passed("the same places", dialect=dialect or None)
    away = _away(subject, X, plane, options)
    expected = reference.answer(X, **options)
    row = int(np.abs(np.abs(plane) - np.abs(expected)).max(axis=1).argmax())
    seen = f"{np.round(plane[row], 4)}; places differ by up to {away:.2g} of their size"
    for mistake in reference.mistakes:
        if _away(subject, X, plane, {**options, **mistake.options}) < TOLERANCE:
            return failed(
                mistake.family,
                expected=f"{np.round(expected[row], 4)}, up to signs",
                seen=seen,
                where=f"row {row}",
                cause=mistake.sentence,
                certainty=0.97,
            )
    if (
        set(subject.given.args)
        - {name for names in reference.options for name in names}
        - {"n_components", "random_state", "seed"}
    ):
        return warned(f"differs from the reference, which does not know all options: {seen}")
    return failed(
        "forward",
        expected=f"{np.round(expected[row], 4)}, up to signs",
        seen=seen,
        where=f"row {row}",
        cause=_words(plane),
        certainty=0.5,
    )


def _away(subject: EmbeddingSubject, X: np.ndarray, plane: np.ndarray, options: Mapping[str, Any]) -> float:
    assert subject.reference is not None
    assert subject.reference.answer is not None
    try:
        expected = subject.reference.answer(X, **options)
    except (ValueError, np.linalg.LinAlgError):
        return np.inf
    plane = plane * np.where((plane * expected).sum(axis=0) < 0, -1.0, 1.0)
    return float(np.abs(plane - expected).max() / (np.abs(expected).max() + 1e-12))


def _words(plane: np.ndarray) -> str:
    """Say what can be told of a layout that is none of the known ones."""
    spread = plane.std(axis=0)
    correlation = float(np.corrcoef(plane.T)[0, 1]) if spread.min() > 0 else 1.0
    if abs(correlation) > 0.05:
        return f"The two columns are correlated ({correlation:.2f}): these are no eigenvectors."
    if spread[0] < spread[1]:
        return "The second column varies more than the first: directions are not sorted by variance."
    return "The directions are not those of the largest eigenvalues, or lengths are wrong."
