"""`Trainer`: one training at a time, in a thread of its own; whoever looks on may come and go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from firstlight._errors import DataMissingError, FirstlightError, TrainingDivergedError, UsageError
from firstlight.studio._feed import Feed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from firstlight.datasets import ImageDataset
    from firstlight.recipes import Recipe
    from firstlight.studio._studio import Studio
    from firstlight.studio._training_watch import TrainingWatch
    from firstlight.training import Run, RunRecord

__all__ = ["Trainer", "Wish"]


class Wish(NamedTuple):
    """What somebody wants to be trained.

    Attributes
    ----------
    recipe, seed
        The recipe, with the settings that were asked for, and the seed.
    folder
        Of a run to go on with; ``None`` begins a new one.
    record
        Of that run.
    """

    recipe: Recipe
    seed: int
    folder: Path | None = None
    record: RunRecord | None = None


class Trainer:
    """Trains what is wished, and tells its ``feed``.

    A closed page stops nothing. When the server ends, a training is stopped as by Ctrl-C, between two steps,
    and keeps a checkpoint to go on from.

    Parameters
    ----------
    studio
        Whose data set is learnt.
    """

    def __init__(self, studio: Studio) -> None:
        self.feed = Feed()
        self._studio = studio
        self._lock = threading.Lock()
        self._name = ""  # of what is trained right now
        self._is_stopped = self._has_ended = False
        self._watch: TrainingWatch | None = None
        studio.at_end(self._end)

    def begin(self, wish: Wish) -> None:
        """Start a training, and return at once.

        Raises
        ------
        UsageError
            One is under way.
        """
        with self._lock:
            if self._name:
                raise UsageError(
                    f"One training at a time: {self._name} is under way{self._where()}. "
                    "Wait for it, or stop it."
                )
            self._name, self._watch, self._is_stopped = wish.recipe.name, None, self._has_ended
        self.feed.begin()
        settings = wish.recipe.settings
        self.feed.tell(
            "begun",
            recipe=wish.recipe.name,
            dataset=self._studio.dataset if wish.record is None else wish.record.dataset,
            seed=wish.seed,
            epochs=settings["epochs"],
            learning_rate=settings["optimizer"]["learning_rate"],
            resumes=wish.folder is not None and wish.folder.name,
            history=_history(wish.record) if wish.record else [],
        )
        # No daemon: the interpreter waits for it, so that its checkpoint is written whole.
        threading.Thread(target=self._train, args=(wish,), name="training").start()

    def pause(self) -> None:
        """Stand still after the step that is under way."""
        self._watched().pause()

    def go_on(self) -> None:
        """Go on after a pause."""
        self._watched().go_on()

    def stop(self) -> None:
        """End the training after the step that is under way; it can be gone on with."""
        with self._lock:
            if not self._name:
                raise UsageError("Nothing is being trained.")
            self._is_stopped = True
            if self._watch is not None:
                self._watch.stop()

    def weights(self, step: int) -> tuple[NDArray[np.float32], list[int]]:
        """Return the pictures of the first layer after a step, and the steps that pictures are kept of.

        Raises
        ------
        DataMissingError
            None are kept of that step.
        """
        kept = dict(self._watch.weights) if self._watch is not None else {}
        if step not in kept:
            raise DataMissingError(f"No pictures of the weights are kept of step {step}.")
        return kept[step], sorted(kept)

    def _where(self) -> str:
        watch = self._watch
        return f", step {watch.step:,} of {watch.steps:,}" if watch is not None and watch.steps else ""

    def _watched(self) -> TrainingWatch:
        with self._lock:
            if not self._name or self._watch is None:
                raise UsageError("Nothing is being trained that could stand still or go on.")
            return self._watch

    def _end(self) -> None:
        with suppress(UsageError):
            self._has_ended = True
            self.stop()
        self.feed.close()

    def _train(self, wish: Wish) -> None:
        ending: dict[str, Any] = {"status": "failed", "message": ""}
        try:
            ending = self._trained(wish)
        except FirstlightError as error:
            ending["message"] = str(error)
        except BaseException as error:  # whatever it is, who looks on has to know
            ending["message"] = f"The training broke off: {type(error).__name__}: {error}"
        finally:
            with self._lock:
                self.feed.tell("ended", **ending)
                self._name = ""

    def _trained(self, wish: Wish) -> dict[str, Any]:
        from firstlight.studio._training_results import ending_of, last_run
        from firstlight.studio._training_watch import TrainingWatch
        from firstlight.training import TrainingInterrupted, new_run_folder

        pair = self._pair(wish)
        folder = wish.folder or new_run_folder(wish.recipe.name, pair[0].name, wish.seed)
        before = last_run(pair[0].name, folder)
        told = {"before": before and before.fields(), "classes": pair[0].classes}
        self.feed.tell("placed", run=folder.name, **told)
        watch = TrainingWatch(self.feed, pair[0])
        with self._lock:
            self._watch = watch
            if self._is_stopped:
                watch.stop()
        try:
            run = _carried_out(wish, pair, folder, watch)
        except TrainingInterrupted as stopped:
            run = stopped.run
        except TrainingDivergedError as error:
            return {**ending_of(error.run, None, pair[1]), "message": str(error)}
        finally:
            with suppress(OSError):
                folder.rmdir()  # only if nothing was written
        return ending_of(run, before, pair[1])

    def _pair(self, wish: Wish) -> tuple[ImageDataset, ImageDataset]:
        pair = self._studio.images()
        if wish.record is None or wish.record.dataset == pair[0].name:
            return pair
        from firstlight.datasets import load

        return load(wish.record.dataset)


def _carried_out(
    wish: Wish, pair: tuple[ImageDataset, ImageDataset], folder: Path, watch: Callable[[Any], None]
) -> Run:
    from firstlight.training import resume, train

    if wish.folder is not None:
        return resume(folder, dataset=pair, on_event=watch)
    return train(wish.recipe, dataset=pair, seed=wish.seed, validate=True, folder=folder, on_event=watch)


def _history(record: RunRecord) -> list[Mapping[str, Any]]:
    return [{"epoch": one.epoch, "validation_accuracy": one.validation_accuracy} for one in record.history]
