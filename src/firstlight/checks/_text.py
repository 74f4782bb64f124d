"""A report as plain text: the verdict, what failed, what was checked, and what could not be seen."""

from __future__ import annotations

import textwrap
from collections import Counter

from firstlight.checks._kinds import noun_of
from firstlight.checks._report import CheckReport, CheckResult

__all__ = ["report_text", "result_text"]

WIDTH = 100
LABEL = 10  # characters: "expected  "


def report_text(report: CheckReport, *, width: int = WIDTH) -> str:
    """Return the report in lines of at most so many characters, as far as its words allow.

    Examples
    --------
    >>> print(report_text(CheckReport("my:relu", "activation", "relu", "PASS", 0.5,
    ...     (CheckResult("L15", "nine points", "pass"),))))
    PASS  my:relu, an activation like relu: 1 check, 0.5 s
    <BLANKLINE>
    checked   L15 nine points
    """
    width = min(width, WIDTH)
    parts = [_headline(report)]
    if report.diagnosis:
        family = f"{report.diagnosis.family}: " if report.diagnosis.family else ""
        parts.append(_line("likely", f"{family}{report.diagnosis.sentence}", width))
    parts += [
        result_text(check, width=width) for check in report.checks if check.status in ("fail", "inconclusive")
    ]
    parts += [_warning(check, width) for check in report.checks if check.status == "warn"]
    if report.printed.strip() and report.verdict != "PASS":
        parts.append("It printed:\n" + textwrap.indent(report.printed.strip()[-600:], "  | "))
    parts.append(_coverage(report, width))
    return "\n\n".join(part for part in parts if part)


def _headline(report: CheckReport) -> str:
    what = noun_of(report.kind) + (f" like {report.like}" if report.like else "")
    counts = Counter(check.status for check in report.checks)
    ran = len(report.checks) - counts["skip"]
    checks = f"{ran} check{'s' if ran != 1 else ''}"
    failed = f", {counts['fail']} failed" if counts["fail"] else ""
    return f"{report.verdict}  {report.target}, {what}: {checks}{failed}, {report.seconds:.1f} s"


def result_text(check: CheckResult, *, width: int = WIDTH) -> str:
    """Return what one check found wrong or could not decide: expected, seen, where, cause, fix.

    Examples
    --------
    >>> print(result_text(CheckResult("S4", "right logits", "fail", "softmax", "below 1e-6", "1.4612")))
    FAILED  S4 right logits [softmax]
      expected  below 1e-6
      seen      1.4612
    """
    word = "FAILED" if check.status == "fail" else "UNDECIDED"
    family = f" [{check.family}]" if check.family else ""
    lines = [f"{word}  {check.id} {check.name}{family}"]
    for label in ("expected", "seen", "where", "cause", "hint"):
        text = getattr(check, label)
        if text and not (label == "hint" and text == check.cause):
            lines.append(_line("  fix" if label == "hint" else f"  {label}", text, width))
    return "\n".join(lines)


def _warning(check: CheckResult, width: int) -> str:
    return _line("note", f"{check.id} {check.name}: {check.seen} {check.hint}".strip(), width)


def _coverage(report: CheckReport, width: int) -> str:
    ran = [f"{check.id} {check.name}" for check in report.checks if check.status == "pass"]
    left = [f"{check.id} ({check.seen})" for check in report.checks if check.status == "skip"]
    lines = []
    if report.dialect:
        lines.append(_line("dialect", report.dialect, width))
    if ran:
        lines.append(_line("checked", ", ".join(ran), width))
    if left:
        lines.append(_line("left out", ", ".join(left), width))
    if report.caught and report.verdict == "PASS":
        lines.append(_line("caught", report.caught, width))
    if report.power:
        lines.append(_line("power", str(report.power.get("sentence", "")), width))
    if report.blind_spots:
        lines.append(_line("unseen", " ".join(report.blind_spots), width))
    return "\n".join(lines)


def _line(label: str, text: str, width: int) -> str:
    """Put a label before a text that is wrapped beside it."""
    head = label.ljust(LABEL + 2 if label.startswith(" ") else LABEL)
    return textwrap.fill(
        " ".join(text.split()),
        width=width,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )
