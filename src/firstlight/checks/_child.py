"""The process in which an implementation runs: ``python -m firstlight.checks._child FOLDER``.

The folder holds ``request.pickle``. Each message is a line of JSON at the end of ``messages.jsonl``:
``{"ready": {...}}``, ``{"started": "O1"}``, ``{"result": {...}}``, ``{"refused": {...}}``,
``{"done": true}``.
The file is opened anew for each line, so that nothing that the implementation does to open files, to its
working folder or to its standard streams loses one.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from firstlight.checks._definition import Check, Kind
    from firstlight.checks._given import Given

__all__ = ["Listener", "Messages", "fulfil", "main"]


class Listener(Protocol):
    """Whatever is told of what happens."""

    def write(self, **message: Any) -> None:
        """Take one message."""


class Messages:
    """Writes what happened, from this process alone: a fork of the implementation says nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process = os.getpid()

    def write(self, **message: Any) -> None:
        """Append one line; leave at once where this is another process than the one that began."""
        if os.getpid() != self._process:
            os._exit(0)
        line = (json.dumps(message, default=str) + "\n").encode()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(descriptor, line)
        finally:
            os.close(descriptor)


def fulfil(request: Any, messages: Listener, *, done: tuple[str, ...] = ()) -> None:
    """Run all wanted checks of a request, telling of each.

    Raises
    ------
    FirstlightError
        The request cannot be understood.
    """
    from firstlight.checks._kinds import find_kind
    from firstlight.checks._resolve import resolve
    from firstlight.checks._runner import run_check, wanted_checks

    kind_name, given = resolve(request)
    kind = find_kind(kind_name)
    wanted = wanted_checks(kind.checks, quick=request.quick, done=done)
    messages.write(
        ready={
            "kind": kind.name,
            "like": given.like,
            "blind_spots": list(kind.blind_spots),
            "caught": kind.sentence,
            "is_slow": kind.is_slow,
            "checks": {check.id: [check.name, check.seconds, check.instrument] for check in wanted},
        }
    )
    if not wanted:
        return
    messages.write(started=wanted[0].id)
    subject = _subject(kind, given, wanted, messages)
    for check in wanted if subject is not None else ():
        messages.write(started=check.id)
        result, outcome = run_check(check, subject, seed=request.seed)
        messages.write(result=asdict(result), dialect=outcome.dialect, power=outcome.power)


def _subject(kind: Kind, given: Given, wanted: tuple[Check, ...], messages: Listener) -> Any | None:
    """Make the subject. Where the implementation breaks at that, the first check tells so; none is asked."""
    from firstlight._errors import FirstlightError
    from firstlight.checks._outcome import skipped
    from firstlight.checks._report import CheckResult
    from firstlight.checks._runner import outcome_of

    try:
        return kind.subject(given)
    except (FirstlightError, KeyboardInterrupt):
        raise
    except BaseException as error:
        outcomes = [outcome_of(wanted[0], error)]
    outcomes += [skipped("not asked: it broke before")] * (len(wanted) - 1)
    for check, outcome in zip(wanted, outcomes, strict=True):
        messages.write(result=asdict(CheckResult.of(outcome, check, seconds=0.0)), dialect=None, power=None)
    return None


def main(folder: Path) -> None:
    """Read the request, fulfil it, say that all is done."""
    import cloudpickle

    from firstlight._errors import FirstlightError

    content = cloudpickle.loads((folder / "request.pickle").read_bytes())
    sys.path[:0] = content["path"]
    messages = Messages(folder / "messages.jsonl")
    _limit_memory(content["memory_bytes"])
    os.chdir(content["work"])
    try:
        request = cloudpickle.loads(content["request"])
        fulfil(request, messages, done=tuple(content["done"]))
        messages.write(done=True)
    except FirstlightError as error:
        messages.write(refused={"type": type(error).__name__, "message": str(error)})
    except (SystemExit, MemoryError, ImportError, AttributeError, TypeError) as error:
        messages.write(refused={"type": "TargetError", "message": f"{type(error).__name__}: {error}"})
    os._exit(0)  # threads or exit handlers that the implementation left behind have no say any more


def _limit_memory(size: int) -> None:
    """Make allocations beyond a limit fail in this process instead of starving the machine."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(
        resource.RLIMIT_DATA, (size if most == resource.RLIM_INFINITY else min(size, most), most)
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
