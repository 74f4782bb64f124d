"""The litmus test: is my implementation right?"""

from __future__ import annotations

from firstlight.checks._check import check, planned_checks
from firstlight.checks._families import FAMILIES
from firstlight.checks._kinds import KINDS
from firstlight.checks._page import report_body, report_page, write_page
from firstlight.checks._process import Limits
from firstlight.checks._reading import read_report
from firstlight.checks._report import CheckReport, CheckResult, Diagnosis
from firstlight.checks._text import report_text, result_text

__all__ = [
    "FAMILIES",
    "KINDS",
    "CheckReport",
    "CheckResult",
    "Diagnosis",
    "Limits",
    "check",
    "planned_checks",
    "read_report",
    "report_body",
    "report_page",
    "report_text",
    "result_text",
    "write_page",
]
