"""Which networks judge the images, and for how long they learn."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from firstlight.datasets import ImageDataset
from firstlight.models import ConvNet, ConvStage
from firstlight.recipes import Recipe, adjusted
from firstlight.recipes._cifar_small import CIFAR_SMALL_RECIPE
from firstlight.recipes._cnn_fast import CNN_FAST_RECIPE
from firstlight.recipes._lenet5 import LENET5_RECIPE
from firstlight.recipes._mlp import MLP_RECIPE

__all__ = ["judging_panel", "judging_recipe"]

LEAST_STEPS = 300
LEAST_SIDE = 20  # of which the three stages leave something, with blocks of 2 x 2 pixels
AIRBENCH_SIDE = 16
# Networks of other kinds err on other images. Chosen by where the 20 images of MNIST's train split that C.
# Northcutt picked by hand stand in the ranking: mean logarithm of the rank 3.64 with the panel, 3.83 with
# three of `cnn-fast`.
PANEL = (CNN_FAST_RECIPE, MLP_RECIPE, CNN_FAST_RECIPE, LENET5_RECIPE, CNN_FAST_RECIPE)


def judging_panel(data: ImageDataset, learns: int) -> tuple[Recipe, ...]:
    """Return the recipes that take turns where each network judges all images, those of a test split.

    Grey images of 28 x 28 and many of them get networks of three kinds, all others those of `judging_recipe`.

    Examples
    --------
    >>> import firstlight as fl
    >>> [recipe.name for recipe in judging_panel(fl.load("mnist")[0], 60_000)]
    ['cnn-fast', 'mlp', 'cnn-fast', 'lenet5', 'cnn-fast']
    """
    recipe = judging_recipe(data, learns)
    return PANEL if recipe is CNN_FAST_RECIPE and data.image_shape == (1, 28, 28) else (recipe,)


def judging_recipe(data: ImageDataset, learns: int) -> Recipe:
    """Return the recipe of the networks that judge images such as these.

    Grey images get `cnn-fast`, coloured ones `cifar-small`. Few images are looked at more often and in
    smaller batches, so that no network takes fewer than 300 steps. Odd sides and small images get the same
    network at full resolution, without its blocks of 2 x 2 pixels.

    Parameters
    ----------
    data
        The images; only their shape counts.
    learns
        How many of them each network learns from.

    Examples
    --------
    >>> import firstlight as fl
    >>> judging_recipe(fl.load("mnist")[0], 48_000).name
    'cnn-fast'
    """
    channels, height, width = data.image_shape
    if channels == 3 and min(height, width) >= AIRBENCH_SIDE:
        return _long_enough(CIFAR_SMALL_RECIPE, learns)
    recipe = CNN_FAST_RECIPE
    if height % 2 or width % 2 or min(height, width) < LEAST_SIDE:
        stages = (ConvStage(16, padding=1), ConvStage(32, padding=1), ConvStage(64, padding=1))
        recipe = replace(recipe, model=partial(ConvNet, stages=stages, blocks=False), claims=())
    return _long_enough(recipe, learns)


def _long_enough(recipe: Recipe, images: int) -> Recipe:
    batch_size = min(recipe.batch_size, max(16, images // 20))
    least = LEAST_STEPS * batch_size / images
    if batch_size == recipe.batch_size and recipe.epochs >= least:
        return recipe
    return adjusted(recipe, epochs=max(recipe.epochs, least), batch_size=batch_size)
