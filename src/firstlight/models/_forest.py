"""Decision trees, one or many, as tables of questions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.models._estimator import EstimatorModel

__all__ = ["ForestModel"]

# The 256 values that a pixel can have, exactly as trees were shown them.
LEVELS = (np.arange(256, dtype=np.float32) / np.float32(255)).astype(np.float64)


class ForestModel(EstimatorModel):
    """What scikit-learn's decision trees, and forests of them, have learnt; the trees' mean probabilities.

    A node asks whether one pixel is at most a threshold. Of the 256 values of a byte a threshold parts the
    lower from the higher, so it is kept as the highest byte that goes left: nothing is rounded. All trees
    walk down side by side, a level a step; a leaf is its own child.
    """

    pixel: Tensor
    highest: Tensor
    left: Tensor
    right: Tensor
    answer: Tensor
    answers: Tensor
    roots: Tensor
    depth: Tensor

    def _empty_tables(self) -> Mapping[str, Tensor]:
        nodes = {name: torch.zeros(0, dtype=torch.int32) for name in ("pixel", "left", "right", "answer")}
        return nodes | {
            "highest": torch.zeros(0, dtype=torch.uint8),
            "answers": torch.zeros(0, 0),
            "roots": torch.zeros(0, dtype=torch.int64),
            "depth": torch.zeros((), dtype=torch.int64),
        }

    def _tables_of(self, estimator: Any) -> Mapping[str, Tensor]:
        members = getattr(estimator, "estimators_", [estimator])
        if not all(hasattr(member, "tree_") for member in members):
            raise UsageError(f"ForestModel holds decision trees and forests; got {type(estimator).__name__}.")
        trees = [member.tree_ for member in members]
        *roots, _ = accumulate((int(tree.node_count) for tree in trees), initial=0)
        parts = [_nodes(tree, first) for tree, first in zip(trees, roots, strict=True)]
        pixel, highest, left, right = (
            torch.from_numpy(np.concatenate(part)) for part in zip(*parts, strict=True)
        )
        answer, answers = _shared_rows(np.concatenate([_shares(tree) for tree in trees]))
        return {
            "pixel": pixel, "highest": highest, "left": left, "right": right,
            "answer": torch.from_numpy(answer), "answers": torch.from_numpy(answers),
            "roots": torch.tensor(roots),
            "depth": torch.tensor(max(tree.max_depth for tree in trees)),
        }  # fmt: skip

    def _log_probabilities(self, pixels: Float[Tensor, "b d"]) -> Float[Tensor, "b seen"]:
        node = self.roots.expand(len(pixels), -1)
        for _ in range(int(self.depth)):
            shown = pixels.gather(1, self.pixel[node].long())
            node = torch.where(shown <= self.highest[node], self.left[node], self.right[node]).long()
        # Summed in float64, so that votes that are equal stay equal.
        return self.answers[self.answer[node]].double().mean(dim=1).log()

    def _problem(self) -> str | None:
        count = len(self.pixel)
        tables = (self.highest, self.left, self.right, self.answer)
        within = [
            (self.pixel, math.prod(self.image_shape)), (self.left, count), (self.right, count),
            (self.roots, count), (self.answer, len(self.answers)),
        ]  # fmt: skip
        fits = (
            count > 0
            and len(self.roots) > 0
            and all(len(table) == count for table in tables)
            and all(0 <= int(table.min()) <= int(table.max()) < bound for table, bound in within)
            and self.answers.shape[1] == len(self.seen)
            and 0 <= int(self.depth) < count
        )
        return super()._problem() or (None if fits else "its tables of nodes do not fit together")


def _nodes(tree: Any, first: int) -> tuple[NDArray[Any], ...]:
    """Return each node's pixel, highest byte that goes left, left and right child, counted from ``first``."""
    own = np.arange(tree.node_count)
    is_leaf = tree.children_left < 0
    highest = np.searchsorted(LEVELS, tree.threshold, side="right") - 1
    return (
        np.where(is_leaf, 0, tree.feature).astype(np.int32),
        np.where(is_leaf, 0, highest).clip(0, 255).astype(np.uint8),
        (np.where(is_leaf, own, tree.children_left) + first).astype(np.int32),
        (np.where(is_leaf, own, tree.children_right) + first).astype(np.int32),
    )


def _shares(tree: Any) -> NDArray[Any]:
    """Return the share of each class at each node; those above the leaves, never asked, repeat the last."""
    counts = tree.value[:, 0, :]
    shares = (counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
    repeated: NDArray[Any] = np.where(tree.children_left[:, None] < 0, shares, shares[-1])
    return repeated


def _shared_rows(rows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for each row its place among the different ones, and those: most leaves hold a single class."""
    as_bytes = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).ravel()
    _, first, place = np.unique(as_bytes, return_index=True, return_inverse=True)
    return place.astype(np.int32), rows[first]
