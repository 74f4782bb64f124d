"""A report as one self-contained page that a student can read: no script, no request, opens from disk."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from firstlight import __version__
from firstlight._atomic import write_file
from firstlight.checks._families import FAMILIES
from firstlight.checks._kinds import noun_of
from firstlight.checks._report import CheckReport

__all__ = ["report_body", "report_page", "write_page"]


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
    style = _read("templates", "frame.css") + _read("static", "report.css")
    template = _environment().get_template("report.html.j2")
    return template.render(style=Markup(style), **_shown(report, level=1))


def report_body(report: CheckReport, *, level: int) -> str:
    """Return a report as a part of another page, which brings ``static/report.css`` and the palette.

    Parameters
    ----------
    report
        Of `check`.
    level
        Of its first heading: 1 to 4.
    """
    return _environment().get_template("report_body.html.j2").render(**_shown(report, level=level))


def _shown(report: CheckReport, *, level: int) -> dict[str, Any]:
    return {
        "report": report,
        "level": level,
        "noun": noun_of(report.kind),
        "counts": Counter(check.status for check in report.checks),
        "families": FAMILIES,
        "version": __version__,
    }


def _read(folder: str, name: str) -> str:
    return resources.files("firstlight.checks").joinpath(folder, name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("firstlight.checks"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
