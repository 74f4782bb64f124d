"""``python -m firstlight`` is the command ``firstlight``."""

from __future__ import annotations

from firstlight.cli import main

if __name__ == "__main__":
    main()
