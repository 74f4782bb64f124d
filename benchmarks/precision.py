"""What makes a step of training quick on this machine: number format and memory layout, for several recipes.

Claim: the precision that `choose_precision` takes, with the layout that the recipe asks for, is no slower
than any other combination, within 5 %. All four combinations run the same steps of the same training in turn.
Run it on an idle machine: ``python -m benchmarks.precision``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from unittest import mock

import torch

import firstlight as fl
from benchmarks._measure import Timing, interleaved, machine, save, summary
from firstlight._seeds import generator
from firstlight.recipes import Recipe, find_recipe
from firstlight.training import Precision, choose_precision, fit
from firstlight.training import _loop as loop_module

RECIPES = ["mlp", "cnn-fast", "cnn", "cnn-best"]
MOST_OVER_QUICKEST = 1.05
LAYOUTS = {True: "channels last", False: "contiguous"}


def steps(recipe: Recipe, images: fl.ImageDataset, precision: Precision) -> Callable[[], None]:
    """Return what trains for one pass over the images with that precision; a new network each time."""

    def run() -> None:
        model = recipe.model(images.image_shape, len(images.classes), generator=generator(0, "weights"))
        with mock.patch.object(loop_module, "choose_precision", return_value=precision):
            for _ in fit(model, images, recipe, seed=0, device="cpu"):
                pass

    return run


def measure(name: str, train: fl.ImageDataset, *, step_count: int, n: int) -> dict[str, Timing]:
    """Time the four combinations for one recipe, in turn."""
    recipe = find_recipe(name)
    if not isinstance(recipe, Recipe):
        raise SystemExit(f"{name} is no network that is trained in steps.")
    images = train[: step_count * recipe.batch_size]
    runs = {
        label(dtype, channels_last): steps(
            replace(recipe, channels_last=channels_last, epochs=1), images, Precision(dtype, "to compare")
        )
        for dtype in (torch.float32, torch.bfloat16)
        for channels_last in LAYOUTS
    }
    return interleaved(runs, n=dict.fromkeys(runs, n))


def label(dtype: torch.dtype, channels_last: bool) -> str:
    """Name a combination."""
    return f"{Precision(dtype, '').name}, {LAYOUTS[channels_last]}"


def chosen(name: str) -> str:
    """Return the combination that training takes by itself."""
    recipe = find_recipe(name)
    return label(choose_precision(torch.device("cpu")).dtype, getattr(recipe, "channels_last", False))


def main() -> int:
    """Measure, print, save; exit with 1 if a choice is beaten by more than 5 %."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipes", nargs="+", default=RECIPES)
    parser.add_argument("--steps", type=int, default=20, help="steps of training in each timed run")
    parser.add_argument("--n", type=int, default=7, help="timed runs of each combination")
    parser.add_argument("--no-save", action="store_true", help="write no results")
    options = parser.parse_args()
    train, _ = fl.load("mnist")
    print(summary("machine", machine()))
    print("precision:", choose_precision(torch.device("cpu")).reason)
    results, ratios = {}, {}
    for name in options.recipes:
        timings = measure(name, train, step_count=options.steps, n=options.n)
        quickest = min(timing.median for timing in timings.values())
        ratios[name] = timings[chosen(name)].median / quickest
        results[name] = {**timings, "chosen": chosen(name)}
        print(summary(f"{name}: {options.steps} steps", timings))
        print(f"  takes {chosen(name)}: {ratios[name]:.2f} times the quickest")
    holds = all(ratio <= MOST_OVER_QUICKEST for ratio in ratios.values())
    print("the claim holds" if holds else "THE CLAIM DOES NOT HOLD (is the machine idle?)")
    if not options.no_save:
        print("written to", save("precision", {**results, "ratios": ratios, "claim_holds": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
