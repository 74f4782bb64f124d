"""`check_pasted`: code from a page, put into a file for as long as it is checked."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from firstlight._errors import FirstlightError, TargetError, UsageError
from firstlight.checks import CheckReport, CheckResult, Limits, check

__all__ = ["FILE", "Pasted", "check_pasted", "target_in"]

FILE = "mine.py"  # what the code is called in words
MOST = 200_000  # characters


@dataclass(frozen=True)
class Pasted:
    """Code, and what is asked of it.

    Attributes
    ----------
    code
        Of a whole module.
    target
        Name of the class or function to check.
    kind, like
        As of `firstlight.check`; ``None`` is found out, or left out.
    quick
        Leave out what takes long.
    """

    code: str
    target: str
    kind: str | None
    like: str | None
    quick: bool

    @staticmethod
    def of(given: Any) -> Pasted:
        """Take what a page sent.

        Raises
        ------
        UsageError
            Something is missing, or is no text.
        TargetError
            The code is no Python, or nothing in it can be checked.
        """
        if not isinstance(given, dict) or not isinstance(code := given.get("code"), str):
            raise UsageError("Send the code, and what it is to be checked as.")
        words = [given.get(name) or None for name in ("target", "kind", "like")]
        if not all(word is None or isinstance(word, str) for word in words):
            raise UsageError("Name, kind and reference are words.")
        if len(code) > MOST:
            raise UsageError(f"That is more than {MOST:,} characters. Put it into a file: firstlight check")
        name, kind, like = words
        return Pasted(code, name or target_in(code), kind, like, bool(given.get("quick")))


def target_in(code: str) -> str:
    r"""Return the name of the last class or function of a module.

    Raises
    ------
    TargetError
        The code is no Python, or has neither.

    Examples
    --------
    >>> target_in("import torch\n\nclass Adam: ...\n\ndef _helper(): ...")
    'Adam'
    """
    try:
        module = ast.parse(code)
    except (SyntaxError, ValueError) as error:  # ValueError: zero bytes
        where = f"line {error.lineno}" if isinstance(error, SyntaxError) else "somewhere"
        what = error.msg if isinstance(error, SyntaxError) else str(error)
        raise TargetError(f"The code is no Python, {where}: {what}.") from error
    made = [node.name for node in module.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    named = [name for name in made if not name.startswith("_")]
    if not named:
        raise TargetError("There is neither a class nor a function in the code to check.")
    return named[-1]


def check_pasted(
    pasted: Pasted,
    limits: Limits,
    *,
    on_result: Callable[[CheckResult], None],
    while_waiting: Callable[[], None],
) -> CheckReport:
    """Check code in a process of its own; afterwards, nothing of it is left on the disk.

    Raises
    ------
    FirstlightError
        As of `firstlight.check`.
    """
    with tempfile.TemporaryDirectory(prefix="firstlight-studio-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / FILE
        path.write_text(pasted.code, encoding="utf-8")
        try:
            report = check(
                f"{path}:{pasted.target}",
                kind=pasted.kind,
                like=pasted.like,
                quick=pasted.quick,
                limits=limits,
                on_result=on_result,
                while_waiting=while_waiting,
            )
        except FirstlightError as error:
            raise TargetError(_told(str(error), path)) from error
    return _report(report, path)


def _told(text: str, path: Path) -> str:
    """Say only the name of a file that is gone when a person reads of it."""
    return text.replace(str(path.resolve()), FILE).replace(str(path), FILE)


def _report(report: CheckReport, path: Path) -> CheckReport:
    def plain(one: Any) -> dict[str, Any]:
        values = {field.name: getattr(one, field.name) for field in fields(one)}
        return {name: _told(value, path) for name, value in values.items() if isinstance(value, str)}

    checks = tuple(replace(result, **plain(result)) for result in report.checks)
    diagnosis = report.diagnosis and replace(report.diagnosis, **plain(report.diagnosis))
    return replace(report, **plain(report), checks=checks, diagnosis=diagnosis)
