"""Oracle: scikit-learn's PCA, Isomap, t-SNE and trustworthiness, and openTSNE's affinities."""

from __future__ import annotations

import numpy as np
import pytest

from firstlight.checks.embeddings._neighbours import class_share, trust
from firstlight.checks.embeddings._rows import clouds, digits, ellipsoid
from firstlight.checks.references.embeddings import EMBEDDINGS, affinities, divergence, forces


def aligned(found, expected):
    return found * np.where((found * expected).sum(axis=0) < 0, -1.0, 1.0)


def test_plane_of_most_variance_is_scikit_learns():
    from sklearn.decomposition import PCA

    X = ellipsoid()
    expected = PCA(2).fit_transform(X)
    np.testing.assert_allclose(aligned(EMBEDDINGS["pca"].answer(X), expected), expected, atol=1e-9)


@pytest.mark.parametrize("n_neighbors", [5, 9])
def test_isomap_is_scikit_learns(n_neighbors):
    from sklearn.manifold import Isomap

    X = ellipsoid()
    expected = Isomap(n_neighbors=n_neighbors).fit_transform(X)
    found = EMBEDDINGS["isomap"].answer(X, n_neighbors=n_neighbors)
    np.testing.assert_allclose(aligned(found, expected), expected, atol=1e-6)


def test_classical_scaling_of_distances_is_the_plane_of_most_variance():
    X = ellipsoid()
    expected = EMBEDDINGS["pca"].answer(X)
    np.testing.assert_allclose(aligned(EMBEDDINGS["classical-mds"].answer(X), expected), expected, atol=1e-8)


def test_affinities_have_the_perplexity_and_are_those_of_opentsne():
    from sklearn.neighbors import NearestNeighbors

    X, _ = digits(120)
    found = affinities(X, 20.0)
    assert found.sum() == pytest.approx(1)
    np.testing.assert_allclose(found, found.T)
    opentsne = pytest.importorskip("openTSNE")
    # Neighbours of our own finding: its own search loads pynndescent, which compiles for 20 s where it is new.
    far, who = NearestNeighbors(n_neighbors=120).fit(X).kneighbors(X)
    known = opentsne.nearest_neighbors.PrecomputedNeighbors(who[:, 1:], far[:, 1:])
    peer = opentsne.affinity.PerplexityBasedNN(knn_index=known, perplexity=20, n_jobs=1)
    assert np.abs(found - peer.P.toarray()).max() < 0.02 * found.max()


def test_divergence_is_what_scikit_learn_reports_and_forces_balance_there():
    from sklearn.manifold import TSNE

    X, _ = digits(120)
    peer = TSNE(perplexity=20, method="exact", random_state=0, max_iter=1000).fit(X.astype(np.float64))
    P = affinities(X, 20.0)
    assert divergence(P, peer.embedding_) == pytest.approx(peer.kl_divergence_, rel=0.03)
    pull, push = forces(P, peer.embedding_.astype(np.float64))
    factor = (pull * push).sum() / (pull * pull).sum()
    assert factor == pytest.approx(1, abs=0.15)
    assert np.linalg.norm(pull - push) < 0.2 * np.linalg.norm(push)


def test_trust_is_scikit_learns():
    from sklearn.manifold import trustworthiness

    X, y = clouds()
    plane = X[:, :2]
    assert trust(X, plane, k=7) == pytest.approx(trustworthiness(X, plane, n_neighbors=7))
    assert class_share(X, y) == 1.0
