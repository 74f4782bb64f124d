"""The vocabulary of causes: every failed check names one of these families, and no other word.

The table in docs/check.md is held against this one by a test.
"""

from __future__ import annotations

__all__ = ["FAMILIES", "checked_family"]

FAMILIES: dict[str, str] = {
    "sign": "Steps, gradients or terms have the wrong sign.",
    "bias-correction": "Running averages that start at zero are not corrected for it, or wrongly.",
    "epsilon": "The small constant stands in the wrong place, is added twice or is not used.",
    "weight-decay": "Weights shrink by a wrong amount, at a wrong time, or by another rule than declared.",
    "rate-scale": "Steps differ from the right ones by a factor: the learning rate is not what it says.",
    "momentum": "The running average of gradients is formed, looked ahead from or used wrongly.",
    "state": "What should be kept from step to step is lost, shared or formed wrongly.",
    "aliasing": "Two things share one memory: writing one changes the other, or an input is changed.",
    "parameter-groups": "Options or states of one parameter group are used for another.",
    "resume": "A saved and loaded state does not continue as the uninterrupted one does.",
    "shape": "Some shapes, layouts or dtypes are handled wrongly.",
    "schedule": "The learning rate at a step is not what the schedule says.",
    "clipping": "Gradients are clipped by another norm, at another place or not at all.",
    "forward": "Outputs are not those of the formula.",
    "backward": "Gradients are not the derivatives of the outputs.",
    "registration": "The module does not know its weights or buffers, or shares them by mistake.",
    "train-eval-mode": "Training and evaluation mode are mixed up or not told apart.",
    "batch-mixing": "Rows of a batch influence each other.",
    "running-statistics": "Running mean and variance are not kept as declared.",
    "dropout-scaling": "Units are dropped at another rate than declared, or not scaled to make up for it.",
    "initialisation": "Weights do not begin with the declared distribution.",
    "reduction": "Losses are summed or averaged over the wrong axes.",
    "softmax": "The softmax is missing, taken twice or over the wrong axis.",
    "smoothing": "Label smoothing is off by a factor or applied where it should not be.",
    "numerical-stability": "Large, small or equal inputs give infinite, undefined or inexact numbers.",
    "labels": "Labels are shifted, shuffled, mixed up or partly wrong.",
    "order": "The order of rows, classes or images is not kept, or not changed where it should be.",
    "leakage": "Test images or labels take part in training, or are chosen by.",
    "preprocessing": "Pixels are scaled, normalised, turned or cast wrongly.",
    "augmentation": "Random changes harm the label, repeat themselves, or are made at the wrong time.",
    "gradient-reset": "Gradients of earlier steps are still there.",
    "accumulation": "Gradients of several small batches do not add up to those of the large one.",
    "evaluation-count": "Not each image is counted exactly once.",
    "evaluation-metric": "The number is not the accuracy of the predictions.",
    "determinism": "The same seed gives different results, or different seeds the same.",
    "objective": "What is minimised is not what is declared, or it does not go down.",
    "distance": "Distances or neighbours are computed wrongly.",
    "sample-weight": "Weights of samples do not count as copies of them would.",
    "capacity": "It cannot learn what it should be able to learn.",
    "ignored-option": "An option is accepted and changes nothing.",
}


def checked_family(name: str) -> str:
    """Return a family's name; our own mistake if there is none of it.

    Examples
    --------
    >>> checked_family("sign")
    'sign'
    """
    assert name in FAMILIES, f"{name!r} is no family; add it to FAMILIES or take one of them"
    return name
