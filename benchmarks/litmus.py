"""The litmus test on both banks: how many wrong implementations it sees, and how many right ones it accuses.

Claims: at least 95 % of the wrong ones end as FAIL, at least 85 % of each kind, and none of the right ones
does; the diagnosis names the right family first in at least 85 %; 95 % of the verdicts come within a minute.

Each implementation is checked in a process of its own, forked from one that has imported torch; the seconds
are those of the checks. Results are kept at once in ``results/litmus.jsonl``, and none is made twice while
neither the checks nor the implementation have changed, so kill this at any time.
``python -m benchmarks.litmus`` runs all (hours on two cores), ``--kind optimizer`` one kind, ``--peers``
shows the bugs to other tools too, ``--table`` only prints what is known.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from typing import Any

from benchmarks._bank import BUG_BANK, Entry, bug_entries, healthy_entries
from benchmarks._measure import RESULTS, machine

KEPT = RESULTS / "litmus.jsonl"
PEERS_KEPT = RESULTS / "litmus-peers.jsonl"
CHECKS = Path(__file__).parents[1] / "src/firstlight/checks"
SECONDS = 300.0  # then an entry is given up as INCONCLUSIVE
PRELOADED = ["torch", "sklearn.linear_model", "firstlight.checks._child", "firstlight.datasets"]


def peers_asked(entry: Entry, twin: Entry | None, path: str) -> None:
    """Ask the other tools about one entry in this process and write what they say."""
    from benchmarks._peers import ask_peers

    os.chdir(Path(path).parent)
    Path(path).write_text(json.dumps(ask_peers(entry, twin, 0)))
    os._exit(0)


def checks_digest() -> str:
    """Return what changes with any file of the checks."""
    content = hashlib.sha256()
    for path in sorted(CHECKS.rglob("*.py")):
        content.update(str(path.relative_to(CHECKS)).encode() + path.read_bytes())
    return content.hexdigest()[:16]


def checked(entry: Entry, seed: int, path: str) -> None:
    """Check one entry in this process and write the report."""
    import firstlight as fl

    if entry.target.startswith("timm"):
        from benchmarks._torchvision import import_torchvision

        import_torchvision()  # which timm imports
    os.chdir(Path(path).parent)
    try:
        report = fl.check(
            entry.target,
            like=entry.like,
            kind=entry.kind,
            args=entry.args,
            declares=entry.declares,
            seed=seed,
            isolated=False,
        )
        fields = report.fields()
    except BaseException as error:
        fields = {"verdict": "ERROR", "error": f"{type(error).__name__}: {error}"}
    Path(path).write_text(json.dumps(fields, default=str))
    os._exit(0)


def run_entry(entry: Entry, seed: int, folder: Path) -> dict[str, Any]:
    """Check one entry in a fork of a process that has imported torch."""
    started = time.perf_counter()
    fields = forked(checked, (entry, seed), folder) or {"verdict": "INCONCLUSIVE", "broke": True}
    return {**fields, "seconds": round(time.perf_counter() - started, 2)}


def forked(work: Callable[..., None], words: tuple[Any, ...], folder: Path) -> dict[str, Any] | None:
    """Do something in a fork of a process that has imported torch; return what it wrote."""
    context = get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    own = folder / hashlib.sha256(f"{work.__name__}{words!r}".encode()).hexdigest()[:12]
    own.mkdir(parents=True, exist_ok=True)
    path = own / "report.json"
    process = context.Process(target=work, args=(*words, str(path)))
    process.start()
    process.join(SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
    return json.loads(path.read_text()) if path.exists() else None


def as_line(entry: Entry, seed: int, digest: str, report: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of one report."""
    failed = [check for check in report.get("checks", []) if check["status"] == "fail"]
    diagnosis = report.get("diagnosis") or {}
    told = " ".join(
        str(check[key]) for check in failed for key in ("where", "cause", "hint", "seen", "expected", "name")
    )
    return {
        "name": entry.name,
        "kind": entry.kind,
        "is_wrong": entry.is_wrong,
        "is_published": entry.is_published,
        "seed": seed,
        "verdict": report["verdict"],
        "family": entry.family,
        "diagnosis": diagnosis.get("family"),
        "is_family_right": diagnosis.get("family") in (entry.family, *entry.also),
        "is_place_right": all(word in told.lower() for word in entry.component.lower().split()[:3])
        if entry.component
        else None,
        "failed": [check["id"] for check in failed],
        "undecided": [c["id"] for c in report.get("checks", []) if c["status"] == "inconclusive"],
        "seconds": report["seconds"],
        "error": report.get("error"),
        "digest": f"{digest}-{entry.digest}",
    }


def measure(entries: Iterable[Entry], seeds: int, *, fresh: bool, workers: int, folder: Path) -> None:
    """Check all entries that are not known yet; keep each line at once."""
    digest = checks_digest()
    lines = [line for line in kept() if line["verdict"] != "ERROR"]
    known = {(line["name"], line["is_wrong"], line["seed"], line["digest"]) for line in lines}
    jobs = [
        (entry, seed)
        for entry in entries
        for seed in range(seeds)
        if fresh or (entry.name, entry.is_wrong, seed, f"{digest}-{entry.digest}") not in known
    ]
    print(f"{len(jobs)} to check", flush=True)

    def one(job: tuple[Entry, int]) -> dict[str, Any]:
        entry, seed = job
        return as_line(entry, seed, digest, run_entry(entry, seed, folder))

    with ThreadPoolExecutor(workers) as pool, KEPT.open("a") as file:
        for line in pool.map(one, jobs):
            file.write(json.dumps(line) + "\n")
            file.flush()
            right = (line["verdict"] == "FAIL") == line["is_wrong"]
            mark = "  " if right and line["verdict"] != "ERROR" else "! "
            tail = f" {line['diagnosis']}" + ("" if line["is_family_right"] else f" for {line['family']}")
            said = line["error"] or (tail if line["is_wrong"] else " ".join(line["failed"]))
            print(f"{mark}{line['verdict']:13}{line['name']} {line['seconds']} s {said}", flush=True)


def measure_peers(kind: str | None, *, workers: int, folder: Path) -> None:
    """Ask the other tools about all bugs and their twins that are not known yet; keep each line at once."""
    twins = {entry.target: entry for entry in healthy_entries(kind) if BUG_BANK.name in entry.target}
    lines = map(json.loads, PEERS_KEPT.read_text().splitlines()) if PEERS_KEPT.exists() else ()
    known = {(line["name"], line["digest"]) for line in lines}
    entries = [*bug_entries(kind), *twins.values()]
    entries = [entry for entry in entries if (entry.name, entry.digest) not in known]
    print(f"{len(entries)} to show to the other tools", flush=True)

    def one(entry: Entry) -> dict[str, Any]:
        twin = twins.get(entry.twin) if entry.is_wrong else entry
        says = forked(peers_asked, (entry, twin), folder) or {}
        fields = {"name": entry.name, "kind": entry.kind, "is_wrong": entry.is_wrong, "digest": entry.digest}
        return {**fields, "says": says}

    with ThreadPoolExecutor(workers) as pool, PEERS_KEPT.open("a") as file:
        for line in pool.map(one, entries):
            file.write(json.dumps(line) + "\n")
            file.flush()
            print(line["name"], line["says"], flush=True)


def print_peers() -> None:
    """Print of each tool how many wrong ones it refuses, of those it has a place for and of all."""
    if not PEERS_KEPT.exists():
        return
    latest = {(line["name"], line["is_wrong"]): line for line in map(json.loads, PEERS_KEPT.open())}
    lines = list(latest.values())
    wrong = [line for line in lines if line["is_wrong"]]
    for tool in dict.fromkeys(tool for line in lines for tool in line["says"]):
        says = {
            kind: [line["says"].get(tool) for line in lines if line["is_wrong"] == kind]
            for kind in (True, False)
        }
        fits = {
            kind: [answer for answer in answers if answer in ("PASS", "FAIL")]
            for kind, answers in says.items()
        }
        seen, accused = fits[True].count("FAIL"), fits[False].count("FAIL")
        print(
            f"{tool:16} sees {seen} of {len(fits[True])} that it has a place for, of {len(wrong)} in all; "
            f"accuses {accused} of {len(fits[False])} right ones"
        )


def kept() -> list[dict[str, Any]]:
    """Return what is known, the newest line of each entry and seed."""
    if not KEPT.exists():
        return []
    lines = map(json.loads, KEPT.read_text().splitlines())
    return list({(line["name"], line["is_wrong"], line["seed"]): line for line in lines}.values())


def table(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return detection, false alarms, diagnosis and seconds of each kind and of all."""
    kinds = dict.fromkeys(line["kind"] for line in lines)
    rows = {kind: _row([line for line in lines if line["kind"] == kind]) for kind in kinds}
    return {**rows, "all": _row(lines)}


def _row(lines: list[dict[str, Any]]) -> dict[str, Any]:
    wrong = [line for line in lines if line["is_wrong"]]
    right = [line for line in lines if not line["is_wrong"]]
    seen = [line for line in wrong if line["verdict"] == "FAIL"]
    placed = [line["is_place_right"] for line in seen if line["is_place_right"] is not None]
    times = sorted(line["seconds"] for line in lines)
    return {
        "wrong": len({line["name"] for line in wrong}),
        "detected": _share(len(seen), len(wrong)),
        "family": _share(sum(line["is_family_right"] for line in seen), len(seen)),
        "place": _share(sum(placed), len(placed)),
        "right": len({line["name"] for line in right}),
        "runs": len(right),
        "accused": sum(line["verdict"] == "FAIL" for line in right),
        "verdicts": dict(Counter(line["verdict"] for line in right)),
        "p95": quantiles(times, n=20)[-1] if len(times) > 1 else (times or [0.0])[0],
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def print_table(rows: dict[str, Any]) -> None:
    """Print a line for each kind."""
    head = ("kind", "wrong", "detected", "family", "place", "right", "runs", "accused", "p95 s")
    print("{:12}{:>7}{:>10}{:>9}{:>8}{:>7}{:>6}{:>9}{:>8}".format(*head))
    for kind, row in rows.items():
        shares = [
            "-" if row[key] is None else f"{100 * row[key]:.1f} %" for key in ("detected", "family", "place")
        ]
        cells = (row["wrong"], *shares, row["right"], row["runs"], row["accused"], f"{row['p95']:.1f}")
        print("{:12}{:>7}{:>10}{:>9}{:>8}{:>7}{:>6}{:>9}{:>8}".format(kind, *cells))
    rest = {verdict: n for verdict, n in rows["all"]["verdicts"].items() if verdict not in ("PASS", "FAIL")}
    print("right ones without a verdict:", rest or "none")


def holds(rows: dict[str, Any]) -> bool:
    """Whether all claims hold."""
    shares = [row["detected"] for row in rows.values() if row["detected"] is not None]
    total = rows["all"]
    return (
        (total["detected"] or 0) >= 0.95
        and min(shares, default=0) >= 0.85
        and total["accused"] == 0
        and (total["family"] or 0) >= 0.85
        and total["p95"] <= 60
    )


def main() -> None:
    """Measure what is not known yet, print the table, end with 1 if a claim does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kind", help="only this one")
    parser.add_argument("--bank", choices=("bug", "healthy", "both"), default="both")
    parser.add_argument("--only", help="entries whose name contains this")
    parser.add_argument("--seeds", type=int, default=1, help="of the healthy bank; the bugs get one")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="check again what is known already")
    parser.add_argument("--peers", action="store_true", help="show the bugs to the other tools too")
    parser.add_argument("--table", action="store_true", help="only print what is known")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    banks = {"bug": (bug_entries, 1), "healthy": (healthy_entries, options.seeds)}
    for bank, (entries_of, seeds) in banks.items():
        if options.table or options.bank not in (bank, "both"):
            continue
        entries = [entry for entry in entries_of(options.kind) if (options.only or "") in entry.name]
        with tempfile.TemporaryDirectory() as folder:
            measure(entries, seeds, fresh=options.fresh, workers=options.workers, folder=Path(folder))
    if options.peers and not options.table:
        with tempfile.TemporaryDirectory() as folder:
            measure_peers(options.kind, workers=options.workers, folder=Path(folder))
    current = {(entry.name, entry.is_wrong) for entry in (*bug_entries(), *healthy_entries())}
    lines = [line for line in kept() if (line["name"], line["is_wrong"]) in current]
    if options.kind:
        lines = [line for line in lines if line["kind"] == options.kind]
    rows = table(lines)
    print(machine()["processor"])
    print_table(rows)
    print_peers()
    sys.exit(0 if holds(rows) else 1)


if __name__ == "__main__":
    main()
