"""Embeddings: functions X [n, d] -> [n, 2], and classes with fit_transform."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.embeddings._closed import agrees_with_the_closed_form
from firstlight.checks.embeddings._divergence import is_near_its_minimum
from firstlight.checks.embeddings._entropy import rows_have_the_entropy_asked_for
from firstlight.checks.embeddings._form import leaves_rows_alone, places_each_row
from firstlight.checks.embeddings._layout import (
    keeps_clouds_apart,
    keeps_neighbours,
    same_seed_same_plane,
    survives_copies,
    takes_any_order,
)
from firstlight.checks.embeddings._options import options_are_live
from firstlight.checks.embeddings._subject import EmbeddingSubject
from firstlight.checks.references.embeddings import EMBEDDINGS

__all__ = ["KIND"]

KIND = Kind(
    name="embedding",
    what="a function X [n, d] -> [n, 2], or a class with fit_transform",
    subject=EmbeddingSubject.of,
    checks=(
        places_each_row,
        agrees_with_the_closed_form,
        leaves_rows_alone,
        keeps_clouds_apart,
        takes_any_order,
        survives_copies,
        same_seed_same_plane,
        options_are_live,
        rows_have_the_entropy_asked_for,
        is_near_its_minimum,
        keeps_neighbours,
    ),
    references=lambda: EMBEDDINGS,
    blind_spots=(
        "How it looks at tens of thousands of rows.",
        "A random method's layout that is merely a little worse than it could be.",
    ),
    sentence="Lost, shuffled or collapsed rows, broken neighbours, wrong objectives, dead options and seeds.",
    is_slow=True,
)
