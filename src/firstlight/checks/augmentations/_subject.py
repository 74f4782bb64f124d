"""An augmentation that is checked: how it is called, and what it did in some calls, kept for all checks."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from firstlight._errors import TargetError
from firstlight._seeds import derived_seed
from firstlight.checks._given import Given
from firstlight.checks._mnist import MnistNotAtHand, held_out_digits
from firstlight.checks._outcome import Outcome, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.augmentations._declared import Declared
from firstlight.checks.augmentations._measured import Moves, measured_moves
from firstlight.checks.augmentations._modes import MODES, Answer, Mode, call
from firstlight.checks.pipelines._frozen import reader_accuracy

__all__ = ["AugmentSubject", "takes_images"]

COUNT, SINGLE_COUNT = 256, 96
CALLS = 6
MEASURED = 120
PROBE = 48
WELL = 0.5
IDLE, MIXED = 0.02, 0.3
MUCH = 0.4  # by which another layout must keep more labels
CLEAR = 0.15  # by which another range must keep more labels to be taken for the one that is meant
SEED_WORDS = {"seed", "rng", "generator", "key", "random_state", "epoch", "step"}


class AugmentSubject:
    """Finds out what the target takes, calls it, and keeps what came."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.declared = Declared.of(given.declares)
        self._seed = given.seed
        self._seeds = itertools.count(given.seed % 2**31)

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The augmentation, whether it was given as a function, a class, a module or an object.

        Raises
        ------
        TargetError
            A class cannot be made with the arguments.
        """
        target, args = self.given.target, dict(self.given.args)
        if inspect.isclass(target):
            try:
                made = target(**args)
            except TypeError as error:
                raise TargetError(
                    f"{self.given.name} cannot be made: {error}. Give its arguments: --args."
                ) from error
            return _ready(made)
        if isinstance(target, nn.Module):
            return _ready(target)
        if "seed" in self._parameters and "seed" not in args:
            return lambda images: target(images, seed=next(self._seeds), **args)
        return lambda images: target(images, **args)

    @cached_property
    def _parameters(self) -> set[str]:
        try:
            return set(inspect.signature(self.given.target).parameters)
        except (TypeError, ValueError):
            return set()

    @property
    def has_seed(self) -> bool:
        """Whether a seed or a generator is handed over with each call."""
        return bool(SEED_WORDS & self._parameters)

    # Images

    @cached_property
    def digits(self) -> tuple[Float[Tensor, "n 1 28 28"], Int64[Tensor, " n"]]:
        """Digits from 0 to 1 and their labels; drawn blobs with labels of -1 where MNIST is not at hand."""
        count = SINGLE_COUNT if self.mode.is_single else COUNT
        images, labels = _digits()
        return images[:count], labels[:count]

    # How it is called

    @cached_property
    def mode(self) -> Mode:
        """The form of input that it takes, and keeps most labels in.

        Raises
        ------
        TargetBroke
            It takes none.
        """
        images = _digits()[0]
        accepted: list[tuple[float, Mode]] = []
        first_error: BaseException | None = None
        for mode in self._allowed():
            good = [other for kept, other in accepted if kept >= WELL]
            if any(mode.range == other.range or (mode.is_single and not other.is_single) for other in good):
                continue  # one layout for each range, and whole batches where it takes them
            try:
                answer = call(self.function, images[:PROBE], mode, seed=derived_seed(self._seed, "mode"))
            except Exception as error:
                first_error = first_error or error
                continue
            if answer.pixels.shape[1] in (1, 3):
                accepted.append((self._worth(answer, mode), mode))
        if not accepted:
            assert first_error is not None, "no form was refused and none accepted"
            raise TargetBroke(f"it takes images in none of the usual forms: {first_error}") from first_error
        best = accepted[0]
        for one in accepted[1:]:
            is_other_layout = one[1].range == best[1].range or one[1].is_single != best[1].is_single
            best = one if one[0] > best[0] + (MUCH if is_other_layout else CLEAR) else best
        return best[1]

    @cached_property
    def is_answering(self) -> bool:
        """Whether there is a form of input that it takes."""
        try:
            return bool(self.mode.layout)
        except TargetBroke:
            return False

    def _worth(self, answer: Answer, mode: Mode) -> float:
        """Return how many labels a form of input keeps; less where it does nothing, or mixes rows."""
        images, labels = _digits()
        images = images[:PROBE]
        kept = _kept(answer.pixels, labels[:PROBE])
        plain = mode.taken(torch.as_tensor(mode.given(images)))
        if answer.pixels.shape == plain.shape and torch.equal(answer.pixels, plain):
            return IDLE  # many functions hand back what they do not know
        if not mode.is_single and kept >= WELL:
            others = images.clone()
            others[1::2] = images[1::2].flip(0)
            seed = derived_seed(self._seed, "mode")
            same, other = (call(self.function, one, mode, seed=seed).pixels for one in (images, others))
            if torch.equal(same, answer.pixels) and not torch.equal(same[::2], other[::2]):
                return MIXED
        return kept

    def _allowed(self) -> list[Mode]:
        modes = [*MODES]
        if self.declared.range is not None:
            wanted = self.declared.range
            modes = [mode for mode in modes if mode.range == wanted]
            if wanted == "standard":
                modes = [
                    Mode("torch", "standard", "nchw"),
                    Mode("numpy", "standard", "nhw"),
                    Mode("torch", "standard", "chw"),
                ]
        if self.declared.layout is not None:
            modes = [mode for mode in modes if mode.is_single == (self.declared.layout == "single")]
        return modes

    def call(
        self, pixels: Float[Tensor, "n 1 h w"], *, seed: int | None = None, mode: Mode | None = None
    ) -> Answer:
        """Call it; what it raises is its own failure."""
        self._seeds = itertools.count(seed % 2**31) if seed is not None else self._seeds
        try:
            return call(self.function, pixels, mode or self.mode, seed=seed)
        except Exception as error:
            raise TargetBroke(str(error)) from error

    def trial(self, pixels: Float[Tensor, "n 1 h w"], *, seed: int | None = None) -> Answer | None:
        """Call it with images that are no digits; ``None`` where it refuses them, as it may."""
        try:
            return call(self.function, pixels, self.mode, seed=seed)
        except Exception:
            return None

    # What it did

    @cached_property
    def calls(self) -> tuple[Answer, ...]:
        """Some calls with the same digits, one after the other, after one seed."""
        seed = derived_seed(self._seed, "calls")
        return tuple(self.call(self.digits[0], seed=seed if number == 0 else None) for number in range(CALLS))

    @cached_property
    def again(self) -> Answer:
        """The first call once more, after the same seed."""
        return self.call(self.digits[0], seed=derived_seed(self._seed, "calls"))

    @cached_property
    def copies(self) -> tuple[Answer, ...]:
        """Some calls with one digit in all rows."""
        images, _ = self.digits
        same = images[:1].expand_as(images).contiguous()
        seed = derived_seed(self._seed, "copies")
        return tuple(self.call(same, seed=seed if number == 0 else None) for number in range(CALLS))

    @cached_property
    def is_random(self) -> bool:
        """Whether equal images come out different, in one call or in two."""
        first = self.copies[0].pixels
        rows = bool((first != first[:1]).any())
        return rows or any(not torch.equal(first, other.pixels) for other in self.copies[1:])

    @cached_property
    def is_row_wise(self) -> bool:
        """Whether equal rows of one call come out different."""
        return any(bool((one.pixels != one.pixels[:1]).any()) for one in self.copies)

    def differences(self) -> Float[Tensor, "calls n"]:
        """Return by how much each row of each call differs from its image; infinite where shapes differ."""
        images, _ = self.digits
        rows = []
        for one in self.calls:
            if one.pixels.shape[2:] != images.shape[2:]:
                rows.append(torch.full((len(images),), torch.inf))
                continue
            rows.append((one.pixels[:, :1] - self.plain).abs().amax((1, 2, 3)))
        return torch.stack(rows)

    @cached_property
    def plain(self) -> Float[Tensor, "n 1 28 28"]:
        """The digits as they went in: rounded, where they went in as bytes."""
        return self.mode.taken(torch.as_tensor(self.mode.given(self.digits[0])))

    @cached_property
    def moves(self) -> Moves:
        """Rotation, size and shift of the first call's answers, measured."""
        images, _ = self.digits
        return measured_moves(images[:MEASURED], self.calls[0].pixels[:MEASURED].mean(1, keepdim=True))

    @cached_property
    def accuracy(self) -> tuple[float, float]:
        """How many digits a good network reads before and after."""
        images, labels = self.digits
        kept = [_kept(one.pixels, labels) for one in self.calls[:3]]
        return reader_accuracy(images * 255, labels), sum(kept) / len(kept)


def _ready(made: Any) -> Callable[..., Any]:
    """Return an object that is called, a module in training mode."""
    return made.train() if isinstance(made, nn.Module) else made


def _kept(pixels: Float[Tensor, "n c h w"], labels: Int64[Tensor, " n"]) -> float:
    finite = pixels.mean(1, keepdim=True).nan_to_num(0.0, 0.0, 0.0)
    return reader_accuracy(finite * 255, labels)


def _digits() -> tuple[Float[Tensor, "n 1 28 28"], Int64[Tensor, " n"]]:
    try:
        digits = held_out_digits(COUNT)
    except MnistNotAtHand as error:
        raise TargetError(f"An augmentation is tried on MNIST, which is not at hand: {error}") from error
    return torch.from_numpy(digits.images).float()[:, None] / 255, torch.from_numpy(digits.labels)


def takes_images(run: Callable[[AugmentSubject], Outcome]) -> Callable[[AugmentSubject], Outcome]:
    """Make a skip of a check where no form of input is taken: the first check tells of it."""

    @functools.wraps(run)
    def asked(subject: AugmentSubject) -> Outcome:
        if not subject.is_answering:
            return skipped("it takes images in none of the usual forms")
        return run(subject)

    return asked
