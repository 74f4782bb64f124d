"""The environment variables that firstlight honours, read anew at each call."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

__all__ = ["data_folders", "home", "is_offline", "mirrors"]


def home() -> Path:
    """Folder for the cache and the runs: ``FIRSTLIGHT_HOME``, else the platform's own place for user data."""
    chosen = os.environ.get("FIRSTLIGHT_HOME")
    return Path(chosen).expanduser().absolute() if chosen else platformdirs.user_data_path("firstlight")


def data_folders() -> tuple[Path, ...]:
    """Read-only folders with data: ``FIRSTLIGHT_DATA``, separated like ``PATH``."""
    listed = os.environ.get("FIRSTLIGHT_DATA", "")
    return tuple(Path(part).expanduser().absolute() for part in listed.split(os.pathsep) if part)


def is_offline() -> bool:
    """Whether ``FIRSTLIGHT_OFFLINE`` forbids every network call."""
    return os.environ.get("FIRSTLIGHT_OFFLINE", "").strip().lower() not in {"", "0", "false", "no"}


def mirrors() -> tuple[str, ...]:
    """Base URLs to try before the official ones: ``FIRSTLIGHT_MIRROR``, separated by commas."""
    listed = os.environ.get("FIRSTLIGHT_MIRROR", "")
    return tuple(part.strip().rstrip("/") for part in listed.split(",") if part.strip())
