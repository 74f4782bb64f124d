"""Rows of text in aligned columns, with no lines and no trailing blanks: grep and awk read them too."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["aligned"]

GAP = "  "


def aligned(rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = (), indent: int = 0) -> str:
    """Return one line for each row, with its cells below those of the row above.

    Parameters
    ----------
    rows
        Cells; all rows have the same number of them.
    numbers
        The columns that are flush right, counted from 0.
    indent
        Blanks before each line.

    Examples
    --------
    >>> print(aligned([("mnist", "70,000"), ("qmnist", "9")], numbers=[1]))
    mnist   70,000
    qmnist       9
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(" " * indent + _line(row, widths, numbers) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    cells = (
        cell.rjust(width) if place in numbers else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return GAP.join(cells).rstrip()
