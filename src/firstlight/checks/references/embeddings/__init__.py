"""Embeddings: what a right one is, one method a file."""

from __future__ import annotations

from firstlight.checks.references.embeddings._embedding import EmbeddingReference
from firstlight.checks.references.embeddings._isomap import CLASSICAL_MDS, ISOMAP
from firstlight.checks.references.embeddings._pca import PCA_PLANE
from firstlight.checks.references.embeddings._tsne import (
    MDS,
    SPECTRAL,
    TSNE,
    UMAP,
    affinities,
    divergence,
    forces,
)

__all__ = ["EMBEDDINGS", "EmbeddingReference", "affinities", "divergence", "forces"]

EMBEDDINGS = {
    reference.name: reference for reference in (PCA_PLANE, ISOMAP, CLASSICAL_MDS, TSNE, UMAP, MDS, SPECTRAL)
}
