"""How long one waits before anything happens: the import, the help, a warm load of MNIST.

Claims: ``import firstlight`` at most 0.1 s, ``firstlight --help`` at most 0.3 s, each a whole process;
``fl.load("mnist")`` with the files in the cache at most 30 ms, in a process that has torch already. For
comparison: an empty Python process, and one that imports torch. Run it on an idle machine:
``python -m benchmarks.startup``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import firstlight as fl
from benchmarks._measure import Timing, interleaved, machine, save, summary

MOST_SECONDS = {
    "import firstlight": 0.1,
    "firstlight --help": 0.3,
    'fl.load("mnist"), first in its process': 0.03,
}

# Torch and the package that holds load are imported before the clock starts; the files are opened after.
FIRST_LOAD = """
import json, time, torch, firstlight as fl
load = fl.load
times = []
for _ in range(6):
    start = time.perf_counter()
    load("mnist")
    times.append(time.perf_counter() - start)
print(json.dumps(times))
"""


def processes() -> dict[str, list[str]]:
    """Command lines of the processes to time, the empty one first."""
    return {
        "an empty Python process": [sys.executable, "-c", "pass"],
        "import firstlight": [sys.executable, "-c", "import firstlight"],
        "firstlight --help": [sys.executable, "-c", "from firstlight.cli import main; main()", "--help"],
        "import torch": [sys.executable, "-c", "import torch"],
    }


def run(command: list[str]) -> str:
    """Run to the end; what it printed."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measure(*, n: int) -> dict[str, Timing]:
    """Time the processes in turn, then loads inside fresh processes."""
    fl.load("mnist")  # from now on the files are in the cache
    runs = {name: lambda command=command: run(command) for name, command in processes().items()}
    timings = interleaved(runs, n=dict.fromkeys(runs, n))
    loads = [json.loads(run([sys.executable, "-c", FIRST_LOAD])) for _ in range(n)]
    timings['fl.load("mnist"), first in its process'] = Timing.of([times[0] for times in loads])
    timings['fl.load("mnist"), again'] = Timing.of([time for times in loads for time in times[1:]])
    return timings


def main() -> int:
    """Measure, print, save; exit with 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=10, help="processes of each kind")
    parser.add_argument("--no-save", action="store_true", help="write no results")
    options = parser.parse_args()
    timings = measure(n=options.n)
    broken = [name for name, most in MOST_SECONDS.items() if timings[name].mean > most]
    print(summary("machine", machine()))
    print(summary("seconds", timings))
    print("all claims hold" if not broken else f"A CLAIM DOES NOT HOLD (is the machine idle?): {broken}")
    if not options.no_save:
        print("written to", save("startup", {"timings": timings, "claims_hold": not broken}))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
