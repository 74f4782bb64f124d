"""A sweep's folder: ``sweep.json``, run folders of finished and of begun runs, a note for each failed one.

What lies there is what is done: a sweep that goes on asks nobody else. A run's folder appears whole or not at
all, whoever writes it: a worker that can see the folder, or the head for those that cannot.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from firstlight._atomic import TEMPORARY, explained, write_file
from firstlight._errors import DataCorruptError, DataMissingError, UsageError
from firstlight._settings import home
from firstlight.training._folder import RECORD, read_record, save_run
from firstlight.training._run import Run, RunRecord
from firstlight.training._run_lock import run_lock
from firstlight.training._sweep_plan import SweepPlan, SweepTask

__all__ = ["SweepFailure", "SweepFolder", "open_sweep_folder", "packed_run", "sees_sweep", "sweeps_folder"]

SCHEMA = 1
PLAN, RUNS, UNFINISHED, FAILED = "sweep.json", "runs", "unfinished", "failed"


@dataclass(frozen=True)
class SweepFailure:
    """A run that did not come about.

    Attributes
    ----------
    task
        Which one.
    message
        What went wrong, with the kind of error in front.
    """

    task: SweepTask
    message: str


def sweeps_folder() -> Path:
    """Where sweeps are kept: ``sweeps`` below the home."""
    return home() / "sweeps"


def open_sweep_folder(path: Path, plan: SweepPlan) -> SweepFolder:
    """Make a sweep's folder, or go on with one that holds the same plan.

    The plans may differ in seeds and values: the folder then grows.

    Raises
    ------
    UsageError
        The folder holds another plan; says in what it differs.
    DataCorruptError
        Its ``sweep.json`` is damaged.
    CacheError
        It cannot be written.
    """
    known = _read_plan(path)
    if known is None:
        if path.is_dir() and any(path.iterdir()):
            raise UsageError(f"{path} holds other files and no sweep. Give another --name or --out.")
        known = {"token": secrets.token_hex(16)}
    else:
        _refuse_another_plan(path, known["identity"], plan.identity)
    grid = {name: list(values) for name, values in plan.grid}
    extent = {"first_seed": plan.seeds.start, "seeds": len(plan.seeds), "grid": grid}
    fields = {"schema": SCHEMA, "token": known["token"], "identity": plan.identity, "asked": extent}
    write_file(path / PLAN, json.dumps(fields, indent=1) + "\n")
    return SweepFolder(path, str(known["token"]))


@dataclass(frozen=True)
class SweepFolder:
    """The folder of one sweep.

    Attributes
    ----------
    path
        Where it is.
    token
        A random word in its ``sweep.json``, by which a worker knows that it sees this very folder.
    """

    path: Path
    token: str

    def run_folder(self, task: SweepTask) -> Path:
        """Where a run is kept, once it is finished."""
        return self.path / RUNS / task.key

    def unfinished(self, task: SweepTask) -> Path:
        """Where a run is trained, with its checkpoints, by a worker that sees this folder."""
        return self.path / UNFINISHED / task.key

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other heads out while the block runs; half-written folders of killed ones are removed.

        Raises
        ------
        UsageError
            Another process runs this sweep.
        """
        with run_lock(self.path):
            for left in (self.path / RUNS).glob(f"{TEMPORARY}*"):
                shutil.rmtree(left, ignore_errors=True)
            yield

    def finished(self, task: SweepTask) -> RunRecord | None:
        """Return the record of a run that is here, whole and of this task; else ``None``."""
        try:
            record = read_record(self.run_folder(task))
        except (DataMissingError, DataCorruptError, NotADirectoryError):
            return None
        return record if record.status == "finished" and record.seed == task.seed else None

    def failure(self, task: SweepTask) -> SweepFailure | None:
        """Return what was noted about a run that failed; else ``None``."""
        try:
            fields = json.loads((self.path / FAILED / f"{task.key}.json").read_bytes())
            return SweepFailure(task, str(fields["message"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def adopt(self, task: SweepTask, place: Path) -> None:
        """Keep a finished run that lies in `unfinished`; it appears whole.

        Raises
        ------
        CacheError
            The disk refuses.
        """
        self._move(task, place)
        shutil.rmtree(place, ignore_errors=True)

    def keep_run(self, task: SweepTask, run: Run) -> None:
        """Save a finished run; it appears whole.

        Raises
        ------
        CacheError
            The disk refuses.
        """
        with self._new_folder(task) as part:
            save_run(run, part)

    def keep_files(self, task: SweepTask, files: Mapping[str, bytes]) -> None:
        """Save a finished run that came over the network as its files; it appears whole.

        Raises
        ------
        CacheError
            The disk refuses.
        """
        with self._new_folder(task) as part:
            for name, content in files.items():
                write_file(part / name, content)

    def keep_failure(self, failure: SweepFailure) -> None:
        """Note that a run failed, so that the same command does not make it again."""
        fields = {"schema": SCHEMA, **asdict(failure.task), "message": failure.message}
        write_file(self.path / FAILED / f"{failure.task.key}.json", json.dumps(fields, indent=1) + "\n")

    def forget_failure(self, task: SweepTask) -> None:
        """Remove the note about a failed run, so that it is made again."""
        (self.path / FAILED / f"{task.key}.json").unlink(missing_ok=True)

    @contextmanager
    def _new_folder(self, task: SweepTask) -> Iterator[Path]:
        final = self.run_folder(task)
        part = final.with_name(f"{TEMPORARY}{secrets.token_hex(8)}-{task.key}")
        try:
            with explained(part):
                part.mkdir(parents=True)
            yield part
            self._move(task, part)
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _move(self, task: SweepTask, place: Path) -> None:
        """Give a run's folder its last name, unless the run is there already."""
        final = self.run_folder(task)
        if self.finished(task) is None:
            with explained(final):
                shutil.rmtree(final, ignore_errors=True)
                final.parent.mkdir(exist_ok=True)
                place.rename(final)


def sees_sweep(path: Path, token: str) -> bool:
    """Whether this machine sees the very sweep folder that has the token, not just one of the same path."""
    try:
        return bool(json.loads((path / PLAN).read_bytes())["token"] == token)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def packed_run(run: Run, folder: Path) -> dict[str, bytes]:
    """Return the files of a run by name, ``run.json`` last, written and read in an empty folder."""
    save_run(run, folder)
    paths = sorted(folder.iterdir(), key=lambda path: (path.name == RECORD, path.name))
    return {path.name: path.read_bytes() for path in paths}


def _read_plan(path: Path) -> dict[str, Any] | None:
    try:
        fields = json.loads((path / PLAN).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise DataCorruptError(
            f"{path / PLAN} is damaged: {error}. Give another --name; the runs in {RUNS}/ are untouched."
        ) from error
    if not isinstance(fields, dict) or fields.get("schema") != SCHEMA or "identity" not in fields:
        raise DataCorruptError(
            f"{path / PLAN} is no plan of a sweep that this firstlight reads. Give another --name."
        )
    return fields


def _refuse_another_plan(path: Path, known: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    plain = json.loads(json.dumps(wanted))
    different = [key for key in plain if plain[key] != known.get(key)]
    if different:
        facts = "; ".join(f"{key}: {known.get(key)} there, {plain[key]} asked for" for key in different)
        raise UsageError(f"{path} holds another sweep ({facts}). Give another --name.")
