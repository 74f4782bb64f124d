"""`read_report`: a report from the JSON that ``firstlight check --json`` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

from firstlight._errors import DataCorruptError
from firstlight.checks._families import FAMILIES
from firstlight.checks._kinds import KINDS
from firstlight.checks._outcome import Status
from firstlight.checks._report import CheckReport, CheckResult, Diagnosis, Verdict

__all__ = ["read_report"]

TEXTS = ("id", "name", "expected", "seen", "where", "cause", "hint", "instrument")


def read_report(content: bytes | str) -> CheckReport:
    """Return the report that a JSON text holds. What was printed and the command are not among its fields.

    Raises
    ------
    DataCorruptError
        It is no such report.

    Examples
    --------
    >>> import firstlight as fl, torch
    >>> report = fl.check(torch.relu, kind="activation", like="relu", isolated=False)
    >>> read_report(json.dumps(report.fields())).verdict
    'PASS'
    """
    try:
        return _report(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataCorruptError(
            f"This is no report that firstlight check --json prints ({type(error).__name__}: {error})."
        ) from error


def _report(fields: Mapping[str, Any]) -> CheckReport:
    diagnosis, power = fields["diagnosis"], fields["power"]
    return CheckReport(
        target=_text(fields["target"]),
        kind=_one_of(fields["kind"], KINDS),
        like=None if fields["like"] is None else _text(fields["like"]),
        verdict=_one_of(fields["verdict"], get_args(Verdict)),
        seconds=float(fields["seconds"]),
        checks=tuple(_result(check) for check in fields["checks"]),
        diagnosis=diagnosis and Diagnosis(_family(diagnosis["family"]), _text(diagnosis["sentence"])),
        dialect=None if fields["dialect"] is None else _text(fields["dialect"]),
        power=power and {**power, "sentence": _text(power["sentence"])},
        blind_spots=tuple(_text(spot) for spot in fields["blind_spots"]),
    )


def _result(fields: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        **{name: _text(fields[name]) for name in TEXTS},
        status=_one_of(fields["status"], get_args(Status)),
        family=_family(fields["family"]),
        seconds=float(fields["seconds"]),
        certainty=float(fields["certainty"]),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is needed, not {value!r}"[:200])
    return value


def _family(value: Any) -> str | None:
    return None if value is None else _one_of(value, FAMILIES)


def _one_of(value: Any, allowed: Any) -> Any:
    if value not in allowed:
        raise ValueError(f"{value!r} is none of {', '.join(allowed)}"[:200])
    return value
