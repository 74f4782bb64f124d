"""Kept runs that differ in nothing but the seed, found by the name of their recipe or of their sweep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from firstlight._errors import DataMissingError, UnknownNameError, UsageError
from firstlight._settings import home
from firstlight.evaluation._flat_settings import flat_settings
from firstlight.recipes import RECIPES
from firstlight.training import RunRecord, list_runs

__all__ = ["Series", "find_series"]

NEWEST = 20  # runs that a message names
RUNS = "runs"


@dataclass(frozen=True)
class Series:
    """Finished runs of one recipe with the same settings on the same data set.

    Attributes
    ----------
    name
        As it was asked for.
    records
        One a run; a seed may occur more than once.
    """

    name: str
    records: tuple[RunRecord, ...]


def find_series(name: str, *, dataset: str | None = None) -> Series:
    """Return the finished runs that a name stands for.

    Parameters
    ----------
    name
        A recipe: all its kept runs, also those in sweeps, whose settings are the recipe's own. Or a sweep, by
        name or by folder: the runs in it. Either may be narrowed by settings, parted by commas:
        ``"my-sweep:learning_rate=0.01"`` keeps the runs in which it has this value.
    dataset
        Only runs on this data set; ``None`` takes any, as long as it is one.

    Raises
    ------
    UnknownNameError
        There is no such recipe or sweep; says the nearest.
    DataMissingError
        It has no finished run.
    UsageError
        The runs differ in more than the seed: in the data set or in settings, which the message lists.
    """
    base, wanted = _selection(name)
    records = tuple(
        record
        for record in _records(base, own_settings=not wanted)
        if record.status == "finished" and dataset in (None, record.dataset) and _matches(record, wanted)
    )
    if not records:
        on = f" on {dataset}" if dataset else ""
        raise DataMissingError(
            f"No finished run of {name}{on} is kept. Make some: firstlight sweep {base} --seeds 10"
        )
    _check_alike(name, records)
    return Series(name, records)


def _selection(name: str) -> tuple[str, dict[str, str]]:
    """Split ``base:key=value,key=value``; a colon without such pairs behind it belongs to a path."""
    base, colon, tail = name.rpartition(":")
    if not colon or "=" not in tail:
        return name, {}
    pairs = (pair.partition("=") for pair in tail.split(","))
    return base, {key.strip().replace("-", "_"): value.strip() for key, _, value in pairs}


def _records(base: str, *, own_settings: bool) -> Iterator[RunRecord]:
    sweeps = home() / "sweeps"
    if (recipe := RECIPES.get(base.lower().replace("_", "-"))) is not None:
        usual = flat_settings(recipe.settings)
        for parent in (None, *_folders(sweeps)):
            for _, record in _runs_in(parent):
                unchanged = not own_settings or flat_settings(record.settings) == usual
                if record.recipe == recipe.name and unchanged:
                    yield record
        return
    folder = next((place for place in (Path(base), sweeps / base) if place.is_dir()), None)
    if folder is None:
        runs = [run.name for run, _ in list_runs()[:NEWEST]]
        known = [*RECIPES, *(path.name for path in _folders(sweeps)), *runs]
        raise UnknownNameError("run, recipe or sweep", base, known)
    for _, record in _runs_in(folder):
        yield record


def _runs_in(parent: Path | None) -> tuple[tuple[Path, RunRecord], ...]:
    """Return the runs in a folder; a sweep has them in one of its own."""
    return list_runs(parent / RUNS if parent and (parent / RUNS).is_dir() else parent)


def _folders(parent: Path) -> list[Path]:
    return sorted(path for path in parent.iterdir() if path.is_dir()) if parent.is_dir() else []


def _matches(record: RunRecord, wanted: Mapping[str, str]) -> bool:
    """Tell whether each wanted setting has this value; its last name is enough."""
    settings = [(f".{name}", text) for name, text in flat_settings(record.settings).items()]
    return all(
        any(name.endswith(f".{key}") and _same(text, value) for name, text in settings)
        for key, value in wanted.items()
    )


def _same(text: str, value: str) -> bool:
    try:
        return float(text) == float(value)
    except ValueError:
        return text == value


def _check_alike(name: str, records: tuple[RunRecord, ...]) -> None:
    datasets = sorted({record.dataset for record in records})
    if len(datasets) > 1:
        raise UsageError(
            f"The runs of {name} are on {len(datasets)} data sets: {', '.join(datasets)}. "
            "Choose one: --dataset NAME"
        )
    recipes = sorted({record.recipe for record in records})
    if len(recipes) > 1:
        raise UsageError(f"The runs of {name} are of {len(recipes)} recipes: {', '.join(recipes)}.")
    settings = [flat_settings(record.settings) for record in records]
    keys = sorted({key for leaves in settings for key in leaves})
    found = {key: sorted({leaves.get(key, "none") for leaves in settings}) for key in keys}
    differing = {key: values for key, values in found.items() if len(values) > 1}
    if differing:
        lists = "; ".join(f"{key} {', '.join(values)}" for key, values in differing.items())
        key, values = next(iter(differing.items()))
        raise UsageError(
            f"The runs of {name} differ in more than the seed: {lists}. "
            f"Choose: {name}:{key.rpartition('.')[2]}={values[0]}"
        )
