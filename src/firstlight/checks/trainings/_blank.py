"""T3: nothing is learnt from blank images but how often each class comes."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import Digits, held_out_digits, needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._statistics import binomial_band
from firstlight.checks.trainings._subject import TrainSubject, relabelled

__all__ = ["blank_teaches_nothing"]

ASKED = 1000
MOST = binomial_band(ASKED, 0.1, alpha=1e-6)[1] / ASKED
LEAST_BATCH = 8


@check_of("T3", "blank images teach nothing", families=("leakage",), instrument="control", seconds=120)
@needs_mnist
def blank_teaches_nothing(subject: TrainSubject) -> Outcome:
    """Train on blank images with labels: whoever tells the labels apart sees them."""
    labels = relabelled(training_digits(500)).labels
    blank = Digits(np.zeros((len(labels), 28, 28), dtype=np.uint8), labels)
    hidden = relabelled(held_out_digits(ASKED))
    try:
        made = subject.trained("blank", blank)
        right = float((made.answers(np.zeros_like(hidden.images)) == hidden.labels).mean())
    except Exception as error:
        return skipped(f"it does not take blank images: {error}"[:160])
    if right > MOST:
        return _leak(f"{right:.0%} of {ASKED:,} blank images have the answer that was kept back", "predict")
    losses = [one for one in made.watch.losses if one.batch >= LEAST_BATCH]
    tail = losses[-max(5, len(losses) // 10) :]
    known = float(np.mean([one.accuracy for one in tail])) if len(losses) >= 10 else 0.0
    if known > 0.6:
        return _leak(
            f"{known:.0%} of blank training images are told apart in the last batches", "the network"
        )
    return passed(f"{right:.1%} of {ASKED:,} blank images: chance")


def _leak(seen: str, where: str) -> Outcome:
    return failed(
        "leakage",
        expected="one answer for all blank images",
        seen=seen,
        where=where,
        cause="Labels, or places in the data set, are among what the network gets.",
        certainty=0.9,
    )
