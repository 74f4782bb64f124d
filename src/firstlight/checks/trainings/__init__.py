"""Training functions: ``train(images, labels, seed) -> predict``."""

from __future__ import annotations

from collections.abc import Iterable

from firstlight.checks._definition import Kind
from firstlight.checks.trainings._accumulation import gradients_add_up
from firstlight.checks.trainings._blank import blank_teaches_nothing
from firstlight.checks.trainings._coverage import all_images_used, halves_count
from firstlight.checks.trainings._feeding import labels_of_images, same_preprocessing
from firstlight.checks.trainings._learning import as_known_good, given_labels_only, learns
from firstlight.checks.trainings._loop import (
    clipped_before,
    finite_and_falling,
    fresh_gradients,
    learning_rates,
    loss_gets_logits,
    modes,
    right_parameters,
)
from firstlight.checks.trainings._options import options_count
from firstlight.checks.trainings._predicting import a_label_each, image_for_itself, inputs_unchanged
from firstlight.checks.trainings._seeds import orders_differ, reseeding, same_seed
from firstlight.checks.trainings._subject import TrainSubject

__all__ = ["KIND"]


def _references() -> Iterable[str]:
    from firstlight.evaluation import bands

    return tuple(dict.fromkeys(one.algorithm for one in bands(dataset="mnist")))


KIND = Kind(
    name="train",
    what="a function (images uint8 [n, 28, 28], labels [n], seed) -> predict function(images) -> labels",
    subject=TrainSubject.of,
    checks=(
        a_label_each,
        fresh_gradients,
        right_parameters,
        loss_gets_logits,
        clipped_before,
        gradients_add_up,
        labels_of_images,
        same_preprocessing,
        inputs_unchanged,
        same_seed,
        image_for_itself,
        modes,
        learning_rates,
        reseeding,
        orders_differ,
        options_count,
        blank_teaches_nothing,
        finite_and_falling,
        given_labels_only,
        learns,
        all_images_used,
        halves_count,
        as_known_good,
    ),
    references=_references,
    blind_spots=(
        "Settings that are worse than they could be.",
        "A slightly lower accuracy, unless --like names an algorithm whose band is known.",
        "The steps of a loop that does not use torch: there, only what comes out is seen.",
    ),
    sentence="Kept gradients, lost weights, mixed-up labels or modes, other preprocessing, a leak.",
    is_slow=True,
)
