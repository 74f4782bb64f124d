"""`KeptAudit`: what an audit found, kept under the home by what was audited, so that it is shown at once."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from firstlight import __version__
from firstlight._atomic import write_file
from firstlight._errors import CacheError
from firstlight._settings import home
from firstlight.studio._contents import contents

if TYPE_CHECKING:
    from firstlight.audits import AuditReport
    from firstlight.audits._review import Splits
    from firstlight.studio._studio import Studio

__all__ = ["DEPTHS", "KeptAudit", "audit_file", "keep_audit", "kept_audit", "summed_up"]

# How long networks may learn: so little that one judges each image, or as long as `firstlight.audit` likes.
DEPTHS: dict[str, float | None] = {"thorough": None, "quick": 1.0}
_SCHEMA = 1


@dataclass(frozen=True, eq=False)
class KeptAudit:
    """What the pages show of an audit.

    Attributes
    ----------
    summary
        The report in words and numbers.
    review
        Of `review_facts`: the suspects.
    suspicion
        Probability that each label of the split is wrong, float32; NaN where no network judged it.
    """

    summary: Mapping[str, Any]
    review: Mapping[str, Any]
    suspicion: NDArray[np.float32]


def audit_file(studio: Studio, split: str, seconds: float | None) -> Path:
    """Where the audit of these images is kept, whether or not it is there."""
    train, test = contents(studio)
    what = [_SCHEMA, __version__, split, seconds, train, *([] if split == "train" else [test])]
    return home() / "studio" / f"audit-{hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]}.npz"


def summed_up(report: AuditReport, splits: Splits) -> KeptAudit:
    """Return what is shown of a report on one split."""
    from firstlight.audits._review import review_facts

    suspicion = np.full(report.images, np.nan, np.float32)
    # Networks that judge the test split learn from the train split, whose places come first.
    before = len(splits["train"]) if report.split == "test" else 0
    suspicion[report.scores.places.numpy() - before] = report.scores.wrong_probability.numpy()
    summary = {
        "split": report.split,
        "text": str(report),
        "images": report.images,
        "estimated": report.estimated_errors,
        "interval": list(report.interval),
        "flagged": report.flagged,
        "suspects": len(report.suspects),
        "recipe": report.recipe,
        "judges": report.judges,
        "repetitions": report.repetitions,
        "seconds": report.seconds,
        "is_complete": report.is_complete,
        "duplicates": len(report.duplicates),
        "outliers": len(report.outliers),
    }
    return KeptAudit(summary, review_facts(report, splits), suspicion)


def keep_audit(audit: KeptAudit, path: Path) -> None:
    """Write it; a full disk costs the next start a minute, not this one its result."""
    buffer = io.BytesIO()
    facts = json.dumps({"summary": audit.summary, "review": audit.review}).encode()
    np.savez_compressed(buffer, facts=np.frombuffer(facts, np.uint8), suspicion=audit.suspicion)
    try:
        write_file(path, buffer.getvalue())
    except CacheError:
        return


def kept_audit(path: Path) -> KeptAudit | None:
    """Read it; ``None`` where there is none, or none that makes sense."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            facts, suspicion = json.loads(stored["facts"].tobytes()), stored["suspicion"]
        if suspicion.shape != (facts["summary"]["images"],):
            return None
        return KeptAudit(facts["summary"], facts["review"], suspicion)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
