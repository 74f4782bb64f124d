"""From a request, which holds names, to a kind and what its subject is made of."""

from __future__ import annotations

from typing import Any

from firstlight._errors import TargetError, UnknownNameError
from firstlight.checks._detect import detect_kind
from firstlight.checks._given import Given, Request
from firstlight.checks._kinds import KINDS, find_kind, kinds_knowing
from firstlight.checks._target import load_object, object_name

__all__ = ["resolve"]


def resolve(request: Request) -> tuple[str, Given]:
    """Import what the request names and find out its kind.

    Raises
    ------
    TargetError
        The target cannot be imported, or is none of the kinds.
    UnknownNameError
        There is no such kind or reference.
    """
    if request.kind is not None:
        find_kind(request.kind)
    target = load_object(request.target) if isinstance(request.target, str) else request.target
    like, peer = _reference(request.like)
    kind = request.kind or _kind_of(target, like, request)
    if like is not None and like not in (known := set(find_kind(kind).references())):
        raise UnknownNameError(f"{kind} to compare with", like, known)
    given = Given(
        target=target,
        name=object_name(request.target),
        like=like,
        peer=peer,
        args=request.args,
        declares=request.declares,
        quick=request.quick,
        seed=request.seed,
    )
    return kind, given


def _reference(like: Any) -> tuple[str | None, Any]:
    """Return a reference's name, or the object that was named or given."""
    if not isinstance(like, str):
        return None, like
    if ":" in like or "." in like:
        return None, load_object(like)
    return like.lower().replace("_", "-"), None


def _kind_of(target: Any, like: str | None, request: Request) -> str:
    """Find the kind by looking at the target, and by the reference where that leaves a doubt."""
    found = detect_kind(target, request.args)
    if like is not None and (found is None or like not in set(find_kind(found).references())):
        knowing = kinds_knowing(like)
        if not knowing:
            names = {name for kind in KINDS for name in find_kind(kind).references()}
            raise UnknownNameError("reference", like, names)
        found = knowing[0] if len(knowing) == 1 else found
    if found is None:
        raise TargetError(
            f"{object_name(request.target)} is none of the kinds that can be checked, or its kind cannot be "
            f"told. Say which one it is: --kind {', '.join(KINDS)}."
        )
    return found
