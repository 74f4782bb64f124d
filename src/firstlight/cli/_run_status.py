"""How a run stands, in words: whether it is finished, still being trained, or was cut off, and where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firstlight.training import RunRecord

__all__ = ["resume_hint", "status_words"]


def status_words(folder: Path, record: RunRecord) -> str:
    """Return a run's status; of one that has not come to its end, how far it is.

    A run is taken to be in training as long as some process holds the lock of its folder.
    """
    from firstlight.training import is_locked

    percent = f"{100 * record.step / max(1, record.steps):.0f} %"
    if record.status == "running":
        return f"in training, {percent}" if is_locked(folder) else f"stopped at {percent}"
    return f"interrupted at {percent}" if record.status == "interrupted" else record.status


def resume_hint(folder: Path, record: RunRecord) -> str | None:
    """Return the command that goes on with a run that was cut off; ``None`` for any other."""
    from firstlight.training import is_locked, spoken_name

    if record.status not in {"running", "interrupted"} or is_locked(folder):
        return None
    return f"firstlight train --resume {spoken_name(folder)}"
