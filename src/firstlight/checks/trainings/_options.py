"""T24: options count."""

from __future__ import annotations

from typing import Any

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.trainings._subject import TrainSubject, relabelled

__all__ = ["options_count"]

LENGTHS = ("epochs", "n_epochs", "num_epochs", "max_epochs", "n_iter", "n_iters", "iterations", "num_steps")
RATES = ("lr", "learning_rate", "step_size")
LEARNT = 0.4  # of held-out digits: no network reads so many that has not been trained


@check_of("T24", "rate and length count", families=("ignored-option",), instrument="control", seconds=120)
@needs_mnist
def options_count(subject: TrainSubject) -> Outcome:
    """Train with a learning rate of 0, and for no epochs: nothing can have been learnt then."""
    images, labels = subject.held_out.images, subject.held_out.labels
    usual = subject.small.answers(images)
    right = float((usual == labels).mean())
    if right < LEARNT:
        return skipped("it learns too little from 500 images to tell")
    tried = []
    has_a_choice = any(isinstance(value, str) for value in subject.options.values())
    for name, value in subject.options.items():
        is_rate = name in RATES
        if not (is_rate or name in LENGTHS) or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if value <= (0 if is_rate else 1):
            continue
        answers = [_answers(subject, name, small) for small in ((0.0, 1e-12) if is_rate else (0,))]
        if any(one is None for one in answers):
            continue
        tried.append(name)
        if not all((one == usual).all() for one in answers):
            continue
        said = f"{right:.1%} of 2,000 held-out images, and each of the answers as with {name}={value}"
        if has_a_choice:
            return warned(f"{said}: perhaps {name} counts with another choice of its options")
        return failed(
            "ignored-option",
            expected=f"nothing learnt with {name}=0",
            seen=said,
            where=name,
            cause=f"{name} is accepted and not used: another value stands in its place.",
            certainty=0.92,
        )
    return passed(f"{', '.join(tried)}") if tried else skipped("it has no such options, or they cannot be 0")


def _answers(subject: TrainSubject, name: str, value: Any) -> Any:
    """Return what is answered with an option changed; ``None`` where it refuses."""
    digits = relabelled(training_digits(500))
    try:
        return subject.trained("small", digits, options=((name, value),)).answers(subject.held_out.images)
    except Exception:
        return None
