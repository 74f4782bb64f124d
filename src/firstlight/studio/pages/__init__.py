"""The pages of the studio, one file each; see the docstring of `firstlight.studio` for how to add one."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from firstlight.studio._page import Page

__all__ = ["find_pages"]


@cache
def find_pages() -> tuple[Page, ...]:
    """Return every page whose file lies in this folder, in the order of the bar at the top."""
    modules = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    return tuple(sorted((module.PAGE for module in modules), key=lambda page: page.place))
