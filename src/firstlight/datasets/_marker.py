"""The small hidden file in an exported folder: the order of the classes, which file names cannot tell."""

from __future__ import annotations

import json
from pathlib import Path

from firstlight._errors import DataCorruptError

__all__ = ["MARKER", "read_classes", "write_marker"]

# Hidden, so that programs that read every file of a folder pass it over.
MARKER = ".firstlight.json"


def write_marker(folder: Path, format: str, classes: tuple[str, ...]) -> None:  # noqa: A002
    """Write down which format an exported folder has, and the names of its classes by label."""
    text = json.dumps({"schema": 1, "format": format, "classes": list(classes)}, indent=1, ensure_ascii=False)
    (folder / MARKER).write_text(text, encoding="utf-8")


def read_classes(folder: Path) -> tuple[str, ...] | None:
    """Names of the classes by label; None where firstlight did not write the folder.

    Raises
    ------
    DataCorruptError
        The file is there and makes no sense.
    """
    path = folder / MARKER
    if not path.is_file():
        return None
    try:
        classes = json.loads(path.read_text(encoding="utf-8"))["classes"]
        if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
            raise TypeError("classes is not a list of names")
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DataCorruptError(
            f"{path} cannot be read ({error}). Remove it to take the classes from the data alone."
        ) from error
    return tuple(classes)
