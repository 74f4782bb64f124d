"""`check`: is this implementation right?"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable, Mapping
from typing import Any

from firstlight._errors import UsageError
from firstlight._seeds import check_seed
from firstlight.checks._given import Request
from firstlight.checks._process import Answers, Limits, run_apart
from firstlight.checks._report import CheckReport, CheckResult
from firstlight.checks._target import object_name, with_whole_path
from firstlight.checks._verdict import diagnosis_of, excused, verdict_of

__all__ = ["check", "planned_checks"]


def check(
    target: Any,
    *,
    like: Any = None,
    kind: str | None = None,
    args: Mapping[str, Any] | None = None,
    declares: Mapping[str, str] | None = None,
    expect_fail: Mapping[str, str] | None = None,
    quick: bool = False,
    seed: int = 0,
    isolated: bool = True,
    limits: Limits | None = None,
    on_result: Callable[[CheckResult], None] = lambda _: None,
    while_waiting: Callable[[], None] = lambda: None,
) -> CheckReport:
    """Check an implementation: an optimizer, loss, layer, model, data pipeline, training function and so on.

    Asks exact questions first, then experiments on real images whose answer is known, statistics last. Does
    not prove that an implementation is right: the report says what a PASS could not have seen.

    Parameters
    ----------
    target
        A class, function or instance, or its name: ``path/file.py:name`` or ``package.module:name``.
    like
        What it should be like: the name of a reference, such as ``"adam"``, or an importable object, such as
        ``torch.optim.Adam``. Without it, only what holds for all of its kind is asked.
    kind
        One of `KINDS`; found out where it is not given.
    args
        Keyword arguments for its constructor, or for each call of a function.
    declares
        What it says of itself; each kind's page lists what it understands.
    expect_fail
        Reasons by the id of a check that is known to fail; it then only warns.
    quick
        Leave out what takes long.
    seed
        Of everything that is drawn: the same seed gives the same verdict.
    isolated
        Run it in a process of its own, in an empty folder, with limits. Otherwise here, which is faster and
        lets a breakdown of it break this process.
    limits
        Of its process.
    on_result
        Called with each result as it comes.
    while_waiting
        Called many times a second while its process works. What it raises ends the process and the check:
        so a person can stop what hangs.

    Returns
    -------
    CheckReport
        ``.verdict``, ``.checks``, ``.diagnosis``; ``.raise_if_failed()`` makes a test of it.

    Raises
    ------
    TargetError
        There is no such target, it cannot be imported, or it is none of the kinds.
    UsageError
        An argument cannot mean anything.

    Examples
    --------
    >>> import torch
    >>> def relu(x):
    ...     return torch.clamp(x, min=0)
    >>> check(relu, kind="activation", like="relu", isolated=False).verdict
    'PASS'
    """
    started = time.monotonic()
    request = Request(
        target=with_whole_path(target),
        kind=kind,
        like=with_whole_path(like),
        args=_mapping("args", args),
        declares=_mapping("declares", declares),
        expected_failures=_mapping("expect_fail", expect_fail),
        quick=quick,
        seed=check_seed(seed),
    )
    if isolated:
        answers = run_apart(request, limits or Limits(), on_result=on_result, while_waiting=while_waiting)
    else:
        answers = _run_here(request, on_result)
    return _report(object_name(target), request, answers, seconds=time.monotonic() - started)


def planned_checks(
    target: Any,
    *,
    like: Any = None,
    kind: str | None = None,
    args: Mapping[str, Any] | None = None,
    quick: bool = False,
) -> dict[str, str]:
    """Return which checks a target would be asked, by id, each with its name; asks none of them.

    Takes the arguments of `check`. Imports the target into this process.

    Raises
    ------
    TargetError
        There is no such target, it cannot be imported, or it is none of the kinds.

    Examples
    --------
    >>> "L15" in planned_checks("torch.nn:ReLU", kind="activation")
    True
    """
    from firstlight.checks._kinds import find_kind
    from firstlight.checks._resolve import resolve
    from firstlight.checks._runner import wanted_checks

    name, _ = resolve(Request(target=target, kind=kind, like=like, args=_mapping("args", args)))
    return {check.id: check.name for check in wanted_checks(find_kind(name).checks, quick=quick)}


class _Collected:
    """Takes the messages of checks that run in this process."""

    def __init__(self, on_result: Callable[[CheckResult], None]) -> None:
        self.answers = Answers()
        self._on_result = on_result

    def write(self, **message: Any) -> None:
        if "ready" in message:
            self.answers.ready = message["ready"]
        elif "result" in message:
            result = CheckResult(**message["result"])
            self.answers.results.append(result)
            self.answers.dialects += [message["dialect"]] if message["dialect"] else []
            self.answers.powers += [message["power"]] if message["power"] else []
            self._on_result(result)


def _run_here(request: Request, on_result: Callable[[CheckResult], None]) -> Answers:
    from firstlight.checks._child import fulfil

    collected = _Collected(on_result)
    fulfil(request, collected)
    return collected.answers


def _report(name: str, request: Request, answers: Answers, *, seconds: float) -> CheckReport:
    unknown = set(request.expected_failures) - {result.id for result in answers.results}
    if unknown:
        known = ", ".join(result.id for result in answers.results)
        raise UsageError(
            f"No check {', '.join(sorted(unknown))} ran, which was expected to fail. These did: {known}."
        )
    results = excused(answers.results, request.expected_failures)
    verdict = verdict_of(results)
    return CheckReport(
        target=name,
        kind=answers.ready["kind"],
        like=answers.ready["like"],
        verdict=verdict,
        seconds=seconds,
        checks=results,
        diagnosis=diagnosis_of(results),
        dialect="; ".join(dict.fromkeys(answers.dialects)) or None,
        power=answers.powers[-1] if answers.powers else None,
        blind_spots=tuple(answers.ready["blind_spots"]),
        caught=answers.ready["caught"],
        printed=answers.printed if verdict != "PASS" else "",
        command=_command(name, request, answers.ready),
    )


def _command(name: str, request: Request, ready: Mapping[str, Any]) -> str:
    """Return what asks the same on the command line; nothing for what has no words there."""
    words = ["firstlight", "check", name, "--kind", ready["kind"]]
    if ready["like"]:
        words += ["--like", ready["like"]]
    try:
        words += ["--args", json.dumps(request.args)] if request.args else []
    except TypeError:
        return ""
    for option, pairs in (("--declares", request.declares), ("--expect-fail", request.expected_failures)):
        words += [word for name, value in pairs.items() for word in (option, f"{name}={value}")]
    words += ["--quick"] * request.quick + (["--seed", str(request.seed)] if request.seed else [])
    return shlex.join(words) if isinstance(request.target, str) else ""


def _mapping(name: str, value: Mapping[str, Any] | None) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
        raise UsageError(f"{name} is a mapping from names to values; got {value!r}.")
    return dict(value)
