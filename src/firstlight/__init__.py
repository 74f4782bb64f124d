"""firstlight: MNIST made a first-class instrument.

>>> import firstlight as fl
>>> train, test = fl.load("mnist")
>>> len(train), len(test)
(60000, 10000)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firstlight._errors import TargetError as TargetError
    from firstlight.audits import AuditReport as AuditReport
    from firstlight.audits import Suspect as Suspect
    from firstlight.audits import audit as audit
    from firstlight.checks import CheckReport as CheckReport
    from firstlight.checks import check as check
    from firstlight.datasets import ImageDataset as ImageDataset
    from firstlight.datasets import load as load
    from firstlight.loader import Batches as Batches
    from firstlight.loader import batches as batches
    from firstlight.maps import ImageMap as ImageMap
    from firstlight.maps import load_map as load_map
    from firstlight.maps import map as map  # noqa: A004
    from firstlight.maps import place as place
    from firstlight.prediction import predict as predict
    from firstlight.training import Run as Run
    from firstlight.training import resume as resume
    from firstlight.training import train as train

# Where each public name lives. Loaded on first use, so that `import firstlight` does not wait for torch.
_HOMES = {
    "AuditReport": "firstlight.audits",
    "Batches": "firstlight.loader",
    "CheckReport": "firstlight.checks",
    "ImageDataset": "firstlight.datasets",
    "ImageMap": "firstlight.maps",
    "Run": "firstlight.training",
    "Suspect": "firstlight.audits",
    "TargetError": "firstlight._errors",
    "audit": "firstlight.audits",
    "batches": "firstlight.loader",
    "check": "firstlight.checks",
    "load": "firstlight.datasets",
    "load_map": "firstlight.maps",
    "map": "firstlight.maps",
    "place": "firstlight.maps",
    "predict": "firstlight.prediction",
    "resume": "firstlight.training",
    "train": "firstlight.training",
}

__all__ = [
    "AuditReport",
    "Batches",
    "CheckReport",
    "ImageDataset",
    "ImageMap",
    "Run",
    "Suspect",
    "TargetError",
    "audit",
    "batches",
    "check",
    "load",
    "load_map",
    "map",
    "place",
    "predict",
    "resume",
    "train",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'firstlight' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
