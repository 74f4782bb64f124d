"""What can be refused before a sweep reads or writes anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from firstlight._device import choose_device
from firstlight._errors import UsageError
from firstlight._seeds import SEED_LIMIT, check_seed
from firstlight.recipes import AnyRecipe
from firstlight.training._sweep_grid import Setting, checked_grid, products
from firstlight.training._sweep_workers import LOCAL, check_workers

__all__ = ["MOST_RUNS", "check_sweep"]

MOST_RUNS = 100_000


def check_sweep(
    recipe: AnyRecipe,
    *,
    seeds: int,
    first_seed: int = 0,
    grid: Mapping[str, Sequence[Setting]] | None = None,
    backend: str = "loky",
    address: str | None = None,
    jobs: int | None = None,
    threads: int | None = None,
    device: str | None = None,
    name: str | None = None,
) -> None:
    """Refuse arguments of `sweep` that cannot mean anything; reads no data and asks no cluster.

    Raises
    ------
    UnknownNameError
        No such setting or backend.
    UsageError
        A value out of range, or one that the recipe cannot use.
    MissingExtraError
        The backend's library is not installed.
    """
    check_workers(backend, address=address, jobs=jobs, threads=threads)
    if isinstance(seeds, bool) or not isinstance(seeds, int) or not 1 <= seeds <= MOST_RUNS:
        raise UsageError(f"A sweep has 1 to {MOST_RUNS:,} seeds; got {seeds!r}.")
    check_seed(first_seed)
    if first_seed + seeds > SEED_LIMIT:
        raise UsageError(f"The last seed would be {first_seed + seeds - 1}; seeds end at 2**63 - 1.")
    combinations = len(products(checked_grid(recipe, grid or {})))
    if seeds * combinations > MOST_RUNS:
        raise UsageError(
            f"{seeds:,} seeds of {combinations:,} combinations are {seeds * combinations:,} runs; at most "
            f"{MOST_RUNS:,} are made in one sweep. Take fewer seeds or values."
        )
    if backend in LOCAL or device is None:
        choose_device(device)
    if name is not None and (PurePath(name).name != name or name in {"", ".", ".."}):
        raise UsageError(
            f"--name is the name of a folder, not a path; got {name!r}. Give the path with --out."
        )
