"""Make the network that comes with firstlight: train it, fit its temperature, test it once, write its files.

1. Recipe ``cnn`` learns from the canonical 55,000 training images of MNIST, with seed 0. The seed was fixed
   beforehand; one network is trained, and that one is shipped.
2. The temperature is fitted on the other 5,000, the validation split, in float32, as `fl.predict` computes.
   The weights are those of step 1: a network trained on all 60,000 would be a little better, but nothing
   would be left to calibrate it on.
3. The files are written, loaded again, and the network they hold answers the 10,000 test images once.

``python records/2026-11-22_pretrained-cnn/make.py`` trains and writes; with ``--check`` it only loads what is
shipped, and ends with 1 unless it does what its record says.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn

import firstlight as fl
from firstlight._atomic import write_file
from firstlight._machine import machine_facts, software_versions
from firstlight.evaluation import calibration, evaluate, fit_temperature
from firstlight.models import ConvNet, Pretrained, load_pretrained, pretrained_files
from firstlight.recipes import adjusted, find_recipe
from firstlight.training import EpochDone, predict_logits

HERE = Path(__file__).parent
NAME = "cnn"
SEED = 0
LARGEST_BYTES = 1_000_000
PROOF = "test-answers.safetensors"


def make(folder: Path, *, epochs: float | None = None) -> None:
    """Train, calibrate, test and write."""
    train, test = fl.load("mnist")
    recipe = adjusted(find_recipe(NAME), epochs=epochs)
    run = fl.train(recipe, dataset=(train, test), seed=SEED, validate=True, on_event=_say)
    _, validation = train.canonical_split()

    logits = predict_logits(run.model, validation)
    temperature = fit_temperature(logits, validation.labels)
    record = {
        "schema": 1,
        "recipe": NAME,
        "seed": SEED,
        "settings": recipe.settings,
        "network": _network(run.model),
        "parameters": run.record.parameters,
        "image_shape": list(run.record.image_shape),
        "dataset": train.name,
        "classes": list(train.classes),
        "mean": list(train.mean),
        "std": list(train.std),
        "train_count": run.record.train_count,
        "train_seconds": run.train_seconds,
        "validation_count": len(validation),
        "validation_accuracy": evaluate(logits, validation.labels).accuracy,
        "temperature": temperature.value,
        "validation_nll": {"before": temperature.nll_before, "after": temperature.nll_after},
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "machine": machine_facts(),
        "versions": software_versions(),
        # By hash, not by place: where the files lay on that machine is nobody's business.
        "data": [{key: file[key] for key in ("file", "sha256")} for file in run.record.data],
        "made_by": f"records/{HERE.name}/make.py",
    }
    weights, described = pretrained_files(NAME, folder=folder)
    content = save({name: value.contiguous() for name, value in run.model.state_dict().items()})
    assert len(content) <= LARGEST_BYTES, "the network is too large to be shipped in float32"
    write_file(weights, content)
    record["sha256"] = hashlib.sha256(content).hexdigest()
    write_file(described, json.dumps(record, indent=1) + "\n")

    answers = predict_logits(load_pretrained(NAME, folder=folder).model, test)
    record |= _scores(answers, test.labels, temperature.value)
    write_file(described, json.dumps(record, indent=1) + "\n")
    write_file(HERE / PROOF, save({"classes": answers.argmax(dim=1).to(torch.uint8)}))
    print(json.dumps({key: record[key] for key in SAID}, indent=1))
    print(f"{weights}: {len(content):,} bytes, SHA-256 {record['sha256']}")


SAID = (
    "validation_accuracy", "temperature", "validation_nll", "test_accuracy", "test_correct", "test_ece",
    "test_ece_before", "train_seconds", "machine", "versions",
)  # fmt: skip


def check(folder: Path) -> bool:
    """Hold what is shipped against its record."""
    shipped = load_pretrained(NAME, folder=folder)
    answers = predict_logits(shipped.model, fl.load("mnist")[1])
    found = _scores(answers, fl.load("mnist")[1].labels, shipped.temperature)
    print(f"recorded {shipped.record['test_correct']} right of 10,000, found {found['test_correct']}")
    return _agrees(shipped, found)


def _agrees(shipped: Pretrained, found: dict[str, Any]) -> bool:
    # Another processor adds up in another order: an image on the fence may fall to the other side.
    return abs(shipped.record["test_correct"] - found["test_correct"]) <= 1


def _scores(answers: Tensor, labels: Tensor, temperature: float) -> dict[str, Any]:
    result = evaluate(answers, labels)
    return {
        "test_accuracy": result.accuracy,
        "test_correct": result.correct,
        "test_count": result.count,
        "test_interval": list(result.interval),
        "test_ece": calibration(answers / temperature, labels).ece,
        "test_ece_before": calibration(answers, labels).ece,
    }


def _network(model: Any) -> dict[str, Any]:
    """Describe a `ManyViews` of a `ConvNet`, so that it can be built without its recipe."""
    network = model.network
    assert isinstance(network, ConvNet), "load_pretrained builds this network"
    convolutions = [layer for layer in network if isinstance(layer, nn.Conv2d)]
    return {
        "stages": [
            [layer.out_channels, layer.kernel_size[0], layer.padding[0], hasattr(network, f"pool{number}")]
            for number, layer in enumerate(convolutions, start=1)
        ],
        "views": {"shift": max(down for down, *_ in model.views), "directions": len(model.views) - 1},
    }


def _say(event: object) -> None:
    if isinstance(event, EpochDone):
        print(f"epoch {event.epoch:g}: loss {event.loss:.4f}, validation {event.validation_accuracy}")


def main() -> None:
    """Make or check; end with 1 if what is shipped is not what its record says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = pretrained_files(NAME)[0].parent
    parser.add_argument("--check", action="store_true", help="load and test what is shipped, train nothing")
    parser.add_argument("--epochs", type=float, help="other than the recipe's, to try the script")
    parser.add_argument("--folder", type=Path, default=default, help="where to; the default is the package")
    options = parser.parse_args()
    if options.check:
        sys.exit(0 if check(options.folder) else 1)
    make(options.folder, epochs=options.epochs)


if __name__ == "__main__":
    main()
