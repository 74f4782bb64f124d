"""Training by scikit-learn: hand it the pixels, take over what it has learnt, look at the test set once."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import numpy as np
import torch
from torch.nn import functional

from firstlight._device import DeviceChoice
from firstlight._errors import UsageError
from firstlight._metrics import accuracy
from firstlight._seeds import check_seed
from firstlight.datasets import ImageDataset
from firstlight.models import EstimatorModel
from firstlight.recipes import EstimatorRecipe
from firstlight.training._events import EpochDone, Event, Started
from firstlight.training._precision import Precision
from firstlight.training._predict import predict_logits
from firstlight.training._run import Run
from firstlight.training._run_record import first_record, tested_run, with_validation

__all__ = ["fit_estimator", "train_estimator"]

LOG = logging.getLogger("firstlight")
CPU = DeviceChoice(torch.device("cpu"), "scikit-learn computes on the CPU")
FLOAT32 = Precision(torch.float32, "what scikit-learn is given")
WATCHED = 1000  # training images that are judged after the fit


def fit_estimator(
    recipe: EstimatorRecipe, images: ImageDataset, *, seed: int = 0
) -> tuple[EstimatorModel, tuple[str, ...]]:
    """Fit a recipe's estimator on all images and return what it has learnt, and its warnings as notes.

    Uses as many threads as torch does; their number never changes the result. Looks at no other images.

    Raises
    ------
    UsageError
        The images are all of one class, or the recipe's model is no `EstimatorModel`.
    """
    if int((images.class_counts() > 0).sum()) < 2:
        raise UsageError(
            f"{recipe.name} learns to tell classes apart and needs images of two at least; "
            f"the {len(images)} of {images.name} ({images.split}) are all of one."
        )
    model = recipe.model(images.image_shape, len(images.classes))
    if not isinstance(model, EstimatorModel):
        raise UsageError(f"{recipe.name}: the model is an EstimatorModel; got a {type(model).__name__}.")
    X, y = images.X_y(dtype=np.float32, scaled=True)  # noqa: N806
    estimator = recipe.make_estimator(seed, jobs=torch.get_num_threads())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator.fit(X, y)
    model.adopt(estimator, mean=images.mean, std=images.std)
    return model, tuple(str(warning.message).split("\n", 1)[0].rstrip(":") for warning in caught)


def train_estimator(
    recipe: EstimatorRecipe,
    images: ImageDataset,
    test: ImageDataset,
    *,
    seed: int = 0,
    on_event: Callable[[Event], None] | None = None,
    validation: ImageDataset | None = None,
) -> Run:
    """Fit a recipe's estimator and look at the test set once.

    The one entry of the run's history judges the first 1,000 training images after the fit, not while
    learning: a forest knows its own training images by heart.

    Parameters
    ----------
    recipe
        Which estimator, with which settings.
    images, test
        What it learns from, and what it is tested on.
    seed
        The estimator's ``random_state``, where it has one.
    on_event
        Called with `Started` before the fit and `EpochDone` after it.
    validation
        Held-out images to be judged after the fit; never learnt from.

    Returns
    -------
    Run
        Its ``model`` holds what was learnt as plain tensors and needs scikit-learn no more.

    Raises
    ------
    UsageError
        The training images are all of one class.
    """
    tell = on_event or (lambda _: None)
    record = first_record(recipe, images, test, check_seed(seed), validation=validation)
    tell(Started(1, 0, CPU, FLOAT32))
    started = perf_counter()
    model, notes = fit_estimator(recipe, images, seed=seed)
    seconds = perf_counter() - started
    for note in notes:
        LOG.warning("%s on %s, seed %d: %s", recipe.name, images.name, seed, note)
    held_out = None if validation is None else predict_logits(model, validation, precision=FLOAT32)
    done = _judged(model, images, seconds=seconds)
    if validation is not None and held_out is not None:
        done = replace(done, validation_accuracy=accuracy(held_out, validation.labels))
    tell(done)
    record = replace(
        record,
        device=str(CPU.device),
        device_reason=CPU.reason,
        precision=FLOAT32.name,
        precision_reason=FLOAT32.reason,
        threads=torch.get_num_threads(),
        parameters=model.learnt_numbers,
        step=1,
        steps=1,
        epochs=1.0,
        train_seconds=seconds,
        history=(done,),
    )
    return with_validation(tested_run(model, record, test, precision=FLOAT32), held_out, validation)


def _judged(model: EstimatorModel, images: ImageDataset, *, seconds: float) -> EpochDone:
    watched = images[:WATCHED]
    answers = predict_logits(model, watched, precision=FLOAT32)
    loss = float(functional.nll_loss(answers, watched.labels))
    return EpochDone(1.0, 1, loss, accuracy(answers, watched.labels), None, seconds)
