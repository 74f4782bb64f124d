"""The record of An et al. 2020 (arXiv 2008.10400), judged twice: by the paper's protocol, and honestly.

Trains ``--nets`` networks of each kind, M3, M5 and M7, as the recipes of those names say. After every epoch
the averaged weights are asked about the test images; what each network said after its last epoch, and after
the epoch that was best ON THE TEST SET, is kept. From that follow

- ``selected on the test set``, the paper's protocol: the best epoch of each network, then the best of all
  votes of three networks, and of all votes of three such votes. These are maxima over choices made by looking
  at the answers; they say what was found once, not what another test set would give.
- ``honest``: last epochs, and means over ensembles whose members were not chosen.

Everything runs in one process. A network that is finished is kept in ``--out``, and the same command goes on
after it. ``python records/2026-11-22_paper-ensemble/script.py --help``
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Bool, Int64
from safetensors.torch import load_file, save_file
from torch import Tensor

import firstlight as fl
from firstlight._machine import machine_facts, software_versions
from firstlight._seeds import derived_seed, generator
from firstlight.evaluation import summarise_seeds
from firstlight.recipes import Recipe, adjusted, find_recipe
from firstlight.training import EpochDone, Started, fit

KINDS = ("m3", "m5", "m7")
TEST_IMAGES = 10_000

Wrong = Bool[Tensor, "n images"]
Mistakes = dict[str, Wrong]


@dataclass(frozen=True)
class Net:
    """What one network said of the test images, and how it got there.

    Attributes
    ----------
    last, best
        The class it gave to each test image, uint8: after its last epoch, and after the first of the epochs
        with most right answers on the test set.
    correct
        Right answers on the test set after each epoch.
    seconds
        Training time.
    """

    last: Tensor
    best: Tensor
    correct: tuple[int, ...]
    seconds: float


def trained(
    recipe: Recipe, train: fl.ImageDataset, test: fl.ImageDataset, seed: int, device: str | None
) -> Net:
    """Train one network and look at the test set after each epoch: so does the paper, never the library."""
    model = recipe.model(train.image_shape, len(train.classes), generator=generator(seed, "weights"))
    correct: list[int] = []
    best = last = torch.zeros(0, dtype=torch.uint8)
    state, seconds = None, 0.0
    for event in fit(model, train, recipe, seed=seed, device=device, validation=test):
        if isinstance(event, Started):
            state = event.state
        elif isinstance(event, EpochDone):
            last = state.validation_logits.argmax(dim=1).to(torch.uint8)
            right = int((last == test.labels).sum())
            if right > max(correct, default=-1):
                best = last
            correct.append(right)
            seconds = event.seconds
    return Net(last, best, tuple(correct), seconds)


def kept(place: Path) -> Net | None:
    """Return a network that an earlier run of this script finished."""
    if not place.exists():
        return None
    said = load_file(place)
    history = json.loads(place.with_suffix(".json").read_text())
    return Net(said["last"], said["best"], tuple(history["correct"]), history["seconds"])


def keep(net: Net, place: Path) -> None:
    """Write what a network said; the predictions last, so that where they are the network is whole."""
    history = {"correct": net.correct, "seconds": net.seconds}
    place.with_suffix(".json").write_text(json.dumps(history) + "\n")
    # Where the last epoch is the best one, both are one tensor, which the format does not take.
    save_file({"last": net.last, "best": net.best.clone()}, place.with_suffix(".part"))
    place.with_suffix(".part").rename(place)


def vote(wrong: Bool[Tensor, "three ... images"]) -> Bool[Tensor, "... images"]:
    """Return which images a vote of three gets wrong: in the paper's count, those that two of them do."""
    return wrong.sum(dim=0) >= 2


def votes_of_a_kind(wrong: Wrong) -> Wrong:
    """Return the mistakes of every vote of three networks of one kind."""
    triples = torch.tensor(list(combinations(range(len(wrong)), 3)), dtype=torch.int64).view(-1, 3)
    return vote(wrong[triples.T])


def count_votes(a: Wrong, b: Wrong, c: Wrong) -> Int64[Tensor, "a b c"]:
    """Return how many images every vote of one of each gets wrong."""
    seen = (a.any(0) | b.any(0) | c.any(0)).nonzero()[:, 0]  # the others are right in every vote
    a, b, c = (wrong[:, seen].double() for wrong in (a, b, c))
    # Wrong where both are, and where one of them and the third is.
    counts = [(row * b).sum(1)[:, None] + (row + b - 2 * row * b) @ c.T for row in a]
    return torch.stack(counts).round().long()


def selected(wrong: Mistakes) -> dict[str, Any]:
    """Return the paper's figures: maxima over choices made on the test set."""
    of_three = count_votes(*wrong.values())
    found = {"single": best_of(wrong), "three votes": best(of_three), "choices of three": of_three.numel()}
    of_a_kind = {kind: votes_of_a_kind(each) for kind, each in wrong.items()}
    if not all(map(len, of_a_kind.values())):
        return found
    of_nine = count_votes(*of_a_kind.values())
    nine = {"nine votes": best(of_nine), "choices of nine": of_nine.numel()}
    return found | {"three of a kind": best_of(of_a_kind)} | nine


def best(mistakes: Tensor) -> float:
    """Return the accuracy of the choice with fewest mistakes."""
    return 1 - int(mistakes.min()) / TEST_IMAGES


def best_of(wrong: Mistakes) -> dict[str, float]:
    """Return the accuracy of the best of each kind."""
    return {kind: best(each.sum(dim=1)) for kind, each in wrong.items()}


def honest(wrong: Mistakes) -> dict[str, Any]:
    """Return means over networks, and over ensembles of three networks and of nine.

    ``apart`` are the ensembles that share no network, in the order of training; only they give an interval.
    The mean over all ensembles that could be formed is the same on average, and steadier.
    """
    found: dict[str, Any] = {
        "single": {kind: str(summarise_seeds(scores(each))) for kind, each in wrong.items()}
    }
    found["three votes"] = means(wrong, vote(torch.stack(list(wrong.values()))))
    if groups := len(wrong["m3"]) // 3:
        threes = [each[: 3 * groups].view(groups, 3, -1).transpose(0, 1) for each in wrong.values()]
        apart = vote(torch.stack([vote(each) for each in threes]))
        found["nine votes"] = means({kind: votes_of_a_kind(each) for kind, each in wrong.items()}, apart)
    return found


def means(wrong: Mistakes, apart: Wrong) -> dict[str, Any]:
    """Return the mean accuracy of votes of one of each kind: of those apart, and of all."""
    every = count_votes(*wrong.values()).double().mean().item()
    return {"apart": str(summarise_seeds(scores(apart))), "mean of all": 1 - every / TEST_IMAGES}


def scores(wrong: Wrong) -> list[float]:
    """Return the accuracy of each."""
    return [1 - count / TEST_IMAGES for count in wrong.sum(dim=1).tolist()]


def all_nets(
    options: argparse.Namespace, train: fl.ImageDataset, test: fl.ImageDataset
) -> dict[str, list[Net]]:
    """Train every network that is not kept yet; number 0 of each kind first."""
    nets: dict[str, list[Net]] = {kind: [] for kind in KINDS}
    for number, kind in product(range(options.nets), KINDS):
        recipe = adjusted(find_recipe(kind), epochs=options.epochs)
        name = f"{kind}-{number:02}-seed-{options.seed}-{recipe.epochs:g}-epochs-{len(train)}-images"
        place = options.out / f"{name}.safetensors"
        net = kept(place)
        if net is None:
            seed = derived_seed(options.seed, kind, number)
            net = trained(recipe, train, test, seed, options.device)
            keep(net, place)
        nets[kind].append(net)
        print(f"{name}: {net.correct[-1]} right, at best {max(net.correct)}, {net.seconds:.0f} s", flush=True)
    return nets


def report(nets: dict[str, list[Net]], test: fl.ImageDataset) -> dict[str, Any]:
    """Return both judgements."""
    best = {kind: torch.stack([net.best for net in each]) != test.labels for kind, each in nets.items()}
    last = {kind: torch.stack([net.last for net in each]) != test.labels for kind, each in nets.items()}
    return {
        "selected on the test set": selected(best),
        "honest": honest(last),
        "train seconds": {kind: statistics.fmean(net.seconds for net in each) for kind, each in nets.items()},
    }


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Train what is not trained yet, report, and write the report down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nets", type=int, default=10, help="networks of each kind; the paper votes with 10")
    parser.add_argument("--epochs", type=float, help="instead of the paper's 150")
    parser.add_argument("--subset", type=int, help="learn from the first so many images only, for a trial")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device")
    parser.add_argument("--out", type=Path, default=Path("paper-ensemble"), help="where networks are kept")
    options = parser.parse_args(arguments)

    train, test = fl.load("mnist")
    train = train[: options.subset] if options.subset else train
    options.out.mkdir(parents=True, exist_ok=True)
    nets = all_nets(options, train, test)
    result = {
        "schema": 1,
        "nets of each kind": options.nets,
        "epochs": len(nets["m3"][0].correct),
        "train images": len(train),
        **report(nets, test),
        "versions": software_versions(),
        "machine": machine_facts(),
    }
    text = json.dumps(result, indent=1)
    (options.out / "result.json").write_text(text + "\n")
    print(text)
    return result


if __name__ == "__main__":
    main(sys.argv[1:])
