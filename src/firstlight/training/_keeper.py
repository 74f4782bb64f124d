"""What of a training is written to disk, and when: `run.json` from the start, checkpoints now and then."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from torch import Tensor

from firstlight._atomic import TEMPORARY
from firstlight._errors import CacheError, DataCorruptError, RunNotKeptError
from firstlight.datasets import ImageDataset
from firstlight.training._beginning import Beginning, found_beginning
from firstlight.training._checkpoint import Checkpoint, images_sha256, read_checkpoint, write_checkpoint
from firstlight.training._events import (
    CheckpointFailed,
    CheckpointWritten,
    EpochDone,
    Event,
    Started,
    StepDone,
)
from firstlight.training._folder import CHECKPOINT, RECORD, save_run, spoken_name, write_record
from firstlight.training._run import Run, RunRecord
from firstlight.training._run_lock import LOCK
from firstlight.training._state import part
from firstlight.training._watch import Watch

__all__ = ["CHECKPOINT_SECONDS", "Keeper", "is_due"]

CHECKPOINT_SECONDS = 30.0
LEAST_GAIN = 50  # a checkpoint follows this many times what it costs: 2 % of the training
# How quickly the first is guessed to be hashed and written; after that it is measured.
GUESSED_SECONDS, GUESSED_BYTES, GUESSED_PIXELS = 0.005, 200e6, 1e9


class Keeper:
    """Keeps a training on disk while it runs, so that little is lost when it is killed.

    A checkpoint is written when an epoch ends, and when the last one is ``seconds`` old, but only once the
    training since then has taken fifty times what a checkpoint costs. So a training of a few seconds writes
    none; killed, it begins anew.

    Parameters
    ----------
    folder
        Where to; ``None`` keeps nothing.
    images
        What is learnt from: a checkpoint names its hash.
    seconds
        Between two checkpoints; 0 writes one at every event, whatever it costs.
    resumes
        Whether the folder holds a run that was cut off, to go on with.
    tell
        Called with `CheckpointWritten`, and with `CheckpointFailed` the first time that the disk refuses one.
    """

    def __init__(
        self,
        folder: Path | None,
        images: ImageDataset,
        *,
        seconds: float = CHECKPOINT_SECONDS,
        resumes: bool = False,
        tell: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self.folder, self.resumes, self.seconds = folder, resumes, seconds
        self._images, self._tell = images, tell
        self._images_sha256: str | None = None
        self._last, self._cost = perf_counter(), 0.0
        self._has_failed = False

    def begin(self, fresh: RunRecord) -> Beginning:
        """Find out where to begin, and write `run.json`: from here on the run can be resumed.

        Parameters
        ----------
        fresh
            The record of a run that begins at its first step.

        Raises
        ------
        UsageError, DataCorruptError
            The folder's run is another one, or its checkpoint is damaged; nothing was changed.
        CacheError
            The disk refuses.
        """
        if not self.folder:
            return Beginning(fresh)
        beginning = Beginning(fresh)
        if self.resumes:
            beginning = found_beginning(self.folder, fresh, self._images)
            for left in self.folder.glob(f"{TEMPORARY}*"):  # half-written by a process that was killed
                left.unlink(missing_ok=True)
        write_record(beginning.record, self.folder)
        return beginning

    def progress(self, record: RunRecord) -> None:
        """Write `run.json` anew, if the disk lets us: it only says how far the run is."""
        if self.folder:
            with contextlib.suppress(CacheError):
                write_record(record, self.folder)

    def forget(self) -> None:
        """Take back what `begin` wrote, if nothing else was kept: the run came to nothing."""
        if (
            self.folder
            and not self.resumes
            and {each.name for each in self.folder.iterdir()} <= {RECORD, LOCK}
        ):
            (self.folder / RECORD).unlink(missing_ok=True)

    def last_weights(self) -> tuple[int, dict[str, Tensor]] | None:
        """Return step and weights of the checkpoint, if there is a good one."""
        if not self.folder:
            return None
        try:
            checkpoint = read_checkpoint(self.folder / CHECKPOINT)
        except (FileNotFoundError, DataCorruptError):
            return None
        return checkpoint.record.step, part("model", checkpoint.tensors)

    def __call__(self, event: Event, watch: Watch) -> None:
        """Write a checkpoint, if it is time for one."""
        if not self.folder:
            return
        if isinstance(event, Started):
            self._last, self._cost = perf_counter(), self._guessed_cost(watch.tensors())
        elif isinstance(event, StepDone | EpochDone):
            passed, ends_epoch = perf_counter() - self._last, isinstance(event, EpochDone)
            if is_due(passed, ends_epoch=ends_epoch, seconds=self.seconds, cost=self._cost):
                self.keep(watch)

    def keep(self, watch: Watch) -> None:
        """Write a checkpoint now; where the disk refuses it, tell so and go on.

        Raises
        ------
        TrainingDivergedError
            There is no sense in keeping this state. The checkpoint before it stays.
        """
        if not self.folder:
            return
        watch.state.check_finite()  # waits for the device, so that the clock can stand still
        with watch.state.clock.paused():
            started = perf_counter()
            failure = self._write(self.folder, watch)
            self._last = perf_counter()
            self._cost = self._last - started
            if failure is None:
                self._tell(CheckpointWritten(watch.state.step, self.folder / CHECKPOINT, self._cost))
            elif not self._has_failed:
                self._has_failed = True
                self._tell(CheckpointFailed(watch.state.step, failure))

    def end(self, run: Run) -> Run:
        """Write the files of a run that has ended, and remove what only going on would need.

        Raises
        ------
        RunNotKeptError
            The disk refuses; the error holds the run, and the checkpoint stays.
        """
        if not self.folder:
            return run
        try:
            kept = save_run(run, self.folder)
        except CacheError as error:
            raise RunNotKeptError(self._farewell(run, error), run) from error
        if run.record.status != "interrupted":
            with contextlib.suppress(OSError):
                (self.folder / CHECKPOINT).unlink(missing_ok=True)
        return kept

    def _write(self, folder: Path, watch: Watch) -> CacheError | None:
        self._images_sha256 = self._images_sha256 or images_sha256(self._images)
        record = watch.record
        try:
            write_checkpoint(folder / CHECKPOINT, Checkpoint(record, self._images_sha256, watch.tensors()))
            write_record(record, folder)
        except CacheError as error:
            return error
        return None

    def _guessed_cost(self, tensors: dict[str, Tensor]) -> float:
        size_bytes = sum(value.nbytes for value in tensors.values())
        return GUESSED_SECONDS + size_bytes / GUESSED_BYTES + self._images.images.nbytes / GUESSED_PIXELS

    def _farewell(self, run: Run, error: CacheError) -> str:
        record = run.record
        score = (
            "" if record.test_accuracy is None else f", {100 * record.test_accuracy:.2f} % on the test set"
        )
        assert self.folder is not None, "only what has a folder fails to be written"
        start = "checkpoint" if (self.folder / CHECKPOINT).exists() else "beginning"
        return (
            f"The run is {record.status}{score}, but its files could not be written. {error} "
            f"Then go on from its {start} with: firstlight train --resume {spoken_name(self.folder)} "
            "(in Python, this error's `run` holds it all)"
        )


def is_due(passed: float, *, ends_epoch: bool, seconds: float, cost: float) -> bool:
    """Return whether it is time for a checkpoint.

    Parameters
    ----------
    passed
        Seconds since the last one, or since the training began.
    ends_epoch
        Whether an epoch ends here, which is a good time for one.
    seconds
        Between two; 0 means always.
    cost
        Seconds that it takes to write one.

    Examples
    --------
    >>> is_due(5.0, ends_epoch=True, seconds=30.0, cost=0.01)
    True
    >>> is_due(5.0, ends_epoch=False, seconds=30.0, cost=0.01)
    False
    >>> is_due(40.0, ends_epoch=False, seconds=30.0, cost=1.0)
    False
    """
    if seconds == 0:
        return True
    return passed >= LEAST_GAIN * cost and (ends_epoch or passed >= seconds)
