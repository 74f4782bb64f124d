"""Whether torch.compile pays for a training on this machine, its start-up counted.

No claim, a question: from how many seconds of training on does compiling win? A recipe's network is trained
in steps, compiled and not, in turn, in a process of its own; the first compiled steps are the start-up. Then
once more, with the code that the first process left on the disk. On a CPU torch.compile needs a C++ compiler.
Run it on an idle machine: ``python -m benchmarks.compile``. GPUs were not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

import firstlight as fl
from benchmarks._measure import interleaved, machine, save, summary
from firstlight._device import choose_device
from firstlight._seeds import generator
from firstlight.recipes import Recipe, find_recipe
from firstlight.training import choose_precision
from firstlight.training._memory import keep_freed_memory
from firstlight.training._optimizer import make_optimizer
from firstlight.training._precision import autocast


def stepper(recipe: Recipe, train: fl.ImageDataset, *, compiled: bool, count: int) -> Callable[[], None]:
    """Return what trains a network of the recipe for ``count`` steps more; nothing is compiled yet."""
    device = choose_device().device
    keep_freed_memory()
    precision = choose_precision(device)
    made = recipe.model(train.image_shape, len(train.classes), generator=generator(0, "weights"))
    network = made.to(device).train()
    if recipe.channels_last:
        network.to(memory_format=torch.channels_last)
    model: nn.Module = torch.compile(network, dynamic=False) if compiled else network
    optimizer = make_optimizer(network, recipe.optimizer)
    loader = fl.batches(
        train, recipe.batch_size, shuffle=True, dtype=precision.dtype, device=device, drop_last=True
    )
    forever = _forever(loader)

    def run() -> None:
        for _ in range(count):
            images, labels = next(forever)
            with autocast(device, precision):
                loss = functional.cross_entropy(model(images).float(), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step(0.1)
        loss.item()  # a GPU has to be waited for

    return run


def _forever(loader: fl.Batches) -> Iterator[tuple[Tensor, Tensor]]:
    while True:
        yield from loader


def measure(recipe: Recipe, *, count: int, n: int) -> dict[str, Any]:
    """Time start-up and steps, compiled and not; say when compiling breaks even."""
    train, _ = fl.load(recipe.claims[0].dataset if recipe.claims else "mnist")
    start_up = {}
    runs = {}
    for name, compiled in {"eager": False, "compiled": True}.items():
        started = time.perf_counter()
        runs[name] = stepper(recipe, train, compiled=compiled, count=count)
        runs[name]()
        start_up[name] = time.perf_counter() - started
    timings = interleaved(runs, n=dict.fromkeys(runs, n))
    ratio = timings["compiled"].median / timings["eager"].median
    extra = start_up["compiled"] - start_up["eager"]
    return {
        "steps_seconds": {name: timing.median for name, timing in timings.items()},
        "first_steps_seconds": start_up,
        "compiled_over_eager": ratio,
        "break_even_eager_seconds": extra / (1 - ratio) if ratio < 1 else None,
    }


def child(name: str, options: argparse.Namespace, cache: str) -> dict[str, Any]:
    """Measure in a fresh process, whose compiler keeps its code in that folder."""
    command = [sys.executable, "-m", "benchmarks.compile", "--child", "--recipes", name]
    command += ["--steps", str(options.steps), "--n", str(options.n)]
    environment = {**os.environ, "TORCHINDUCTOR_CACHE_DIR": cache}
    run = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return result


def verdict(recipe: Recipe, seconds: float | None) -> str:
    """Say from when on compiling pays."""
    if seconds is None:
        return "never: its steps are no quicker"
    own = f" (the recipe takes {recipe.claims[0].train_seconds:.1f} s)" if recipe.claims else ""
    return f"from {seconds:.0f} s of training on{own}"


def network_recipe(name: str) -> Recipe:
    """Return the recipe, if it is of a network that is trained in steps."""
    recipe = find_recipe(name)
    if not isinstance(recipe, Recipe):
        raise SystemExit(f"{name} is no network that is trained in steps.")
    return recipe


def main() -> int:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipes", nargs="+", default=["cnn-fast", "cnn"])
    parser.add_argument("--steps", type=int, default=10, help="steps of training in each timed run")
    parser.add_argument("--n", type=int, default=10, help="timed runs of each")
    parser.add_argument("--no-save", action="store_true", help="write no results")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    recipes = [network_recipe(name) for name in options.recipes]
    if options.child:
        print(json.dumps(measure(recipes[0], count=options.steps, n=options.n)))
        return 0
    print(summary("machine", machine()))
    everything = {}
    for recipe in recipes:
        with tempfile.TemporaryDirectory() as cache:
            results = {state: child(recipe.name, options, cache) for state in ("cold", "warm")}
        everything[recipe.name] = results
        rows = {f"steps, {name}": f"{t:.3f} s" for name, t in results["warm"]["steps_seconds"].items()}
        for state, result in results.items():
            rows[f"first steps, compiled, {state}"] = f"{result['first_steps_seconds']['compiled']:.1f} s"
            rows[f"compiling pays, {state}"] = verdict(recipe, result["break_even_eager_seconds"])
        print(summary(f"{recipe.name}: {options.steps} steps", rows))
    if not options.no_save:
        print("written to", save("compile", everything))
    return 0


if __name__ == "__main__":
    sys.exit(main())
