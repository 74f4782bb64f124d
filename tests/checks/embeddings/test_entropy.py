"""Behaviour: rows of affinities have the entropy that the perplexity says, or are seen not to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from firstlight.checks._given import Given
from firstlight.checks._target import load_object
from firstlight.checks.embeddings._entropy import rows_have_the_entropy_asked_for, shown_perplexities
from firstlight.checks.embeddings._subject import EmbeddingSubject

BANK = Path(__file__).parents[3] / "benchmarks/bugbank/embedding"
X = np.random.default_rng(1).standard_normal((40, 3))
SQUARE = ((X[:, None] - X[None]) ** 2).sum(axis=2) + np.diag(np.full(40, np.inf))


def outcome_of(target, **options):
    return rows_have_the_entropy_asked_for.run(EmbeddingSubject.of(Given(target, "target", args=options)))


def test_right_search_passes():
    target = load_object(f"{BANK / 'right_tsne.py'}:tsne")
    assert outcome_of(target, n_iter=2).status == "pass"


def test_entropy_in_bits_against_a_natural_logarithm_fails():
    target = load_object(f"{BANK / 'tsne_entropy_in_bits.py'}:tsne")
    outcome = outcome_of(target, n_iter=2)
    assert (outcome.status, outcome.family) == ("fail", "objective")
    assert "base" in outcome.cause


class OneWidth:
    """Gives each row the same width and keeps its affinities."""

    def __init__(self, perplexity=30.0):
        self.perplexity = perplexity

    def fit_transform(self, rows):
        square = ((rows[:, None] - rows[None]) ** 2).sum(axis=2)
        np.fill_diagonal(square, np.inf)
        P = np.exp(-square / self.perplexity)
        self.P = P / P.sum(axis=1, keepdims=True)
        return rows[:, :2]


class Silent(OneWidth):
    def fit_transform(self, rows):
        return rows[:, :2]


def test_width_that_is_not_searched_for_fails():
    assert outcome_of(OneWidth).status == "fail"


def test_what_shows_nothing_is_not_judged():
    assert outcome_of(Silent).status == "skip"


@pytest.mark.parametrize("width", [0.5, 1.0, 4.0])
def test_perplexity_of_gaussian_rows_is_found(width):
    P = np.exp(-SQUARE / width)
    P /= P.sum(axis=1, keepdims=True)
    expected = np.exp(-(P * np.log(np.where(P > 0, P, 1))).sum(axis=1))
    assert shown_perplexities(X, P) == pytest.approx(expected)


def test_other_matrices_are_left_alone():
    P = 1 / (1 + SQUARE)
    assert shown_perplexities(X, P / P.sum(axis=1, keepdims=True)) is None
    assert shown_perplexities(X, P / P.sum()) is None
