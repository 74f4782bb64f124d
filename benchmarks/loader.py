"""One shuffled, normalised epoch of MNIST at batch 64: firstlight, torchvision's DataLoader, a plain copy.

Claims, on a CPU: at least 100 times as fast as torchvision, and at most 2.5 times the time of a plain copy of
the float32 bytes that come out. Both deliver the same 60,000 images with the same labels, which is checked
first. Run it on an idle machine: ``python -m benchmarks.loader``.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

import firstlight as fl
from benchmarks._measure import Timing, interleaved, machine, save, summary
from benchmarks._torchvision import import_torchvision
from firstlight.loader import Augment
from firstlight.torchvision import MNIST

BATCH_SIZE = 64
LEAST_AGAINST_TORCHVISION = 100.0
MOST_AGAINST_COPY = 2.5


def drain(batches: Iterable[Any]) -> None:
    """Take every batch and do nothing with it."""
    for _ in batches:
        pass


def contents(batches: Iterable[tuple[Tensor, Tensor]], mean: float, std: float) -> Counter[bytes]:
    """Count what was delivered: each image's bytes, recovered from its normalised pixels, with its label."""
    seen: Counter[bytes] = Counter()
    for images, labels in batches:
        pixels = ((images.double() * std + mean) * 255).round().to(torch.uint8).flatten(1).numpy()
        for row, label in zip(pixels, labels.tolist(), strict=True):
            seen[hashlib.blake2b(row.tobytes() + bytes([label]), digest_size=16).digest()] += 1
    return seen


def torchvision_loader(root: str, mean: float, std: float, *, seed: int) -> DataLoader[Any]:
    """The peer as its documentation writes it."""
    torchvision = import_torchvision()
    transform = torchvision.transforms.Compose(
        [torchvision.transforms.ToTensor(), torchvision.transforms.Normalize((mean,), (std,))]
    )
    dataset = torchvision.datasets.MNIST(root, train=True, transform=transform)
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(dataset, batch_size=BATCH_SIZE, shuffle=True, generator=generator)


def copies(images: Tensor) -> dict[str, Any]:
    """Copy what goes in (uint8) and what comes out (float32), into memory that is there already."""
    floats = images.float()
    bytes_out, floats_out = torch.empty_like(images), torch.empty_like(floats)
    return {
        "copy of the float32 result": lambda: floats_out.copy_(floats),
        "copy of the uint8 source": lambda: bytes_out.copy_(images),
    }


def augmented(train: fl.ImageDataset) -> Iterator[tuple[str, Any]]:
    """Epochs with augmentation, to state what each costs."""
    settings = {
        "shift 2": Augment(shift=2),
        "flip": Augment(flip=True),
        "erase": Augment(erase=(0.02, 0.2)),
        "rotate, scale, shear": Augment(rotate=10, scale=(0.9, 1.1), shear=5),
        "elastic": Augment(elastic=(34.0, 4.0)),
    }
    for name, augment in settings.items():
        loader = fl.batches(train, BATCH_SIZE, shuffle=True, augment=augment, device="cpu")
        yield f"firstlight, {name}", lambda loader=loader: drain(loader)


def measure(*, n: int, peer_n: int) -> dict[str, Any]:
    """Check that both deliver the same, then time both and the copies in turn."""
    train, _ = fl.load("mnist")
    mean, std = train.mean[0], train.std[0]
    with tempfile.TemporaryDirectory() as root:
        MNIST(root, download=True)
        peer = torchvision_loader(root, mean, std, seed=0)
        ours = fl.batches(train, BATCH_SIZE, shuffle=True, seed=0, device="cpu")
        if contents(ours, mean, std) != contents(peer, mean, std):
            raise SystemExit("firstlight and torchvision did not deliver the same images and labels.")
        runs = {
            "firstlight": lambda: drain(ours),
            "torchvision": lambda: drain(peer),
            **copies(train.images),
            **dict(augmented(train)),
        }
        often = dict.fromkeys(runs, n)
        rarely = {name: peer_n for name in runs if name == "torchvision" or name.startswith("firstlight, ")}
        return {"timings": interleaved(runs, n={**often, **rarely}), "same_images_and_labels": True}


def verdict(timings: dict[str, Timing]) -> dict[str, float]:
    """Return the two ratios that are claimed, and the one against the smaller copy for comparison."""
    ours = timings["firstlight"].mean
    return {
        "torchvision_over_firstlight": timings["torchvision"].mean / ours,
        "firstlight_over_float32_copy": ours / timings["copy of the float32 result"].mean,
        "firstlight_over_uint8_copy": ours / timings["copy of the uint8 source"].mean,
    }


def main() -> int:
    """Measure, print, save; exit with 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=50, help="timed epochs of firstlight and of the copies")
    parser.add_argument("--peer-n", type=int, default=5, help="timed epochs of torchvision")
    parser.add_argument("--no-save", action="store_true", help="write no results")
    options = parser.parse_args()
    results = measure(n=options.n, peer_n=options.peer_n)
    ratios = verdict(results["timings"])
    print(summary("machine", machine()))
    print(summary("seconds for one epoch of MNIST, batch 64, shuffled and normalised", results["timings"]))
    print(summary("ratios of the means", {name: f"{ratio:.2f}" for name, ratio in ratios.items()}))
    holds = (
        ratios["torchvision_over_firstlight"] >= LEAST_AGAINST_TORCHVISION
        and ratios["firstlight_over_float32_copy"] <= MOST_AGAINST_COPY
    )
    print("both claims hold" if holds else "A CLAIM DOES NOT HOLD (is the machine idle?)")
    if not options.no_save:
        print("written to", save("loader", {**results, "ratios": ratios, "claims_hold": holds}))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
