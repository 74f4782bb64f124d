"""How long a verdict takes: the whole command, the checks alone, and the first exact answer.

Claims: 95 % of whole commands of an optimizer, schedule, loss, activation, layer, init or augment end within
15 s, of the other kinds within 60 s; once torch is imported, the first exact check has answered within 3 s,
making the implementation included; importing a library that it comes from is not.

Whole command: ``firstlight check TARGET ... --json``, from the start of its process to the end of it. First
exact answer: in a fork of a process that has imported torch, from the call of `firstlight.check` until the
first exact check that is not skipped has its result. Of each kind the same number of wrong and of right
implementations of the banks is timed, one after the other; one command comes first and does not count. Run it
on an idle machine: ``python -m benchmarks.verdict_time`` (half an hour or more).
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import firstlight as fl
from benchmarks._bank import Entry
from benchmarks._measure import Timing, machine, save, summary
from benchmarks._torchvision import import_torchvision
from benchmarks.litmus import forked
from benchmarks.stability import sample
from firstlight.checks import KINDS

FAST_KINDS = ("optimizer", "schedule", "loss", "activation", "layer", "init", "augment")
FAST_SECONDS, SLOW_SECONDS = 15.0, 60.0
FIRST_SECONDS = 3.0


def command_of(entry: Entry) -> list[str]:
    """Return the words of the whole command."""
    words = [sys.executable, "-m", "firstlight", "check", entry.target, "--kind", entry.kind, "--json"]
    if entry.like:
        words += ["--like", entry.like]
    if entry.args:
        words += ["--args", json.dumps(entry.args)]
    for name, value in entry.declares.items():
        words += ["--declares", f"{name}={value}"]
    return words


def whole_command(entry: Entry) -> dict[str, Any]:
    """Run the whole command; return its seconds, those of its checks, and its verdict."""
    started = time.perf_counter()
    ended = subprocess.run(command_of(entry), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    report = json.loads(ended.stdout) if ended.stdout.strip() else {}
    return {
        "whole": seconds,
        "checks": sum(check["seconds"] for check in report.get("checks", [])),
        "verdict": report.get("verdict", "ERROR"),
    }


def first_exact(entry: Entry, path: str) -> None:
    """In this process, write after how many seconds the first exact check answered."""

    def heard(result: Any) -> None:
        if result.instrument == "exact" and result.status != "skip":
            Path(path).write_text(json.dumps({"first": time.perf_counter() - started}))
            os._exit(0)

    place = entry.target.rpartition(":")[0]
    if place.startswith("timm"):
        import_torchvision()  # which timm imports
    if not place.endswith(".py"):
        importlib.import_module(place)
    os.chdir(Path(path).parent)
    started = time.perf_counter()
    fl.check(
        entry.target,
        like=entry.like,
        kind=entry.kind,
        args=entry.args,
        declares=entry.declares,
        isolated=False,
        on_result=heard,
    )
    os._exit(0)


def measure(entries: Sequence[Entry], folder: Path) -> list[dict[str, Any]]:
    """Time each entry once, both ways."""
    lines = []
    for entry in entries:
        first = (forked(first_exact, (entry,), folder) or {}).get("first")
        line = {"name": entry.name, "kind": entry.kind, "first": first, **whole_command(entry)}
        lines.append(line)
        said = "none" if first is None else f"{first:.2f} s"
        print(
            f"{line['verdict']:13}{entry.name} whole {line['whole']:.2f} s, "
            f"checks {line['checks']:.2f} s, first exact {said}",
            flush=True,
        )
    return lines


def times(seconds: Sequence[float]) -> dict[str, Any] | None:
    """Return count, mean, 95th percentile and greatest; ``None`` of nothing.

    Examples
    --------
    >>> times([1.0, 2.0, 3.0])["p95"]
    2.9
    """
    if not seconds:
        return None
    timing = Timing.of(list(seconds))
    p95 = float(np.percentile(seconds, 95))
    return {"n": timing.n, "mean": timing.mean, "p95": p95, "max": timing.max}


def table(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the times of each kind and of all."""
    kinds = dict.fromkeys(line["kind"] for line in lines)
    parts = {kind: [line for line in lines if line["kind"] == kind] for kind in kinds} | {"all": list(lines)}
    return {
        name: {
            key: times([line[key] for line in part if line[key] is not None])
            for key in ("whole", "checks", "first")
        }
        for name, part in parts.items()
    }


def broken_claims(rows: dict[str, Any]) -> list[str]:
    """Return what takes too long, in words."""
    broken = []
    for kind, row in rows.items():
        most = FAST_SECONDS if kind in FAST_KINDS else SLOW_SECONDS
        for key, limit in (("whole", most), ("first", FIRST_SECONDS)):
            found = row[key]
            if found is not None and found["p95"] > limit:
                broken.append(f"{kind}, {key}: p95 {found['p95']:.1f} s, at most {limit:g} s")
    return broken


def told(row: dict[str, Any]) -> str:
    """Put one row into words."""
    return ", ".join(
        f"{key} {found['mean']:.2f} s (p95 {found['p95']:.2f}, n={found['n']})"
        for key, found in row.items()
        if found is not None
    )


def main() -> None:
    """Measure, print, save; end with 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kind", choices=KINDS, help="only this one; then nothing is saved")
    parser.add_argument("--each", type=int, default=4, help="wrong and right entries of each kind")
    parser.add_argument("--no-save", action="store_true", help="write no results")
    options = parser.parse_args()
    entries = sample([options.kind] if options.kind else KINDS, options.each)
    whole_command(entries[0])
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(entries, Path(folder))
    rows = table(lines)
    broken = broken_claims(rows)
    print(summary("machine", machine()))
    print(summary("seconds to a verdict", {name: told(row) for name, row in rows.items()}))
    print("all claims hold" if not broken else f"A CLAIM DOES NOT HOLD (is the machine idle?): {broken}")
    if not options.kind and not options.no_save:
        print("written to", save("verdict_time", {"rows": rows, "runs": lines, "claims_hold": not broken}))
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
