"""Estimators: classes with fit and predict or transform, scikit-learn's own or merely alike."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.estimators._agreement import agrees_with_reference, is_at_optimum
from firstlight.checks.estimators._basics import fits_and_answers
from firstlight.checks.estimators._bias import bias_is_learnt
from firstlight.checks.estimators._boosting import rate_shrinks_once
from firstlight.checks.estimators._centres import centres_are_means
from firstlight.checks.estimators._descent import objective_goes_down
from firstlight.checks.estimators._evidence import as_good_as_the_reference
from firstlight.checks.estimators._features import constant_columns_are_harmless, every_feature_counts
from firstlight.checks.estimators._forests import draws_features_and_rows
from firstlight.checks.estimators._many_features import survives_many_features
from firstlight.checks.estimators._mixture import mixture_is_a_fixed_point
from firstlight.checks.estimators._networks import bends
from firstlight.checks.estimators._options_live import options_are_live
from firstlight.checks.estimators._probabilities import gives_probabilities
from firstlight.checks.estimators._refit import inputs_are_unchanged, refit_begins_anew
from firstlight.checks.estimators._relabel import labels_are_names
from firstlight.checks.estimators._rows import (
    fit_transform_is_both,
    order_of_rows_is_nothing,
    rows_are_answered_alone,
)
from firstlight.checks.estimators._seeding import begins_as_plus_plus
from firstlight.checks.estimators._seeds import same_seed_same_model
from firstlight.checks.estimators._separable import learns_what_is_far_apart
from firstlight.checks.estimators._subject import EstimatorSubject
from firstlight.checks.estimators._trees import takes_the_best_split
from firstlight.checks.estimators._two_clouds import is_no_worse_than_reference
from firstlight.checks.estimators._weights import weights_are_copies
from firstlight.checks.references.estimators import ESTIMATORS

__all__ = ["KIND"]

KIND = Kind(
    name="estimator",
    what="a class or instance with fit and predict, transform or fit_predict",
    subject=EstimatorSubject.of,
    checks=(
        fits_and_answers,
        agrees_with_reference,
        is_at_optimum,
        takes_the_best_split,
        rate_shrinks_once,
        learns_what_is_far_apart,
        gives_probabilities,
        labels_are_names,
        every_feature_counts,
        constant_columns_are_harmless,
        survives_many_features,
        bias_is_learnt,
        refit_begins_anew,
        inputs_are_unchanged,
        fit_transform_is_both,
        rows_are_answered_alone,
        order_of_rows_is_nothing,
        weights_are_copies,
        same_seed_same_model,
        options_are_live,
        centres_are_means,
        mixture_is_a_fixed_point,
        objective_goes_down,
        bends,
        draws_features_and_rows,
        is_no_worse_than_reference,
        begins_as_plus_plus,
        as_good_as_the_reference,
    ),
    references=lambda: ESTIMATORS,
    blind_spots=(
        "An iterative method that stops a little early or late.",
        "Numbers that only matter at sizes beyond a thousand rows.",
        "Options that are not known by name.",
    ),
    sentence="Other answers than the reference's, mixed-up labels, features or rows, dead options and seeds.",
    is_slow=True,
)
