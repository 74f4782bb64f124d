"""What happens while a map is made, drawn: a line for each part of the work, a bar for the layout's steps."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from firstlight.cli._output import Output

if TYPE_CHECKING:
    from firstlight.cli._progress import Bar

__all__ = ["MapProgress"]

STAGES = {
    "features": "Features",
    "neighbours": "Nearest neighbours",
    "layout": "Layout",
    "quality": "Quality",
}


class MapProgress:
    """Draws what `firstlight.maps.map` tells, as its ``on_event``; used as a ``with`` block.

    Parameters
    ----------
    out
        Where to.
    """

    def __init__(self, out: Output) -> None:
        self._out = out
        self._stack = ExitStack()
        self._bar: Bar | None = None

    def __enter__(self) -> MapProgress:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def __call__(self, event: Any) -> None:
        """Draw one event; those of a training are drawn as steps of the part that it belongs to."""
        from firstlight.maps import LayoutStep, MapStage
        from firstlight.neighbours import NeighboursFound
        from firstlight.training import Started, StepDone

        if isinstance(event, MapStage):
            self._begin(STAGES.get(event.name, event.name))
        elif isinstance(event, Started):
            self._begin("Learning the features", total=event.steps)
        elif isinstance(event, LayoutStep) and self._bar is not None:
            self._bar.update(event.step, total=event.steps)
        elif isinstance(event, StepDone) and self._bar is not None:
            self._bar.update(event.step)
        elif isinstance(event, NeighboursFound):
            self._stack.close()
            self._bar = None
            self._out.say(_found(event.seconds, event.recall, from_cache=event.from_cache))

    def _begin(self, title: str, *, total: int | None = None) -> None:
        self._stack.close()
        if not self._out.is_live:
            self._out.say(title)
        self._bar = self._stack.enter_context(self._out.progress(title, total=total, unit="steps"))


def _found(seconds: float, recall: float | None, *, from_cache: bool) -> str:
    if from_cache:
        return f"Nearest neighbours read from the cache in {seconds:.1f} s"
    share = "all of them" if recall is None else f"{100 * recall:.1f} % of them"
    return f"Nearest neighbours found, {share}, in {seconds:.1f} s"
