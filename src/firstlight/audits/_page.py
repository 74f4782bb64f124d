"""Suspects one at a time, with verdicts by keyboard: one self-contained page that opens from disk."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from firstlight import __version__
from firstlight._atomic import write_file
from firstlight._errors import UsageError
from firstlight.audits._report import AuditReport
from firstlight.audits._review import Splits, review_facts, with_pictures

__all__ = ["review_page", "write_review_page"]


def write_review_page(report: AuditReport, splits: Splits, path: str | Path) -> Path:
    """Write `review_page` to a file, whole or not at all.

    Raises
    ------
    UsageError
        There is no suspect, or the images are not those that were audited.
    CacheError
        The file cannot be written.
    """
    return write_file(Path(path).expanduser(), review_page(report, splits))


def review_page(report: AuditReport, splits: Splits) -> str:
    """Return a page that asks a person about each suspect, and saves the verdicts as a file of corrections.

    It holds the pictures and its script, makes no request (its content security policy allows none), and
    keeps the answers in the browser until they are saved. `firstlight.load` takes the file as
    ``corrections=path``.

    Parameters
    ----------
    report
        Of `audit`.
    splits
        The images that were audited, by split: ``{"train": train, "test": test}``.
    """
    if not report.suspects:
        raise UsageError(
            f"There is no suspect among the labels of {report.dataset} {report.split} to review. "
            "Ask for the most suspicious ones, such as top=50, to look at them anyway."
        )
    facts = with_pictures(review_facts(report, splits), splits)
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template("review.html.j2")
        .render(
            report=report,
            version=__version__,
            style=Markup(_read("templates", "frame.css") + _read("static", "review.css")),
            script=Markup(script),
            script_hash=Markup(f"sha256-{digest}"),
            data=Markup(_embedded(facts)),
        )
    )


def _script() -> str:
    """Return both modules as one, without the line that ties them together."""
    start = _read("static", "standalone.js").replace('import { Review } from "./review.js";\n', "")
    return _read("static", "review.js") + start


def _embedded(fields: Mapping[str, Any]) -> str:
    """Return JSON that cannot end the script element that it stands in."""
    return json.dumps(fields, separators=(",", ":")).replace("<", "\\u003c")


def _read(folder: str, name: str) -> str:
    return resources.files("firstlight.audits").joinpath(folder, name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("firstlight.audits"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
