"""Run a request in a process of its own, with limits; what breaks there never breaks the report."""

from __future__ import annotations

import contextlib
import importlib.machinery
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cloudpickle

from firstlight import _errors
from firstlight._errors import FirstlightError, TargetError
from firstlight.checks._given import Request
from firstlight.checks._report import CheckResult

__all__ = ["Answers", "Limits", "run_apart"]

POLL_SECONDS = 0.01
LEAST_PATIENCE = 60.0  # seconds
RESTARTS = 3  # after that many breakdowns of its process an implementation is asked nothing more
PRINTED = 2000  # characters of what it printed are kept


@dataclass(frozen=True)
class Limits:
    """What an implementation may use.

    Attributes
    ----------
    import_seconds
        Until its module is imported and its kind known.
    seconds
        For all checks together.
    memory_bytes
        Of its process; larger allocations fail there. Kept on Linux only.
    """

    import_seconds: float = 60.0
    seconds: float = 300.0
    memory_bytes: int = 6 * 2**30


@dataclass
class Answers:
    """All that came back from the process."""

    ready: dict[str, Any] = field(default_factory=dict)
    results: list[CheckResult] = field(default_factory=list)
    dialects: list[str] = field(default_factory=list)
    powers: list[dict[str, Any]] = field(default_factory=list)
    printed: str = ""


def run_apart(
    request: Request,
    limits: Limits,
    *,
    on_result: Callable[[CheckResult], None] = lambda _: None,
    while_waiting: Callable[[], None] = lambda: None,
) -> Answers:
    """Run a request in processes of their own, one at a time, until each check has its result.

    Parameters
    ----------
    request, limits
        What is asked, and what it may use.
    on_result
        Called with each result.
    while_waiting
        Called again and again between them. What either raises ends the process.

    Raises
    ------
    FirstlightError
        The request was refused, or the implementation cannot be sent or imported.
    """
    answers = Answers()
    ends = time.monotonic() + limits.import_seconds + limits.seconds
    hangs = 0
    for _ in range(1 + RESTARTS):
        with _folder() as folder:
            process = _Process(request, limits, folder, answers, on_result, while_waiting, ends=ends)
            if process.run():
                break
            hangs += process.is_late
            if hangs > 1:  # it would only cost time to learn that it hangs a third time
                break
    for number, (name, _, instrument) in _unanswered(answers):
        seen = "not asked: its process broke down too often, or the time is over"
        answers.results.append(CheckResult(number, name, "skip", seen=seen, instrument=instrument))
    return answers


class _Process:
    """One process, from its start until it ended, broke down or was stopped."""

    def __init__(
        self,
        request: Request,
        limits: Limits,
        folder: Path,
        answers: Answers,
        on_result: Callable[[CheckResult], None],
        while_waiting: Callable[[], None],
        *,
        ends: float,
    ) -> None:
        self._answers, self._on_result, self._limits = answers, on_result, limits
        self._while_waiting = while_waiting
        self._folder, self._ends = folder, ends
        self._current: str | None = None
        self._is_done = self.is_late = False
        self._allow(limits.import_seconds)
        done = [result.id for result in answers.results]
        self._process = _started(request, limits, folder, done=done)

    def run(self) -> bool:
        """Read what it says until it ends; return whether nothing is left to ask."""
        try:
            for message in self._messages():
                self._take(message)
        finally:
            _end(self._process)
            self._answers.printed = _printed(self._folder) or self._answers.printed
        if self._is_done:
            return True
        if not self._answers.ready:
            raise TargetError(self._no_beginning())
        if self._current is not None:
            self._keep({"result": self._breakdown(self._current)})
        return not _unanswered(self._answers) or time.monotonic() > self._ends

    def _take(self, message: dict[str, Any]) -> None:
        if "refused" in message:
            raise _error_of(message["refused"])
        if "ready" in message:
            self._answers.ready = self._answers.ready or message["ready"]
            self._ends = min(self._ends, time.monotonic() + self._limits.seconds)
        elif "started" in message:
            self._current = message["started"]
            self._allow(self._patience(self._current))
        elif "result" in message:
            self._keep(message)
            self._current = None
        elif "done" in message:
            self._is_done = True

    def _patience(self, number: str) -> float:
        """Return after how many seconds a check counts as hanging: long, since the machine may be busy."""
        return max(LEAST_PATIENCE, 3 * float(self._answers.ready["checks"][number][1]))

    def _allow(self, seconds: float) -> None:
        self._until = min(self._ends, time.monotonic() + seconds)

    def _messages(self) -> Iterator[dict[str, Any]]:
        """Yield messages as they are written; end where the process has ended or its time is over."""
        position = 0
        while True:
            has_ended = self._process.poll() is not None
            lines, position = _new_lines(self._folder / "messages.jsonl", position)
            yield from map(json.loads, lines)
            if not lines:
                self.is_late = time.monotonic() > self._until
                if has_ended or self.is_late or self._is_done:
                    return
                self._while_waiting()
                time.sleep(POLL_SECONDS)

    def _keep(self, message: dict[str, Any]) -> None:
        result = CheckResult(**message["result"])
        self._answers.results.append(result)
        if message.get("dialect"):
            self._answers.dialects.append(message["dialect"])
        if message.get("power"):
            self._answers.powers.append(message["power"])
        self._on_result(result)

    def _breakdown(self, number: str) -> dict[str, Any]:
        """Return the result of a check during which the process ended or took too long."""
        name, _, instrument = self._answers.ready["checks"][number]
        fields = {"id": number, "name": name, "instrument": instrument, "certainty": 0.1, "where": name}
        if self.is_late:
            is_slow = self._answers.ready["is_slow"] or time.monotonic() > self._ends
            return {
                **fields,
                "status": "inconclusive" if is_slow else "fail",
                "expected": "an answer",
                "seen": f"no answer within {self._patience(number):g} s",
                "hint": "Look for an endless loop, or for a wait on another process.",
            }
        return {
            **fields,
            "status": "fail",
            "expected": "an answer",
            "seen": f"its process ended with {_how(self._process.returncode)}",
            "hint": "Look for calls of os._exit, for a crash in compiled code, or for memory that runs out.",
        }

    def _no_beginning(self) -> str:
        printed = self._answers.printed.strip()[-500:]
        tail = f" It printed: {printed}" if printed else ""
        if self.is_late:
            return (
                f"The target was not imported and made within {self._limits.import_seconds:g} s. "
                f"Put what runs it below: if __name__ == '__main__':{tail}"
            )
        how = _how(self._process.returncode)
        return f"The target's process ended with {how} while it was imported.{tail}"


def _started(request: Request, limits: Limits, folder: Path, *, done: list[str]) -> subprocess.Popen[bytes]:
    work = folder / "work"
    work.mkdir()
    content = {
        "path": [os.getcwd() if entry == "" else entry for entry in ["", *sys.path]],  # noqa: PTH109
        "request": _pickled(request),
        "memory_bytes": limits.memory_bytes,
        "work": str(work),
        "done": done,
    }
    (folder / "request.pickle").write_bytes(cloudpickle.dumps(content))
    with (folder / "printed").open("wb") as printed:
        return subprocess.Popen(
            [sys.executable, "-m", "firstlight.checks._child", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _pickled(request: Request) -> bytes:
    try:
        with _by_value(request.target, request.like):
            return bytes(cloudpickle.dumps(request))
    except Exception as error:
        raise TargetError(
            f"The target cannot be sent to a process of its own: {error}. "
            "Put it into a file and name it path/file.py:name, or give isolated=False."
        ) from error


@contextlib.contextmanager
def _by_value(*objects: Any) -> Iterator[None]:
    """Send objects whole where the other process could not import their module, as that of a test."""
    names = {getattr(one, "__module__", None) or type(one).__module__ for one in objects if one is not None}
    modules = [sys.modules[name] for name in names if name in sys.modules and not _is_importable(name)]
    for module in modules:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in modules:
            cloudpickle.unregister_pickle_by_value(module)


def _is_importable(name: str) -> bool:
    if name in ("__main__", "builtins"):  # cloudpickle sends the former whole by itself
        return True
    try:
        found = importlib.machinery.PathFinder.find_spec(name.rpartition(".")[2], _search_path(name))
    except (ImportError, ValueError):
        return False
    return found is not None or name in sys.builtin_module_names


def _search_path(name: str) -> list[str] | None:
    """Return where a module's package would be looked for; ``None`` is Python's own path."""
    package = name.rpartition(".")[0]
    parent = sys.modules.get(package) if package else None
    return list(parent.__path__) if parent is not None and hasattr(parent, "__path__") else None


def _new_lines(path: Path, position: int) -> tuple[list[bytes], int]:
    try:
        with path.open("rb") as file:
            file.seek(position)
            content = file.read()
    except FileNotFoundError:
        return [], position
    whole = content[: content.rfind(b"\n") + 1]
    return whole.splitlines(), position + len(whole)


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _unanswered(answers: Answers) -> list[tuple[str, list[Any]]]:
    done = {result.id for result in answers.results}
    return [
        (number, fields) for number, fields in answers.ready.get("checks", {}).items() if number not in done
    ]


def _error_of(fields: dict[str, str]) -> FirstlightError:
    kind = getattr(_errors, fields["type"], TargetError)
    try:
        error: FirstlightError = kind(fields["message"])
        return error
    except TypeError:  # an error that is made of several parts
        return TargetError(fields["message"])


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError, AttributeError):
        os.killpg(process.pid, signal.SIGKILL)


def _printed(folder: Path) -> str:
    try:
        with (folder / "printed").open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 4 * PRINTED))
            return file.read().decode(errors="replace")[-PRINTED:]
    except OSError:
        return ""


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="firstlight-check-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
