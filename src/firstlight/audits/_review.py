"""What a page that asks about suspects has to know: facts that can be kept, and pictures added to them."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any

from jaxtyping import UInt8
from PIL import Image
from torch import Tensor

from firstlight import __version__
from firstlight._errors import UsageError
from firstlight.audits._report import AuditReport, Suspect
from firstlight.datasets import ImageDataset, fingerprint

__all__ = ["Splits", "review_facts", "with_pictures"]

Splits = Mapping[str, ImageDataset]


def review_facts(report: AuditReport, splits: Splits) -> dict[str, Any]:
    """Return the suspects and what they are suspects of, as plain values for JSON; no pictures.

    Parameters
    ----------
    report
        Of `audit`.
    splits
        The images that were audited, by split: ``{"train": train, "test": test}``.

    Raises
    ------
    UsageError
        The images are not those that were audited.
    """
    _check(report, splits)
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
        "suspects": [_suspect(suspect) for suspect in report.suspects],
    }


def with_pictures(facts: Mapping[str, Any], splits: Splits, *, most: int | None = None) -> dict[str, Any]:
    """Return facts with a picture of each suspect and of its neighbours, as data addresses.

    Parameters
    ----------
    facts
        Of `review_facts`.
    splits
        The same images.
    most
        How many suspects to keep, the most suspicious first; ``None`` keeps all.
    """

    def shown(one: Mapping[str, Any]) -> dict[str, Any]:
        return {**one, "image": _png(splits[one["split"]].images[one["index"]])}

    suspects = [
        {**shown(one), "neighbours": [shown(near) for near in one["neighbours"]]}
        for one in facts["suspects"][:most]
    ]
    return {**facts, "suspects": suspects}


def _check(report: AuditReport, splits: Splits) -> None:
    for suspect in report.suspects:
        part = splits.get(suspect.split)
        if part is None or suspect.index >= len(part) or int(part.labels[suspect.index]) != suspect.given:
            raise UsageError(
                f"The report speaks of image {suspect.index} of {suspect.split} with label {suspect.given}, "
                "which is not among these images. Give the splits that were audited."
            )


def _suspect(suspect: Suspect) -> dict[str, Any]:
    return {
        "split": suspect.split,
        "index": suspect.index,
        "given": suspect.given,
        "suggested": suspect.suggested,
        "probability": round(suspect.probability, 5),
        "neighbours": [
            {"split": one.split, "index": one.index, "given": one.given} for one in suspect.neighbours
        ],
    }


def _png(image: UInt8[Tensor, "c h w"]) -> str:
    pixels = image.permute(1, 2, 0).contiguous().numpy(force=True)
    buffer = io.BytesIO()
    Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels).save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
