"""Progress bars on the terminal, with rate and time left."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn

__all__ = ["Bar", "drawing"]


class Bar:
    """A progress bar that vanishes when it is done; a silent stand-in where there is no console.

    Parameters
    ----------
    console
        Where to draw; None draws nothing.
    title
        What is being done.
    total
        How many units make the whole; None when it is not known.
    unit
        ``"bytes"`` draws sizes and a rate; any other word stands behind the count.
    """

    def __init__(self, console: Console | None, title: str, *, total: float | None, unit: str = "") -> None:
        self._progress = None if console is None else drawing(console, unit)
        if self._progress is not None:
            self._task = self._progress.add_task(title, total=total, note="")

    def __enter__(self) -> Bar:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def update(
        self,
        done: float | None = None,
        *,
        total: float | None = None,
        title: str | None = None,
        note: str | None = None,
    ) -> None:
        """Draw what is known by now; an argument that is None leaves its part as it was.

        Parameters
        ----------
        done
            Units done so far, counted from the beginning.
        total
            A new total, for when it becomes known late.
        title
            A new title.
        note
            A few words behind the bar, such as the loss.
        """
        if self._progress is not None:
            self._progress.update(self._task, completed=done, total=total, description=title)
            if note is not None:
                self._progress.update(self._task, note=note)


def drawing(console: Console, unit: str) -> Progress:
    """Return rich's progress drawing, not yet started, whose tasks have a ``note`` field."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns: list[ProgressColumn] = [TextColumn("{task.description}", markup=False), BarColumn(bar_width=30)]
    columns += _count_columns(unit)
    columns += [TimeRemainingColumn(), TextColumn("{task.fields[note]}", markup=False)]
    return Progress(*columns, console=console, transient=True)


def _count_columns(unit: str) -> list[ProgressColumn]:
    from rich.progress import DownloadColumn, MofNCompleteColumn, TextColumn, TransferSpeedColumn

    if unit == "bytes":
        return [DownloadColumn(), TransferSpeedColumn()]
    return [MofNCompleteColumn(), TextColumn(unit, markup=False)]
