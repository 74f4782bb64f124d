"""Suspects one at a time, with verdicts by keyboard: one self-contained page that opens from disk."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jaxtyping import UInt8
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image
from torch import Tensor

from firstlight import __version__
from firstlight._atomic import write_file
from firstlight._errors import UsageError
from firstlight.audits._report import AuditReport, Suspect
from firstlight.datasets import ImageDataset, fingerprint

__all__ = ["review_page", "write_review_page"]

Splits = Mapping[str, ImageDataset]


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
    _check(report, splits)
    script = _part("review.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template("review.html.j2")
        .render(
            report=report,
            name=json.dumps(report.dataset),
            version=__version__,
            style=Markup(_part("review.css")),
            script=Markup(script),
            script_hash=Markup(f"sha256-{digest}"),
            data=Markup(_embedded(_data(report, splits))),
        )
    )


def _check(report: AuditReport, splits: Splits) -> None:
    for suspect in report.suspects:
        part = splits.get(suspect.split)
        if part is None or suspect.index >= len(part) or int(part.labels[suspect.index]) != suspect.given:
            raise UsageError(
                f"The report speaks of image {suspect.index} of {suspect.split} with label {suspect.given}, "
                "which is not among these images. Give the splits that were audited."
            )


def _data(report: AuditReport, splits: Splits) -> dict[str, Any]:
    used = {suspect.split: splits[suspect.split] for suspect in report.suspects}
    facts = {
        name: {"images": len(part), "fingerprint": fingerprint(part)} for name, part in sorted(used.items())
    }
    mark = hashlib.sha256(json.dumps([facts, [suspect.index for suspect in report.suspects]]).encode())
    return {
        "storage": f"firstlight-review-{mark.hexdigest()[:24]}",
        "source": f"looked at on the page of firstlight audit {__version__}",
        "dataset": report.dataset,
        "classes": list(report.classes),
        "splits": facts,
        "suspects": [_suspect(suspect, splits) for suspect in report.suspects],
    }


def _suspect(suspect: Suspect, splits: Splits) -> dict[str, Any]:
    return {
        "split": suspect.split,
        "index": suspect.index,
        "given": suspect.given,
        "suggested": suspect.suggested,
        "probability": round(suspect.probability, 5),
        "image": _png(splits[suspect.split].images[suspect.index]),
        "neighbours": [
            {"index": one.index, "given": one.given, "image": _png(splits[one.split].images[one.index])}
            for one in suspect.neighbours
        ],
    }


def _png(image: UInt8[Tensor, "c h w"]) -> str:
    pixels = image.permute(1, 2, 0).contiguous().numpy(force=True)
    buffer = io.BytesIO()
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _embedded(fields: Mapping[str, Any]) -> str:
    """Return JSON that cannot end the script element that it stands in."""
    return json.dumps(fields, separators=(",", ":")).replace("<", "\\u003c")


def _part(name: str) -> str:
    return resources.files("firstlight.audits").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("firstlight.audits"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
