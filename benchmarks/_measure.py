"""Timing, the machine's description, and the file that a day's results on a machine go to."""

from __future__ import annotations

import dataclasses
import datetime
import gc
import json
import os
import re
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firstlight._machine import machine_facts, software_versions

__all__ = ["RESULTS", "Timing", "interleaved", "machine", "save", "summary", "timed"]

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Timing:
    """Seconds of repeated runs, after warming up.

    Attributes
    ----------
    n
        How many runs were timed.
    mean, sd, min, max, median
        In seconds; ``sd`` is the sample's standard deviation, 0 for one run.
    """

    n: int
    mean: float
    sd: float
    min: float
    max: float
    median: float

    @classmethod
    def of(cls, seconds: list[float]) -> Timing:
        """Summarise times in seconds."""
        sd = statistics.stdev(seconds) if len(seconds) > 1 else 0.0
        return cls(
            len(seconds),
            statistics.fmean(seconds),
            sd,
            min(seconds),
            max(seconds),
            statistics.median(seconds),
        )

    def __str__(self) -> str:
        unit, factor = ("s", 1) if self.mean >= 1 else ("ms", 1000)
        mean, sd, low, high = (f"{factor * value:.3g}" for value in (self.mean, self.sd, self.min, self.max))
        return f"{mean} {unit} (sd {sd}, {low} to {high}, n={self.n})"


def timed(run: Callable[[], object], *, n: int, warm_up: int = 1) -> Timing:
    """Time ``n`` runs after some that do not count."""
    return interleaved({"": run}, n={"": n}, warm_up=warm_up)[""]


def interleaved(
    runs: Mapping[str, Callable[[], object]], *, n: Mapping[str, int], warm_up: int = 1
) -> dict[str, Timing]:
    """Time several things in turn, so that what disturbs the machine disturbs all of them alike.

    Parameters
    ----------
    runs
        What to time, by name.
    n
        How many timed runs each gets; the rare ones are spread evenly over the rounds.
    warm_up
        Runs of each that do not count.
    """
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        for _ in range(warm_up):
            run()
    rounds = max(n.values())
    gc.collect()
    for number in range(rounds):
        for name, run in runs.items():
            if len(seconds[name]) * rounds <= number * n[name]:
                start = time.perf_counter()
                run()
                seconds[name].append(time.perf_counter() - start)
    return {name: Timing.of(taken) for name, taken in seconds.items()}


def machine() -> dict[str, Any]:
    """Describe what the numbers were measured on."""
    import torch

    return {
        **machine_facts(),
        **software_versions(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "torch_threads": torch.get_num_threads(),
        "load_before": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def save(name: str, results: Mapping[str, Any], *, folder: Path = RESULTS) -> Path:
    """Write the results into the day's file of this machine, beside those of other benchmarks.

    Parameters
    ----------
    name
        The benchmark's; earlier results of the day under the same name are replaced.
    results
        What JSON can hold, and `Timing`.
    folder
        Where the machines' folders lie.

    Returns
    -------
    Path
        ``<folder>/<machine>/<date>.json``.
    """
    here = machine()
    words = f"{here['gpu'] or here['processor']} {here['cores']} cores"
    today = datetime.datetime.now(tz=datetime.UTC)
    path = folder / re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") / f"{today:%Y-%m-%d}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(path.read_text()) if path.exists() else {}
    known[name] = {"when": f"{today:%Y-%m-%dT%H:%M:%SZ}", "machine": here, "results": _plain(results)}
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n")
    return path


def summary(title: str, rows: Mapping[str, object]) -> str:
    """Lay out names and values as a small table."""
    width = max(map(len, rows))
    return "\n".join([title, *(f"  {name:<{width}}  {value}" for name, value in rows.items())])


def _plain(value: Any) -> Any:
    if isinstance(value, Timing):
        return {key: round(part, 9) for key, part in dataclasses.asdict(value).items()}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return value
