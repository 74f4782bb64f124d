"""A network of a person's own: imported, made, and tried before anything is drawn."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from firstlight._errors import TargetError, UnknownNameError
from firstlight.checks._target import load_object
from firstlight.datasets import dataset_statistics, load
from firstlight.prediction import Reader

__all__ = ["own_reader"]

DIGIT_SHAPE = (1, 28, 28)


def own_reader(name: str, dataset: str) -> Reader:
    """Return a reader around a person's own network.

    Does not load weights: what makes the network has to.

    Parameters
    ----------
    name
        ``path/file.py:name`` or ``package.module:name``, of a torch module or of what makes one.
    dataset
        Whose classes it tells apart, and whose mean and standard deviation its images are normalised with.

    Raises
    ------
    TargetError
        It cannot be imported or made, is no network, raises on two black images, or does not answer them
        with a finite number for each class.
    """
    model = _made(load_object(name), name)
    classes, mean, std = _facts(dataset)
    _try(model, name, len(classes))
    return Reader(name=name, model=model, classes=classes, dataset=dataset, mean=mean, std=std)


def _made(found: Any, name: str) -> nn.Module:
    if not isinstance(found, nn.Module):
        if not callable(found):
            raise TargetError(f"{name} is a {type(found).__name__}, no network: a torch module is needed.")
        try:
            found = found()
        except Exception as error:
            raise TargetError(
                f"{name}() raises {type(error).__name__}: {error}. It is called without arguments; write a "
                "function that makes the network and loads its weights, and name that."
            ) from error
    if not isinstance(found, nn.Module):
        raise TargetError(f"{name}() returned a {type(found).__name__}; a torch module is needed.")
    return found.cpu().eval()


def _facts(dataset: str) -> tuple[tuple[str, ...], float, float]:
    try:
        known = dataset_statistics(dataset)
    except UnknownNameError:
        known = None
    train = load(dataset)[0]
    if train.image_shape != DIGIT_SHAPE:
        raise TargetError(f"The pad draws images of {list(DIGIT_SHAPE)}; {dataset} has {train.image_shape}.")
    statistics = known or train
    return train.classes, float(statistics.mean[0]), float(statistics.std[0])


def _try(model: nn.Module, name: str, classes: int) -> None:
    """Ask about two black images; what is wrong with a network mostly shows at once."""
    wanted = f"[2, {classes}] for images of [2, 1, 28, 28]"
    try:
        with torch.inference_mode():
            logits = model(torch.zeros(2, *DIGIT_SHAPE))
    except Exception as error:
        raise TargetError(
            f"{name} raises {type(error).__name__} on two images of [1, 28, 28]: {error}"
        ) from error
    if not isinstance(logits, torch.Tensor) or tuple(logits.shape) != (2, classes):
        got = list(logits.shape) if isinstance(logits, torch.Tensor) else type(logits).__name__
        raise TargetError(f"{name} has to return logits {wanted}; got {got}.")
