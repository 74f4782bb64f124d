"""Principal components against scikit-learn's PCA (oracle)."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.decomposition import PCA

from firstlight._errors import UsageError
from firstlight.neighbours import principal_components


def stretched(n: int = 300, d: int = 12) -> np.ndarray:
    draw = np.random.default_rng(0)
    return (draw.standard_normal((n, d)) * np.arange(d, 0, -1) + 5).astype(np.float32)


def test_components_are_those_of_scikit_learn() -> None:
    rows = stretched()
    reduction, peer = principal_components(rows, 4), PCA(4, svd_solver="full").fit(rows.astype(float))
    signs = np.sign((reduction.directions.T * peer.components_).sum(1))
    np.testing.assert_allclose(reduction.of(rows), peer.transform(rows) * signs, atol=1e-3)
    np.testing.assert_allclose(reduction.explained, peer.explained_variance_ratio_, rtol=1e-4)


def test_bytes_count_as_the_numbers_they_are() -> None:
    rows = np.random.default_rng(1).integers(0, 256, (9000, 6), dtype=np.uint8)  # more than one block
    of_bytes, of_floats = principal_components(rows, 3), principal_components(rows.astype(np.float32), 3)
    np.testing.assert_allclose(of_bytes.of(rows), of_floats.of(rows.astype(np.float32)), atol=1e-2)


def test_fewer_components_come_back_where_there_are_fewer() -> None:
    assert principal_components(stretched(4, 12), 50).directions.shape == (12, 3)
    assert principal_components(stretched(40, 5), 50).directions.shape == (5, 5)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.ones((7, 3), np.float32), "All 7 rows are equal"),
        (np.ones((1, 3), np.float32), "at least 2 rows; got 1"),
    ],
)
def test_rows_without_variance_are_refused(rows: np.ndarray, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        principal_components(rows)
