"""Models: networks that give ten logits for an image."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.models._beginning import first_loss, units_differ
from firstlight.checks.models._gradients import gradients_are_derivatives
from firstlight.checks.models._learning import as_good_as_reference, learns_from_digits
from firstlight.checks.models._modes import running_statistics, still_in_evaluation
from firstlight.checks.models._nonlinear import not_affine
from firstlight.checks.models._output import really_logits, shape_of_logits
from firstlight.checks.models._overfit import learns_by_heart
from firstlight.checks.models._references import NETWORKS
from firstlight.checks.models._registration import all_registered, saved_and_loaded, shared_layers
from firstlight.checks.models._rows import order_and_number, rows_apart
from firstlight.checks.models._subject import ModelSubject

__all__ = ["KIND"]

KIND = Kind(
    name="model",
    what="an nn.Module class, a function that returns one, or an instance: [n, 1, 28, 28] -> logits [n, 10]",
    subject=ModelSubject.of,
    checks=(
        shape_of_logits,
        really_logits,
        rows_apart,
        order_and_number,
        still_in_evaluation,
        running_statistics,
        all_registered,
        saved_and_loaded,
        shared_layers,
        gradients_are_derivatives,
        not_affine,
        first_loss,
        units_differ,
        learns_by_heart,
        learns_from_digits,
        as_good_as_reference,
    ),
    references=lambda: NETWORKS,
    blind_spots=(
        "Whether its layers are those of a paper: only --like with a network of the same weights can say.",
        "What shows only after long training.",
    ),
    sentence="Weights that are not trained, images that mix, modes that are confused, a cut gradient.",
    is_slow=True,
)
