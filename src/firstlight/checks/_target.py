"""From ``path/file.py:name`` or ``package.module:name`` to the object."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from firstlight._errors import TargetError, UnknownNameError

__all__ = ["load_object", "object_name", "with_whole_path"]


def load_object(name: str) -> Any:
    """Import an object by its name.

    Parameters
    ----------
    name
        ``path/file.py:name`` or ``package.module:name``; where the last colon is missing, the last dot
        counts (``torch.optim.Adam``). The name may have dots: ``file.py:Class.method``.

    Raises
    ------
    TargetError
        The name is no such name, the file is missing, or importing it fails.
    UnknownNameError
        The module has no such name; the message says the nearest.

    Examples
    --------
    >>> load_object("math:sqrt")(9.0)
    3.0
    """
    place, _, inner = name.rpartition(":") if ":" in name else name.rpartition(".")
    if not place or not inner or (inner == "py" and ":" not in name):
        raise TargetError(
            f"{name!r} names no object. Write path/file.py:name or package.module:name, "
            "such as my_adam.py:MyAdam or torch.optim:Adam."
        )
    found: Any = _imported(place)
    for part in inner.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise UnknownNameError(f"name in {place}", part, _public_names(found)) from None
    return found


def with_whole_path(name: Any) -> Any:
    """Return a name with the whole path of its file, so that it holds in another folder too.

    Raises
    ------
    TargetError
        The file is missing.

    Examples
    --------
    >>> with_whole_path("torch.optim:Adam")
    'torch.optim:Adam'
    """
    if not isinstance(name, str) or ":" not in name:
        return name
    place, _, inner = name.rpartition(":")
    return f"{_existing(Path(place)).resolve()}:{inner}" if _is_file(place) else name


def object_name(target: Any) -> str:
    """Return what a report calls an object.

    Examples
    --------
    >>> object_name(Path), object_name("math:sqrt")
    ('pathlib:Path', 'math:sqrt')
    """
    if isinstance(target, str):
        return target
    named = target if hasattr(target, "__qualname__") else type(target)
    module = getattr(named, "__module__", None) or "?"
    return f"{module}:{named.__qualname__}"


def _imported(place: str) -> ModuleType:
    is_file = _is_file(place)
    try:
        return _from_file(Path(place)) if is_file else importlib.import_module(place)
    except TargetError:
        raise
    except ModuleNotFoundError as error:
        is_itself = not is_file and place.startswith(error.name or "\0")
        cure = (
            "Check its spelling, install it, or give the path of a file."
            if is_itself
            else "Install what it needs."
        )
        raise TargetError(f"{place} cannot be imported: {error}. {cure}") from error
    except SystemExit as error:
        raise TargetError(
            f"{place} cannot be imported: it calls exit({error.code!r}). "
            "Put what runs it below: if __name__ == '__main__':"
        ) from error
    except Exception as error:
        raise TargetError(f"{place} cannot be imported: {type(error).__name__}: {error}") from error


def _is_file(place: str) -> bool:
    return place.endswith(".py") or "/" in place or "\\" in place


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise TargetError(f"There is no file {path}. Give the path from where you are, or a whole one.")
    return path


def _from_file(path: Path) -> ModuleType:
    path = _existing(path).resolve()
    folder = str(path.parent)
    if folder not in sys.path:  # what lies beside it may be imported by it, as when Python runs it
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise TargetError(f"{path} is no Python file: its name has to end with .py.")
    module = importlib.util.module_from_spec(spec)
    known = sys.modules.get(path.stem)
    if known is None or path.stem not in sys.stdlib_module_names:
        sys.modules[path.stem] = module  # dataclasses and pickles look it up there
    spec.loader.exec_module(module)
    return module


def _public_names(found: Any) -> list[str]:
    names = [name for name in dir(found) if not name.startswith("_")]
    return names[:60] or ["nothing"]
