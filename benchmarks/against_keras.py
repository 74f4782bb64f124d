"""The article's network in Keras, by `model.fit` on torch, against recipe `mlp-fast`.

Both begin with MNIST in memory as bytes and end with the last test prediction. Keras trains as the article
does (layers of 128 and 64, Adam at 0.001, batches of 64, five epochs) on pixels divided by 255; both are
warmed up by a short run that does not count. Claim, on a CPU: at no lower mean accuracy, firstlight takes at
most a fifth of the time.

Needs the extra ``keras``. Run it on an idle machine: ``python -m benchmarks.against_keras`` (ten minutes).
"""

from __future__ import annotations

import argparse
import os
import sys
import time

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported

import keras
import numpy as np

import firstlight as fl
from benchmarks._measure import Timing, machine, save, summary
from firstlight.datasets import ImageDataset

BATCH_SIZE, EPOCHS, LEARNING_RATE = 64, 5, 0.001
LEAST_RATIO = 5.0


def run_keras(train: ImageDataset, test: ImageDataset, seed: int, epochs: int) -> tuple[float, float]:
    """Train and test the article's network; return its accuracy and the seconds."""
    started = time.perf_counter()
    keras.utils.set_random_seed(seed)
    pixels, unseen = (part.images[:, 0].numpy().astype(np.float32) / 255 for part in (train, test))
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(LEARNING_RATE),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.fit(pixels, train.labels.numpy(), batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    read = model.predict(unseen, batch_size=1000, verbose=0).argmax(axis=1)
    return float((read == test.labels.numpy()).mean()), time.perf_counter() - started


def run_ours(train: ImageDataset, test: ImageDataset, seed: int) -> tuple[float, float]:
    """Train and test recipe `mlp-fast`; return its accuracy and the seconds."""
    started = time.perf_counter()
    run = fl.train("mlp-fast", dataset=(train, test), seed=seed)
    assert run.test_accuracy is not None
    return run.test_accuracy, time.perf_counter() - started


def main() -> None:
    """Measure, print, save, and end with 1 if the claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=5, help="runs of each")
    options = parser.parse_args()
    train, test = fl.load("mnist")
    run_ours(train, test, 0)
    run_keras(train[:2000], test, 0, epochs=1)
    found: dict[str, list[tuple[float, float]]] = {"keras": [], "firstlight": []}
    for seed in range(options.seeds):
        found["keras"].append(run_keras(train, test, seed, EPOCHS))
        found["firstlight"].append(run_ours(train, test, seed))
    timings = {name: Timing.of([seconds for _, seconds in runs]) for name, runs in found.items()}
    accuracy = {name: float(np.mean([right for right, _ in runs])) for name, runs in found.items()}
    ratio = timings["keras"].mean / timings["firstlight"].mean
    holds = ratio >= LEAST_RATIO and accuracy["firstlight"] >= accuracy["keras"]
    print(summary("machine", machine()))
    print(summary("keras", {"version": keras.__version__, "backend": keras.backend.backend(), **timings}))
    print(summary("accuracy", accuracy))
    print(f"keras / firstlight: {ratio:.4g} {'ok' if holds else 'MISSED'}")
    results = {**timings, "accuracy": accuracy, "keras_over_firstlight": ratio}
    print("saved", save("against_keras", {**results, "keras_version": keras.__version__}))
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
