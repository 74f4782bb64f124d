"""The litmus test: is my implementation right?"""

from __future__ import annotations

from firstlight.checks._check import check
from firstlight.checks._families import FAMILIES
from firstlight.checks._kinds import KINDS
from firstlight.checks._process import Limits
from firstlight.checks._report import CheckReport, CheckResult, Diagnosis

__all__ = ["FAMILIES", "KINDS", "CheckReport", "CheckResult", "Diagnosis", "Limits", "check"]
