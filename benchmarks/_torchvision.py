"""The peer: torchvision, importable even beside a torch that its C++ operators were not built for."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import torch

__all__ = ["import_torchvision"]


def import_torchvision() -> ModuleType:
    """Import torchvision; a missing C++ operator does not matter to its data sets and transforms.

    Raises
    ------
    SystemExit
        It is not installed.
    """
    register = torch.library.register_fake

    def tolerant(name: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(name, str) and name.startswith("torchvision::"):
            return lambda function: function
        return register(name, *args, **kwargs)

    torch.library.register_fake = tolerant  # type: ignore[assignment]
    try:
        return importlib.import_module("torchvision")
    except ModuleNotFoundError as error:
        raise SystemExit("The peer is missing: pip install 'firstlight[bench]'") from error
    finally:
        torch.library.register_fake = register
