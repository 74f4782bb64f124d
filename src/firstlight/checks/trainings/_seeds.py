"""T7: the same seed gives the same, another one something else."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._mnist import needs_mnist, training_digits
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.trainings._subject import TrainSubject, relabelled
from firstlight.checks.trainings._watch import Watch

__all__ = ["orders_differ", "reseeding", "same_seed"]

SMALL = 500  # images of the small training
MOST_SHARE = 50  # percent of them that an order has to have; the others may be kept for validation


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
    third = subject.trained("small", digits, seed=1)
    watch = subject.small.watch
    if (one != third.answers(images)).any() or not (
        _has_drawn_weights(watch) or _draws_the_same(watch, third.watch)
    ):
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


def _draws_the_same(watch: Watch, other: Watch) -> bool:
    """Whether what is drawn, more than once, is the same with another seed: orders of epochs, or weights."""
    orders, weights = watch.draws.orders_of(MOST_SHARE * SMALL // 100, SMALL), watch.draws.weights
    others = other.draws.orders_of(MOST_SHARE * SMALL // 100, SMALL)
    is_same = orders == others and weights == other.draws.weights
    return is_same and (len(set(orders)) > 1 or len(set(weights)) > 1)


@check_of("T23", "each epoch has an order of its own", families=("determinism", "order"), seconds=120)
@needs_mnist
def orders_differ(subject: TrainSubject) -> Outcome:
    """Keep all orders of images that are drawn while training: drawn in each epoch, they must not repeat."""
    orders = subject.small.watch.draws.orders_of(MOST_SHARE * SMALL // 100, SMALL)
    if len(orders) < 3:
        return skipped(f"{len(orders)} orders of images were seen to be drawn")
    if len(set(orders)) > 1:
        return passed(f"{len(set(orders))} orders in {len(orders)} draws")
    said = f"one and the same order in {len(orders)} draws"
    if len(orders) in (3, 10):  # shuffling three arrays alike, or one training for each class, is right
        return warned(said)
    return failed(
        "determinism",
        expected="another order in each epoch, as it is drawn anew",
        seen=said,
        where="epoch 2",
        cause="The generator is made anew, or its seed set again, in each epoch: what it draws repeats.",
        hint="Make the generator once, before the first epoch.",
        certainty=0.85,
    )


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
