"""A report as one self-contained page that a student can read: no script, no request, opens from disk."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from firstlight import __version__
from firstlight._atomic import write_file
from firstlight.checks._families import FAMILIES
from firstlight.checks._kinds import noun_of
from firstlight.checks._report import CheckReport

__all__ = ["report_page", "write_page"]


def write_page(report: CheckReport, path: Path) -> Path:
    """Write `report_page` to a file, whole or not at all.

    Raises
    ------
    CacheError
        The file cannot be written.
    """
    return write_file(path, report_page(report))


def report_page(report: CheckReport) -> str:
    """Return a report as HTML; whatever the implementation printed is escaped."""
    counts = Counter(check.status for check in report.checks)
    template = _environment().get_template("report.html.j2")
    return template.render(
        report=report,
        noun=noun_of(report.kind),
        counts=counts,
        families=FAMILIES,
        version=__version__,
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("firstlight.checks"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
