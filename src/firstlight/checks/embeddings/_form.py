"""M7 and M10: one place in the plane for each row, none of them lost, and the rows stay as they are."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed
from firstlight.checks.embeddings._subject import EmbeddingSubject

__all__ = ["leaves_rows_alone", "places_each_row"]


@check_of(
    "M7", "one finite place for each row", families=("shape", "numerical-stability", "capacity"), seconds=90
)
def places_each_row(subject: EmbeddingSubject) -> Outcome:
    """Lay out three clouds: shape, finiteness and extent."""
    laid = subject.clouds
    plane = laid.plane
    if plane.ndim != 2 or len(plane) != len(laid.X):
        return failed(
            "shape",
            expected=f"shape ({len(laid.X)}, 2)",
            seen=f"shape {plane.shape}",
            where=f"{len(laid.X)} rows of {laid.X.shape[1]}",
            cause="Rows and columns are exchanged."
            if plane.shape == (2, len(laid.X))
            else "Rows are lost or added.",
            certainty=0.8,
        )
    lost = np.flatnonzero(~np.isfinite(plane.astype(float)).all(axis=1))
    if len(lost):
        return failed(
            "numerical-stability",
            expected="finite numbers",
            seen=f"{len(lost)} of {len(plane)} rows NaN or infinite",
            where=f"row {lost[0]}",
            cause="A logarithm or division of zero, or steps that grow without bound.",
            certainty=0.7,
        )
    spread = plane.std(axis=0)
    if spread.max() < 1e-12 or len(np.unique(np.round(plane / (spread.max() + 1e-300), 9), axis=0)) < 3:
        return failed(
            "capacity",
            expected="places that tell rows apart",
            seen=f"standard deviations {spread}",
            where="all rows",
            cause="All rows are laid on one place.",
            certainty=0.6,
        )
    return passed(f"{len(plane)} rows, {plane.shape[1]} columns")


@check_of("M10", "rows that are given stay as they are", families=("aliasing",), seconds=90)
def leaves_rows_alone(subject: EmbeddingSubject) -> Outcome:
    """Compare rows before and after the call."""
    rows = subject.clouds.X.copy()
    subject(rows)
    if np.array_equal(rows, subject.clouds.X):
        return passed("bit for bit")
    row, column = np.argwhere(rows != subject.clouds.X)[0]
    return failed(
        "aliasing",
        expected=f"X[{row}, {column}] stays {subject.clouds.X[row, column]:.6g}",
        seen=f"{rows[row, column]:.6g}",
        where=f"X[{row}, {column}]",
        cause="It writes into the array that it is given, such as with X -= mean.",
        hint="X = X - X.mean(axis=0)",
        certainty=0.95,
    )
