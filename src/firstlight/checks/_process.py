"""Run a request in a process of its own, with limits; what breaks there never breaks the report."""

from __future__ import annotations

import contextlib
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
    request: Request, limits: Limits, *, on_result: Callable[[CheckResult], None] = lambda _: None
) -> Answers:
    """Run a request in processes of their own, one at a time, until each check has its result.

    Raises
    ------
    FirstlightError
        The request was refused, or the implementation cannot be sent or imported.
    """
    answers = Answers()
    ends = time.monotonic() + limits.import_seconds + limits.seconds
    for _ in range(1 + RESTARTS):
        with _folder() as folder:
            if _one_process(request, limits, folder, answers, on_result, ends=ends):
                return answers
    for id, (name, _, instrument) in _unanswered(answers):
        result = CheckResult(
            id, name, "skip", seen="not asked: its process broke down too often", instrument=instrument
        )
        answers.results.append(result)
    return answers


def _one_process(
    request: Request,
    limits: Limits,
    folder: Path,
    answers: Answers,
    on_result: Callable[[CheckResult], None],
    *,
    ends: float,
) -> bool:
    """Start a process and read what it says until it ends; return whether nothing is left to ask."""
    process = _started(request, limits, folder, done=[result.id for result in answers.results])
    current, until = None, min(ends, time.monotonic() + limits.import_seconds)
    try:
        for message in _messages(process, folder / "messages.jsonl", until=lambda: until):
            if "refused" in message:
                raise _error_of(message["refused"])
            if "ready" in message:
                answers.ready = answers.ready or message["ready"]
            elif "started" in message:
                current = message["started"]
                until = min(ends, time.monotonic() + answers.ready["checks"][current][1])
            elif "result" in message:
                _keep(message, answers, on_result)
                current = None
            elif "done" in message:
                return True
    finally:
        _end(process)
        answers.printed = _printed(folder) or answers.printed
    if current is None and not answers.ready:
        raise TargetError(_no_beginning(process, limits, answers.printed))
    if current is not None:
        _keep({"result": _breakdown(current, process, answers.ready)}, answers, on_result)
    return not _unanswered(answers)


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
        return bytes(cloudpickle.dumps(request))
    except Exception as error:
        raise TargetError(
            f"The target cannot be sent to a process of its own: {error}. "
            "Put it into a file and name it path/file.py:name, or give isolated=False."
        ) from error


def _messages(
    process: subprocess.Popen[bytes], path: Path, *, until: Callable[[], float]
) -> Iterator[dict[str, Any]]:
    """Yield messages as they are written; end where the process has ended or its time is over."""
    position = 0
    while True:
        has_ended = process.poll() is not None
        text, position = _new_lines(path, position)
        for line in text:
            yield json.loads(line)
        if not text:
            if has_ended or time.monotonic() > until():
                return
            time.sleep(POLL_SECONDS)


def _new_lines(path: Path, position: int) -> tuple[list[bytes], int]:
    try:
        with path.open("rb") as file:
            file.seek(position)
            content = file.read()
    except FileNotFoundError:
        return [], position
    whole = content[: content.rfind(b"\n") + 1]
    return whole.splitlines(), position + len(whole)


def _keep(message: dict[str, Any], answers: Answers, on_result: Callable[[CheckResult], None]) -> None:
    result = CheckResult(**message["result"])
    answers.results.append(result)
    if message.get("dialect"):
        answers.dialects.append(message["dialect"])
    if message.get("power"):
        answers.powers.append(message["power"])
    on_result(result)


def _breakdown(id: str, process: subprocess.Popen[bytes], ready: dict[str, Any]) -> dict[str, Any]:
    """Return the result of a check during which the process ended or took too long."""
    name, seconds, instrument = ready["checks"][id]
    fields = {"id": id, "name": name, "instrument": instrument, "certainty": 0.1, "where": name}
    if process.returncode == -signal.SIGKILL:
        seen = f"no answer within {seconds:g} s"
        hint = "Look for an endless loop, or for a wait on another process."
        status = "inconclusive" if ready["is_slow"] else "fail"
        return {**fields, "status": status, "expected": "an answer", "seen": seen, "hint": hint}
    code = process.returncode
    how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
    return {
        **fields,
        "status": "fail",
        "expected": "an answer",
        "seen": f"its process ended with {how}",
        "hint": "Look for calls of os._exit, for a crash in compiled code, or for memory that runs out.",
    }


def _unanswered(answers: Answers) -> list[tuple[str, list[Any]]]:
    done = {result.id for result in answers.results}
    return [(id, fields) for id, fields in answers.ready.get("checks", {}).items() if id not in done]


def _no_beginning(process: subprocess.Popen[bytes], limits: Limits, printed: str) -> str:
    tail = f" It printed: {printed.strip()[-500:]}" if printed.strip() else ""
    if process.returncode == -signal.SIGKILL:
        return (
            f"The target was not imported and made within {limits.import_seconds:g} s. Put what runs it below: "
            f"if __name__ == '__main__':{tail}"
        )
    return f"The target's process ended with exit code {process.returncode} while it was imported.{tail}"


def _error_of(fields: dict[str, str]) -> FirstlightError:
    kind = getattr(_errors, fields["type"], TargetError)
    try:
        return kind(fields["message"])  # type: ignore[no-any-return]
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
