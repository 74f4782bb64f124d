"""`bundled`: the ES modules of a page as one script, for a page that is one file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping

__all__ = ["bundled"]

_IMPORT = re.compile(r"^import \{([^}]*)\} from \"(\.[^\"]+)\";\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const|class|let)", re.MULTILINE)


def bundled(entry: str, read: Callable[[str], str], *, instead: Mapping[str, str]) -> str:
    """Return one script that does what a module with all that it imports does.

    Each module becomes a function of its own, so that two may use a name for different things, and hands on
    what others import of it.

    Parameters
    ----------
    entry
        The module to start with, by its path.
    read
        Returns the text of a module.
    instead
        Modules that take the place of others, by their paths.
    """
    texts: dict[str, str] = {}
    wanted: dict[str, set[str]] = {}

    def visit(path: str) -> None:
        text = read(path)
        for names, given in _IMPORT.findall(text):
            found = _target(path, given, instead)
            wanted.setdefault(found, set()).update(_names(names))
            if found not in texts:
                visit(found)
        texts[path] = text  # behind those that it needs

    visit(entry)
    numbers = {path: number for number, path in enumerate(texts)}

    def tied(path: str, text: str) -> str:
        def taken(line: re.Match[str]) -> str:
            place = numbers[_target(path, line[2], instead)]
            return f"const {{ {', '.join(_names(line[1]))} }} = module{place};\n"

        return _EXPORT.sub("", _IMPORT.sub(taken, text))

    parts = []
    for path, text in texts.items():
        given = ", ".join(sorted(wanted.get(path, ())))
        parts.append(
            f"const module{numbers[path]} = (() => {{\n{tied(path, text)}return {{ {given} }};\n}})();\n"
        )
    return "".join(parts)


def _target(path: str, given: str, instead: Mapping[str, str]) -> str:
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), given))
    return instead.get(found, found)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]
