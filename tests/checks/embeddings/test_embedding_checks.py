"""Behaviour: each check passes a right embedding and fails a wrong one, with the family that it is."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from firstlight._errors import TargetError, UsageError
from firstlight.checks import check

BANK = Path(__file__).parents[3] / "benchmarks/bugbank/embedding"

SHOWN = {
    "M3": "pca_least_variance",
    "M10": "pca_in_place",
    "M11": "laplacian_rows_sorted",
    "M1": "laplacian_farthest",
    "M9": "tsne_seed_unused",
    "M2": "tsne_exaggerated_to_the_end",
}


def asked(path: Path):
    body = ast.parse(path.read_text()).body
    entry = next(
        ast.literal_eval(one.value)
        for one in body
        if isinstance(one, ast.Assign) and one.targets[0].id == "ENTRY"
    )
    target = f"{path}:{entry['target']}"
    return check(target, kind="embedding", like=entry["like"], isolated=False), entry


@pytest.mark.parametrize(("check_id", "name"), list(SHOWN.items()))
def test_wrong_one_fails_where_it_is_wrong(check_id, name):
    report, entry = asked(BANK / f"{name}.py")
    assert check_id in {failure.id for failure in report.failures}
    assert report.diagnosis.family in {entry["family"], *entry["also"]}


@pytest.mark.parametrize("name", ["pca_plane", "isomap", "laplacian"])
def test_right_twin_passes(name):
    report, _ = asked(BANK / f"right_{name}.py")
    assert report.verdict == "PASS", str(report)


def collapsed(X):
    return np.zeros((len(X), 2))


def turned(X):
    return (X[:, :2]).T


def undefined(X):
    return np.log(np.zeros((len(X), 2)))


def unlike_copies(X):
    away = X - X.mean(axis=0)
    near = ((away[:, None] - away[None]) ** 2).sum(axis=2) + np.diag(np.full(len(X), np.inf))
    return away[:, :2] / near.min(axis=1, keepdims=True) * near.min(axis=1, keepdims=True)


def by_first_row(X, n_neighbors=5):
    return X[:, :2] - X[0, :2]


@pytest.mark.parametrize(
    ("target", "check_id", "family"),
    [
        (collapsed, "M7", "capacity"),
        (turned, "M7", "shape"),
        (undefined, "M7", "numerical-stability"),
        (unlike_copies, "M8", "numerical-stability"),
        (by_first_row, "M12", "ignored-option"),
    ],
)
def test_wrong_function_fails(target, check_id, family):
    report = check(target, kind="embedding", isolated=False)
    assert report.verdict == "FAIL"
    assert (check_id, family) in {(failure.id, failure.family) for failure in report.failures}


@pytest.mark.parametrize(
    ("target", "like"),
    [
        ("sklearn.decomposition:PCA", "pca"),
        ("sklearn.manifold:Isomap", "isomap"),
        ("sklearn.manifold:SpectralEmbedding", "spectral"),
    ],
)
def test_scikit_learns_pass(target, like):
    assert (
        check(target, kind="embedding", like=like, args={"n_components": 2}, isolated=False).verdict == "PASS"
    )


def test_dialect_is_named():
    def whitened(X):
        from sklearn.decomposition import PCA

        return PCA(2, whiten=True).fit_transform(X)

    assert "variance 1" in check(whitened, kind="embedding", like="pca", isolated=False).dialect


def test_nothing_can_be_declared():
    with pytest.raises(UsageError, match="declares nothing"):
        check(collapsed, kind="embedding", declares={"a": "b"}, isolated=False)


def test_a_number_is_no_embedding():
    with pytest.raises(TargetError, match="no embedding"):
        check(3.0, kind="embedding", isolated=False)
