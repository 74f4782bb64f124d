"""A library's optimizer in the place of a reference: ``--like torch.optim.Adam``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firstlight.checks.optimizers._manner import Manner, found_manner
from firstlight.checks.optimizers._options import MISSING, Spelled, arguments, signature_of, spelled_options
from firstlight.checks.optimizers._tape import Tape, Trajectory
from firstlight.checks.references.optimizers import OPTIMIZERS, OptimizerReference

__all__ = ["PeerReference", "reference_named"]


def reference_named(name: str) -> OptimizerReference | None:
    """Return the reference that a class is named after, if there is one.

    Examples
    --------
    >>> reference_named("AdamW").name, reference_named("MyOptimizer")
    ('adamw', None)
    """
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    known = {re.sub(r"[^a-z0-9]", "", key): value for key, value in OPTIMIZERS.items()}
    return known.get(plain)


@dataclass(frozen=True)
class PeerReference:
    """Steps a library's optimizer along the same tape."""

    name: str
    manner: Manner
    signature: Mapping[str, Any]
    args: Mapping[str, Any]
    spelled: Mapping[str, Spelled]

    @staticmethod
    def of(peer: Any, args: Mapping[str, Any]) -> PeerReference:
        """Give it those of the target's arguments that it takes too."""
        signature = signature_of(peer)
        taken = {name: value for name, value in args.items() if name in signature}
        reference = reference_named(getattr(peer, "__name__", ""))
        spelled = spelled_options(signature, taken, reference)
        if "lr" in spelled and spelled["lr"].default is MISSING:
            taken[spelled["lr"].name] = 0.1
        return PeerReference(
            getattr(peer, "__name__", "the peer"), found_manner(peer, taken), signature, taken, spelled
        )

    def run(self, tape: Tape, options: Mapping[str, Any], *, dtype: str) -> Trajectory:
        """Return its weights after each step, with options by canonical name."""
        given = arguments(self.spelled, self.signature, self.args, options)
        session = self.manner.start(tape.weights, given, dtype=dtype)
        found = [session.values()]
        for grads in tape.grads:
            session.step(grads)
            found.append(session.values())
        return found
