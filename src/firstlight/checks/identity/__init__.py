"""Which image of MNIST, Fashion-MNIST or CIFAR-10 is this, whatever a pipeline did to it?"""

from __future__ import annotations

from firstlight.checks.identity._atlas import Atlas, atlas_at_hand, atlas_of
from firstlight.checks.identity._greys import Greys, fit_greys
from firstlight.checks.identity._recognise import recognise
from firstlight.checks.identity._recognised import Recognised
from firstlight.checks.identity._turns import TURNS, Turn

__all__ = [
    "TURNS",
    "Atlas",
    "Greys",
    "Recognised",
    "Turn",
    "atlas_at_hand",
    "atlas_of",
    "fit_greys",
    "recognise",
]
