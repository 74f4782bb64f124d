"""torchvision's contract, point by point, for one process that has torchvision or has not.

Run as ``python contract.py with|without ROOT SCRATCH``: prints one JSON object, from each point's name to "ok",
"skipped: why" or what went wrong. ROOT/MNIST/raw holds the real files. It is a program of its own because whether
torchvision can be imported is settled once in the life of a process.
"""

from __future__ import annotations

import importlib
import json
import sys
import traceback
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import contract_family
import contract_files
import contract_items
import torch
from contract_setting import POINTS, Setting, SkippedError

PARTS = (contract_items, contract_files, contract_family)  # importing them filled POINTS


def import_torchvision() -> ModuleType:
    """Import torchvision even where its C++ operators are missing, which the data sets do not use."""
    register = torch.library.register_fake

    def tolerant(name: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(name, str) and name.startswith("torchvision::"):
            return lambda function: function
        return register(name, *args, **kwargs)

    torch.library.register_fake = tolerant
    try:
        return importlib.import_module("torchvision")
    finally:
        torch.library.register_fake = register


def main(way: str, root: str, scratch: str) -> None:
    if way == "with":
        torchvision = import_torchvision()
    else:
        torchvision = None
        sys.modules["torchvision"] = None  # makes every import of it an ImportError
    from firstlight import torchvision as ours

    warnings.simplefilter("error")
    setting = Setting(ours, torchvision, Path(root), Path(scratch))
    outcome = {}
    for name, check in POINTS.items():
        try:
            check(setting)
            outcome[name] = "ok"
        except SkippedError as reason:
            outcome[name] = f"skipped: {reason}"
        except Exception:
            outcome[name] = traceback.format_exc()
    sys.stdout.write(json.dumps(outcome) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
