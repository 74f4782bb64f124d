"""An evaluation as plain values for JSON, which has no word for "not a number"."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firstlight.evaluation import Evaluation

__all__ = ["evaluation_fields", "finite"]


def evaluation_fields(evaluation: Evaluation) -> dict[str, Any]:
    """Return what a run's evaluation says, except the images it read wrong."""
    disputed, rescaling = evaluation.disputed, evaluation.rescaling
    fields: dict[str, Any] = finite(
        {
            "accuracy": evaluation.accuracy,
            "correct": evaluation.correct,
            "count": evaluation.count,
            "interval": list(evaluation.interval),
            "classes": [asdict(score) for score in evaluation.class_scores()],
            "confusion": evaluation.confusion.tolist(),
            "calibration": asdict(evaluation.calibration),
            "rescaling": asdict(rescaling) if rescaling else None,
            "disputed": {
                "images": [asdict(image) for image in disputed.images],
                "mistakes_disputed": disputed.mistakes_disputed,
                "resolved": disputed.resolved,
                "read_as_people": disputed.read_as_people,
                "accuracy_undisputed": disputed.accuracy_undisputed,
                "accuracy_people": disputed.accuracy_people,
            }
            if disputed
            else None,
        }
    )
    return fields


def finite(value: Any) -> Any:
    """Return nested plain values with ``None`` for what is not a finite number.

    Examples
    --------
    >>> finite({"a": [1.5, float("nan")], "b": float("inf")})
    {'a': [1.5, None], 'b': None}
    """
    if isinstance(value, dict):
        return {key: finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
