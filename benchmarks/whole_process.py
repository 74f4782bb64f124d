"""The article's whole program against `firstlight train`, from the prompt to the last line.

Claim, on a CPU, with the data in place: the article's program takes at least 10 times as long. Both import
torch, train, test and print; ours draws its pictures and writes its report too. One run of ours and one
import of the peer's libraries come first and do not count: they bring the libraries into memory.

Run it on an idle machine: ``python -m benchmarks.whole_process`` (about five minutes).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time

from benchmarks._measure import Timing, machine, save, summary
from firstlight.torchvision import MNIST

LEAST_RATIO = 10.0


def whole_processes(rounds: int, root: str, runs: str) -> dict[str, Timing]:
    """Time both programs in turn."""
    ours = [sys.executable, "-m", "firstlight", "train", "--out", runs]
    article = [sys.executable, "-m", "benchmarks._article_peer", root]
    imports = "from benchmarks._torchvision import import_torchvision; import_torchvision()"
    for words in (ours, [sys.executable, "-c", imports]):
        seconds(words)
    taken: dict[str, list[float]] = {"article": [], "firstlight train": []}
    for _ in range(rounds):
        taken["article"].append(seconds(article))
        taken["firstlight train"].append(seconds(ours))
    return {name: Timing.of(times) for name, times in taken.items()}


def seconds(words: list[str]) -> float:
    """Run a program to its end and return how long it took."""
    started = time.perf_counter()
    subprocess.run(
        words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
    )
    return time.perf_counter() - started


def main() -> None:
    """Measure, print, save, and end with 1 if the claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="runs of each")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryDirectory() as runs:
        for part in (True, False):
            MNIST(root, train=part, download=True)
        timings = whole_processes(options.rounds, root, runs)
    ratio = timings["article"].mean / timings["firstlight train"].mean
    print(summary("machine", machine()))
    print(summary("whole process", timings))
    print(f"article / firstlight train: {ratio:.4g} {'ok' if ratio >= LEAST_RATIO else 'MISSED'}")
    print("saved", save("whole_process", {**timings, "article_over_firstlight": ratio}))
    sys.exit(0 if ratio >= LEAST_RATIO else 1)


if __name__ == "__main__":
    main()
