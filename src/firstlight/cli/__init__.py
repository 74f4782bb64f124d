"""The command `firstlight`: one file per command, each parse -> call -> print."""

from __future__ import annotations

from firstlight.cli._main import app, main

__all__ = ["app", "main"]
