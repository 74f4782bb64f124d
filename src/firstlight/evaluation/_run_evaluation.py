"""One run on its test set, with what only a run can tell: disputed labels, and probabilities made honest."""

from __future__ import annotations

from dataclasses import replace

from jaxtyping import Float, Int64
from torch import Tensor

from firstlight._errors import UsageError
from firstlight.datasets import ImageDataset, canonical_indices
from firstlight.evaluation._disputed import label_agreement
from firstlight.evaluation._evaluation import Evaluation, evaluate
from firstlight.evaluation._rescaling import Rescaling, rescale
from firstlight.training import Run, predict_logits

__all__ = ["evaluate_run"]


def evaluate_run(run: Run, train: ImageDataset, test: ImageDataset) -> Evaluation:
    """Judge a run by the predictions on the test set that it kept.

    Looks at no test image again. Where the run held out the canonical validation images and kept no logits
    for them, they are computed with its model.

    Parameters
    ----------
    run
        A finished one.
    train, test
        The data set it was trained on, as `load` gives it: ``train`` whole, not the part that was learnt.

    Returns
    -------
    Evaluation
        With ``disputed`` where people looked at the labels, and with ``rescaling``.

    Raises
    ------
    UsageError
        The run has no test predictions, or these are not its images.

    Examples
    --------
    >>> import firstlight as fl
    >>> pair = fl.load("mnist")
    >>> evaluation = evaluate_run(fl.train("mlp-fast", dataset=pair, epochs=0.2), *pair)
    >>> len(evaluation.disputed.images)
    15
    >>> evaluation.rescaling.reason[:54]
    'It learnt from every training image, so that none is l'
    """
    if run.test_logits is None:
        raise UsageError(
            f"{run.folder or 'The run'} was {run.record.status} before it looked at the test set: "
            "there is nothing to judge. Train it to the end."
        )
    return replace(
        evaluate(run.test_logits, test.labels),
        disputed=label_agreement(run.test_logits, test),
        rescaling=_rescaling(run, run.test_logits, train, test),
    )


def _rescaling(run: Run, logits: Float[Tensor, "n k"], train: ImageDataset, test: ImageDataset) -> Rescaling:
    if not run.record.validation_count:
        return Rescaling(
            reason="It learnt from every training image, so that none is left to fit a temperature on: "
            "those it has seen say nothing about others. Train with --validate (in Python validate=True)."
        )
    held_out = _held_out(run, train)
    if held_out is None:
        return Rescaling(
            reason=f"It held out {run.record.validation_count:,} images which are not the canonical "
            f"validation part of these {len(train):,}. Give the data that it was trained on."
        )
    return rescale(logits, test.labels, held_out=held_out)


def _held_out(run: Run, train: ImageDataset) -> tuple[Float[Tensor, "m k"], Int64[Tensor, " m"]] | None:
    """Return logits and labels of the validation images; ``None`` where these are not the run's images."""
    _, places = canonical_indices(train.labels)
    if len(places) != run.record.validation_count or len(train) - len(places) != run.record.train_count:
        return None
    logits = run.validation_logits
    if logits is None:  # kept by an older firstlight
        logits = predict_logits(run.model, train.subset(places), precision=run.precision)
    return logits, train.labels[places]
