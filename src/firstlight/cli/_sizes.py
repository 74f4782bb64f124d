"""Bytes and seconds in words."""

from __future__ import annotations

__all__ = ["seconds_text", "size_text"]


def size_text(size_bytes: int) -> str:
    """Write a size in decimal units, as download pages do.

    Examples
    --------
    >>> size_text(9912422), size_text(28881), size_text(12)
    ('9.9 MB', '28.9 kB', '12 bytes')
    """
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size_bytes >= unit:
            return f"{size_bytes / unit:.1f} {name}"
    return f"{size_bytes} bytes"


def seconds_text(seconds: float) -> str:
    """Write a duration with the digits that matter.

    Examples
    --------
    >>> seconds_text(0.0312), seconds_text(8.04), seconds_text(125)
    ('31 ms', '8.0 s', '2 min 5 s')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
