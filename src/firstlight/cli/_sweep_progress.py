"""A sweep on the terminal while it runs: the table, drawn again after each run; lines where none is."""

from __future__ import annotations

from contextlib import ExitStack
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from firstlight.cli._output import Output
    from firstlight.training import SweepEvent, SweepFailure, SweepRun, SweepStarted

__all__ = ["SweepDrawing"]

DRAWN_A_SECOND = 2
ROWS_DRAWN = 15  # of many combinations only the best, so that the table fits on the screen


class SweepDrawing:
    """Draws the events of a sweep on stderr; a table on a terminal, else a line for each run.

    Parameters
    ----------
    out
        Of the command.
    """

    def __init__(self, out: Output) -> None:
        self._out = out
        self._stack = ExitStack()
        self._started: SweepStarted | None = None
        self._runs: list[SweepRun] = []
        self._failures: list[SweepFailure] = []
        self._began, self._before = 0.0, 0

    def __enter__(self) -> SweepDrawing:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def __call__(self, event: SweepEvent) -> None:
        """Draw an event."""
        from firstlight.training import SweepFailure, SweepLoss, SweepStarted

        if isinstance(event, SweepStarted):
            self._start(event)
        elif isinstance(event, SweepLoss):
            self._out.say(f"A worker died ({event.reason}) in {event.task.key}; that run starts again.")
        elif isinstance(event, SweepFailure):
            self._failures.append(event)
            self._out.say(f"{self._count()}  {event.task.key} failed: {event.message}")
        else:
            self._runs.append(event)
            if not self._out.is_live:
                score = f"{100 * event.accuracy:.2f} %"
                self._out.say(f"{self._count()}  {event.task.key}  {score}  {event.train_seconds:.2f} s")

    def _start(self, event: SweepStarted) -> None:
        self._started, self._began = event, perf_counter()
        self._runs, self._failures = list(event.runs), list(event.failures)
        self._before = len(self._runs) + len(self._failures)
        plan = event.plan
        kept = f", {self._before} of them from before" if self._before else ""
        self._out.say(
            f"Sweep of {plan.recipe.name} on {plan.dataset}: {len(plan.tasks)} runs{kept}; {event.workers}"
        )
        if self._out.is_live and self._before < len(plan.tasks):
            from rich.live import Live

            self._stack.enter_context(
                Live(
                    console=self._out.stderr,
                    transient=True,
                    refresh_per_second=DRAWN_A_SECOND,
                    get_renderable=self._table,
                )
            )

    def _table(self) -> Table:
        from firstlight.reports import sweep_table
        from firstlight.training import sweep_groups

        assert self._started is not None, "drawn only after the start"
        plan = self._started.plan
        groups = sweep_groups(plan, tuple(self._runs), tuple(self._failures))
        what = "held-out training images" if plan.validates else "test images"
        title = f"{self._count()} runs, {self._time_left()}; accuracy on {what}"
        return sweep_table(groups[:ROWS_DRAWN], seeds=len(plan.seeds), title=title)

    def _count(self) -> str:
        assert self._started is not None, "told only after the start"
        return f"{len(self._runs) + len(self._failures)} of {len(self._started.plan.tasks)}"

    def _time_left(self) -> str:
        assert self._started is not None, "told only after the start"
        done = len(self._runs) + len(self._failures) - self._before
        if not done:
            return "starting"
        todo = len(self._started.plan.tasks) - self._before - done
        seconds = round((perf_counter() - self._began) * todo / done)
        return f"about {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02} left"
