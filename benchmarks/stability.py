"""Is a verdict the same when it is asked for again, with other random numbers?

Claim: at least 99 % of the re-runs of a sample give the entry's most frequent verdict. The sample is drawn
once and for all: of each of the 13 kinds the same number of wrong and of right implementations of the banks,
each checked with many seeds, in a process of its own as in the litmus test. The interval is Wilson's 95 %; it
counts re-runs as if they were independent, which those of one entry are not.

Results are kept at once in ``results/stability.jsonl``, and no run is made twice while neither the checks
nor the implementation have changed, so kill this at any time. ``python -m benchmarks.stability`` runs all
(hours on two cores), ``--kind optimizer`` one kind, ``--table`` only prints what is known.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._bank import Entry, bug_entries, healthy_entries
from benchmarks._measure import RESULTS, machine, save, summary
from benchmarks.litmus import as_line, checks_digest, run_entry
from firstlight._metrics import wilson_interval
from firstlight.checks import KINDS

KEPT = RESULTS / "stability.jsonl"
LEAST_SHARE = 0.99
LEAST_RUNS = 200  # of each half: below, the claim is neither kept nor broken
DRAWN_WITH = 20261122  # of the sample; another number would be another sample
FIELDS = ("name", "kind", "is_wrong", "seed", "verdict", "failed", "undecided", "seconds", "error", "digest")


def sample(kinds: Sequence[str], each: int) -> list[Entry]:
    """Draw as many wrong and right entries of each kind; a longer sample begins with the shorter one."""
    drawn = []
    for kind in kinds:
        for entries_of in (bug_entries, healthy_entries):
            entries = sorted(entries_of(kind), key=lambda entry: entry.name)
            random.Random(f"{DRAWN_WITH} {kind} {entries_of.__name__}").shuffle(entries)
            drawn += entries[:each]
    return drawn


def measure(entries: Iterable[Entry], seeds: int, folder: Path) -> None:
    """Check each entry with each seed that is not known yet; keep each line at once."""
    digest = checks_digest()
    known = {(line["name"], line["is_wrong"], line["seed"], line["digest"]) for line in kept()}
    jobs = [
        (entry, seed)
        for seed in range(seeds)
        for entry in entries
        if (entry.name, entry.is_wrong, seed, f"{digest}-{entry.digest}") not in known
    ]
    print(f"{len(jobs)} to check", flush=True)
    with KEPT.open("a") as file:
        for entry, seed in jobs:
            line = as_line(entry, seed, digest, run_entry(entry, seed, folder))
            file.write(json.dumps({key: line[key] for key in FIELDS}) + "\n")
            file.flush()
            print(f"{line['verdict']:13}{line['name']} seed {seed} {line['seconds']} s", flush=True)


def kept() -> list[dict[str, Any]]:
    """Return all lines that are no breakdown of our own."""
    if not KEPT.exists():
        return []
    lines = map(json.loads, KEPT.read_text().splitlines())
    return [line for line in lines if line["verdict"] != "ERROR"]


def current(lines: Iterable[dict[str, Any]], entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return the lines of these entries and of the checks as they are now."""
    digest = checks_digest()
    wanted = {(entry.name, entry.is_wrong, f"{digest}-{entry.digest}") for entry in entries}
    return [line for line in lines if (line["name"], line["is_wrong"], line["digest"]) in wanted]


def stability(lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return how many re-runs of how many entries give their most frequent verdict.

    Examples
    --------
    >>> line = {"name": "a", "is_wrong": True}
    >>> found = stability([{**line, "verdict": verdict} for verdict in ("FAIL", "FAIL", "PASS")])
    >>> found["same"], found["runs"], found["unsteady"]
    (2, 3, ['a: 2 FAIL, 1 PASS'])
    """
    verdicts: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for line in lines:
        verdicts[line["name"], line["is_wrong"]][line["verdict"]] += 1
    runs = sum(sum(counts.values()) for counts in verdicts.values())
    same = sum(max(counts.values()) for counts in verdicts.values())
    return {
        "entries": len(verdicts),
        "runs": runs,
        "same": same,
        "share": same / runs if runs else None,
        "interval": list(wilson_interval(same, runs)) if runs else None,
        "unsteady": [
            f"{name}: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
            for (name, _), counts in verdicts.items()
            if len(counts) > 1
        ],
    }


def table(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the shares of each kind, of the wrong ones, of the right ones and of all."""
    parts: dict[str, Sequence[Mapping[str, Any]]] = {
        kind: [line for line in lines if line["kind"] == kind]
        for kind in dict.fromkeys(line["kind"] for line in lines)
    }
    parts["wrong ones"] = [line for line in lines if line["is_wrong"]]
    parts["right ones"] = [line for line in lines if not line["is_wrong"]]
    parts["all"] = lines
    return {name: stability(part) for name, part in parts.items()}


def told(row: Mapping[str, Any]) -> str:
    """Put one row into words."""
    if not row["runs"]:
        return "nothing measured"
    low, high = (100 * bound for bound in row["interval"])
    share = f"{100 * row['share']:.1f} % ({low:.1f} to {high:.1f})"
    return f"{share} of {row['runs']} runs of {row['entries']} entries"


def holds(rows: Mapping[str, Any]) -> bool | None:
    """Tell whether the claim holds; ``None`` where too little is measured."""
    halves = (rows["wrong ones"], rows["right ones"])
    if any(half["runs"] < LEAST_RUNS for half in halves):
        return None
    return all(half["share"] >= LEAST_SHARE for half in halves)


def main() -> None:
    """Measure what is not known yet, print the table, end with 1 if the claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kind", choices=KINDS, help="only this one")
    parser.add_argument("--each", type=int, default=4, help="wrong and right entries of each kind")
    parser.add_argument("--seeds", type=int, default=5, help="of each entry")
    parser.add_argument("--table", action="store_true", help="only print what is known")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    entries = sample([options.kind] if options.kind else KINDS, options.each)
    if not options.table:
        with tempfile.TemporaryDirectory() as folder:
            measure(entries, options.seeds, Path(folder))
    rows = table(current(kept(), entries))
    print(summary("machine", machine()))
    print(summary("same verdict again", {name: told(row) for name, row in rows.items()}))
    for name in rows["all"]["unsteady"]:
        print("unsteady:", name)
    verdict = holds(rows)
    words = {None: "too few runs for a claim", True: "the claim holds", False: "THE CLAIM DOES NOT HOLD"}
    print(words[verdict])
    if not options.kind and verdict is not None:
        print("written to", save("stability", {"rows": rows, "claims_hold": verdict}))
    sys.exit(1 if verdict is False else 0)


if __name__ == "__main__":
    main()
