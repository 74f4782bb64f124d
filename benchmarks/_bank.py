"""The two banks: wrong implementations, each beside its right twin, and right ones from public libraries."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["BUG_BANK", "HEALTHY_BANK", "Entry", "bug_entries", "healthy_entries"]

BUG_BANK = Path(__file__).parent / "bugbank"
HEALTHY_BANK = Path(__file__).parent / "healthybank"


@dataclass(frozen=True)
class Entry:
    """One implementation, and what is known about it.

    Attributes
    ----------
    kind, target, like, args, declares
        What `firstlight.check` is asked.
    is_wrong
        Whether it has a bug.
    family, also
        Which family the bug belongs to, and which others would be as right.
    component, first_bad_step
        What a report should mention: a word of it, and the first step that goes wrong.
    source, is_published
        Where the bug comes from, and whether somebody really had it.
    title
        The first line of its file's docstring.
    twin
        Target of the right one that it is a variant of.
    """

    kind: str
    target: str
    like: str | None = None
    args: Mapping[str, Any] = field(default_factory=dict)
    declares: Mapping[str, str] = field(default_factory=dict)
    is_wrong: bool = False
    family: str | None = None
    also: tuple[str, ...] = ()
    component: str = ""
    first_bad_step: int | None = None
    source: str = ""
    is_published: bool = False
    title: str = ""
    twin: str = ""

    @property
    def name(self) -> str:
        """Short and unique within its bank."""
        options = json.dumps({**self.args, **self.declares}, sort_keys=True, default=str)
        tail = f" {options}" if options != "{}" and not self.is_wrong else ""
        like = f" like {self.like}" if self.like and not self.is_wrong else ""
        return f"{self.kind}/{Path(self.target).name}{like}{tail}"

    @property
    def digest(self) -> str:
        """Changes with the entry and with its file."""
        place = Path(self.target.rpartition(":")[0])
        content = place.read_bytes() if place.suffix == ".py" else b""
        return hashlib.sha256(repr(self).encode() + content).hexdigest()[:16]


def bug_entries(kind: str | None = None) -> list[Entry]:
    """Return the wrong implementations, of one kind or of all."""
    return [entry for entry in _files(kind) if entry.is_wrong]


def healthy_entries(kind: str | None = None) -> list[Entry]:
    """Return the right implementations: public ones, and the twins of the wrong ones."""
    public = []
    for path in sorted(HEALTHY_BANK.glob("*.py")):
        if path.stem in (kind or path.stem, f"_{kind}") and not path.stem.startswith("_"):
            public += [_healthy(path, fields) for fields in _public(path)]
    return public + [entry for entry in _files(kind) if not entry.is_wrong]


def _files(kind: str | None) -> Iterator[Entry]:
    for path in sorted(BUG_BANK.glob(f"{kind or '*'}/*.py")):
        if path.stem == "__init__":
            continue
        fields, title = _literal(path)
        if fields is not None:
            yield _from_file(path, fields, title)


def _from_file(path: Path, fields: dict[str, Any], title: str) -> Entry:
    return Entry(
        kind=fields.get("kind", path.parent.name),
        target=f"{path}:{fields['target']}",
        like=fields.get("like"),
        args=fields.get("args") or {},
        declares=fields.get("declares") or {},
        is_wrong="family" in fields,
        family=fields.get("family"),
        also=tuple(fields.get("also") or ()),
        component=fields.get("component") or "",
        first_bad_step=fields.get("first_bad_step"),
        source=fields.get("source") or "",
        is_published=bool(fields.get("is_published")),
        title=title,
        twin=str(path.parent / fields["twin"]) if fields.get("twin") else "",
    )


def _literal(path: Path) -> tuple[dict[str, Any] | None, str]:
    """Read what a file says of itself without running it."""
    tree = ast.parse(path.read_text())
    title = (ast.get_docstring(tree) or "").partition("\n")[0]
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ENTRY":
            return ast.literal_eval(node.value), title
    return None, title


def _public(path: Path) -> tuple[dict[str, Any], ...]:
    import importlib.util

    spec = importlib.util.spec_from_file_location(f"_healthy_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return tuple(module.ENTRIES)


def _healthy(path: Path, fields: dict[str, Any]) -> Entry:
    target = fields["target"]
    place, _, inner = target.rpartition(":")
    if not place:  # a wrapper in the same file
        target = f"{path}:{target}"
    elif place.endswith(".py"):
        target = f"{Path(__file__).parents[1] / place}:{inner}"
    return Entry(
        kind=fields.get("kind", path.stem),
        target=target,
        like=fields.get("like"),
        args=fields.get("args") or {},
        declares=fields.get("declares") or {},
    )
