"""The events of a training, drawn: a bar for the steps, a line for each epoch, a message for the rest."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from firstlight.cli._output import Output

if TYPE_CHECKING:
    from firstlight.cli._progress import Bar
    from firstlight.recipes import AnyRecipe
    from firstlight.training import EpochDone, Event, MemberStarted, Resumed

__all__ = ["TrainingProgress"]

DRAW_EVERY = 10  # steps; a bar that is drawn at each costs as much as a step


class TrainingProgress:
    """Draws what `firstlight.training.train` tells, as its ``on_event``; used as a ``with`` block.

    Parameters
    ----------
    out
        Where to.
    recipe
        What is trained: says how many epochs there will be.
    """

    def __init__(self, out: Output, recipe: AnyRecipe) -> None:
        self._out = out
        self._stack = ExitStack()
        self._bar: Bar | None = None
        self._title = "training"
        own = recipe.settings.get("members") or [{"count": 1, "settings": recipe.settings}]
        self._epochs = [each["settings"].get("epochs", 1) for each in own for _ in range(each["count"])]
        self._member = 1

    def __enter__(self) -> TrainingProgress:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def __call__(self, event: Event) -> None:
        """Draw one event."""
        from firstlight.training import CheckpointFailed, EpochDone, MemberStarted, Resumed, Started, StepDone

        if isinstance(event, StepDone):
            if self._bar is not None and event.step % DRAW_EVERY == 0:
                self._bar.update(event.step)
        elif isinstance(event, EpochDone):
            self._say_epoch(event)
        elif isinstance(event, Started):
            self._start_bar(event.steps)
        elif isinstance(event, MemberStarted):
            self._start_member(event)
        elif isinstance(event, Resumed):
            self._resume(event)
        elif isinstance(event, CheckpointFailed):
            self._out.say(f"Training goes on without a checkpoint of step {event.step}. {event.error}")

    def _start_bar(self, steps: int) -> None:
        self._stack.close()
        self._bar = self._stack.enter_context(self._out.progress(self._title, total=steps, unit="steps"))

    def _say_epoch(self, event: EpochDone) -> None:
        from rich.text import Text

        from firstlight.reports import epoch_line

        # As rich's text: a plain line would be written through the bar.
        line = epoch_line(event, epochs=self._epochs[self._member - 1])
        self._out.say(Text(line, no_wrap=True))

    def _start_member(self, event: MemberStarted) -> None:
        self._stack.close()
        self._member, self._title = event.member, f"member {event.member} of {event.members}"
        self._out.say(f"Member {event.member} of {event.members}: {event.recipe}, seed {event.seed}")

    def _resume(self, event: Resumed) -> None:
        percent = f"{100 * event.step / event.steps:.0f} %"
        self._out.say(f"Going on after step {event.step} of {event.steps} ({percent}).")
        for change in event.changes:
            self._out.say(f"Since then {change}: the last bits of the weights may come out differently.")
        if self._bar is not None:
            self._bar.update(event.step)
