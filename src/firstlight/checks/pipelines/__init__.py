"""Data pipelines: functions of ``train`` that return batches of (images, labels)."""

from __future__ import annotations

from firstlight.checks._definition import Kind
from firstlight.checks.pipelines._classes import classes_are_there
from firstlight.checks.pipelines._coverage import each_image_once
from firstlight.checks.pipelines._delivery import delivers_batches
from firstlight.checks.pipelines._finite import pixels_are_numbers
from firstlight.checks.pipelines._known import images_are_known
from firstlight.checks.pipelines._label_check import labels_have_form
from firstlight.checks.pipelines._labels import images_keep_labels
from firstlight.checks.pipelines._leakage import splits_are_apart
from firstlight.checks.pipelines._order import order_changes
from firstlight.checks.pipelines._place import pictures_lie_right
from firstlight.checks.pipelines._scale import grey_values_are_right
from firstlight.checks.pipelines._subject import PipelineSubject
from firstlight.checks.pipelines._twice import evaluation_holds_still
from firstlight.checks.pipelines._variation import variation_is_right

__all__ = ["KIND"]

KIND = Kind(
    name="data",
    what="a function (train: bool) -> iterable of (images, labels) batches, or an object with both splits",
    subject=PipelineSubject,
    checks=(
        delivers_batches,
        pixels_are_numbers,
        labels_have_form,
        images_are_known,
        images_keep_labels,
        each_image_once,
        splits_are_apart,
        classes_are_there,
        pictures_lie_right,
        grey_values_are_right,
        order_changes,
        evaluation_holds_still,
        variation_is_right,
    ),
    references=lambda: (),
    blind_spots=(
        "Whether a subset was meant.",
        "Images of a data set that is not at hand.",
        "How often strongly varied images come, and single wrong labels among them.",
    ),
    sentence="One wrong label, one image too many, one test image in training, one split "
    "turned or scaled otherwise.",
    is_slow=True,
)
