"""T7: the same seed gives the same, another one something else."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.trainings._subject import TrainSubject, relabelled
from firstlight.checks.trainings._watch import Watch

__all__ = ["reseeding", "same_seed"]


@check_of("T7", "seeds", families=("determinism", "ignored-option"), instrument="control", seconds=120)
@needs_mnist
def same_seed(subject: TrainSubject) -> Outcome:
    """Train twice with one seed, the global generators in different states; then with another seed."""
    if subject.given.declares.get("random") == "yes":
        return skipped("declared: random=yes")
    digits, images = relabelled(training_digits(500)), subject.held_out.images
    one = subject.small.answers(images)
    if float((subject.small.answers(images) != one).mean()) > 0.005:
        return skipped("its answers differ from call to call: see T13")
    other = subject.trained("small", digits, noise=1).answers(images)
    if (off := float((one != other).mean())) > 0.005:
        return failed(
            "determinism",
            expected="the same predictor from the same images, labels and seed",
            seen=f"other labels for {off:.1%} of 2,000 images",
            where="the second training with seed 0",
            cause="Something is drawn from a generator that the seed does not set.",
            hint="Make one generator of the seed and draw weights, order and dropout from it.",
            certainty=0.85,
        )
    third = subject.trained("small", digits, seed=1).answers(images)
    if (one != third).any() or not _has_drawn_weights(subject.small.watch):
        return passed("one seed, one result")
    return failed(
        "determinism",
        expected="another network from another seed",
        seen="the same labels for all of 2,000 images from seeds 0 and 1",
        where="train with seed 1",
        cause="The seed is not used: a fixed one is set inside.",
        certainty=0.8,
    )


def _has_drawn_weights(watch: Watch) -> bool:
    """Whether a network of several layers was trained: it has to begin with drawn weights."""
    if watch.network is None or not watch.steps:
        return False
    return sum(1 for one in watch.network.parameters() if one.dim() >= 2) >= 2


@check_of("T15", "seeds are set once", families=("determinism",), seconds=120)
@needs_mnist
def reseeding(subject: TrainSubject) -> Outcome:
    """Count how often torch.manual_seed is called with one seed while training."""
    watch = subject.main.watch
    if not watch.seeds or not watch.steps:
        return skipped("torch.manual_seed is not called")
    seed, times = watch.seeds.most_common(1)[0]
    if times > 5 and times >= watch.steps // 2:
        return failed(
            "determinism",
            expected="the seed is set before the training",
            seen=f"torch.manual_seed({seed}) is called {times} times in {watch.steps} steps",
            where="step 1",
            cause="The generator is set back in each step: every dropout mask and every draw repeats.",
            certainty=0.9,
        )
    if times > 4:
        return warned(f"torch.manual_seed({seed}) is called {times} times: draws repeat")
    return passed(f"at most {times} times")
