"""An augmentation that is checked: how it is called, and what it did in some calls, kept for all checks."""

from __future__ import annotations

import inspect
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
from firstlight.checks._runner import TargetBroke
from firstlight.checks.augmentations._declared import Declared
from firstlight.checks.augmentations._modes import MODES, Answer, Mode, call
from firstlight.checks.pipelines._frozen import reader_accuracy

__all__ = ["AugmentSubject"]

COUNT, SINGLE_COUNT = 256, 96
CALLS = 6
PROBE = 48
CLEAR = 0.15  # by which another range must keep more labels to be taken for the one that is meant
SEED_WORDS = {"seed", "rng", "generator", "key", "random_state", "epoch", "step"}


class AugmentSubject:
    """Finds out what the target takes, calls it, and keeps what came."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.declared = Declared.of(given.declares)
        self._seed = given.seed

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
            return made.train() if isinstance(made, nn.Module) else made
        if isinstance(target, nn.Module):
            return target.train()
        return lambda images: target(images, **args)

    @cached_property
    def has_seed(self) -> bool:
        """Whether a seed or a generator is handed over with each call."""
        try:
            return bool(SEED_WORDS & set(inspect.signature(self.given.target).parameters))
        except (TypeError, ValueError):
            return False

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
        images, labels = _digits()
        accepted: list[tuple[float, Mode]] = []
        first_error: BaseException | None = None
        for mode in self._allowed():
            if any(mode.range == other.range for _, other in accepted):
                continue  # one layout for each range
            if accepted and mode.is_single and not accepted[0][1].is_single:
                continue
            try:
                answer = call(self.function, images[:PROBE], mode, seed=derived_seed(self._seed, "mode"))
            except Exception as error:
                first_error = first_error or error
                continue
            if answer.pixels.shape[1] in (1, 3):
                accepted.append((_kept(answer.pixels, labels[:PROBE]), mode))
        if not accepted:
            assert first_error is not None, "no form was refused and none accepted"
            raise TargetBroke(f"it takes images in none of the usual forms: {first_error}") from first_error
        best = accepted[0]
        for one in accepted[1:]:
            best = one if one[0] > best[0] + CLEAR else best
        return best[1]

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
        try:
            return call(self.function, pixels, mode or self.mode, seed=seed)
        except Exception as error:
            raise TargetBroke(str(error)) from error

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
    def accuracy(self) -> tuple[float, float]:
        """How many digits a good network reads before and after."""
        images, labels = self.digits
        kept = [_kept(one.pixels, labels) for one in self.calls[:3]]
        return reader_accuracy(images * 255, labels), sum(kept) / len(kept)


def _kept(pixels: Float[Tensor, "n c h w"], labels: Int64[Tensor, " n"]) -> float:
    finite = pixels.mean(1, keepdim=True).nan_to_num(0.0, 0.0, 0.0)
    return reader_accuracy(finite * 255, labels)


def _digits() -> tuple[Float[Tensor, "n 1 28 28"], Int64[Tensor, " n"]]:
    try:
        digits = held_out_digits(COUNT)
    except MnistNotAtHand as error:
        raise TargetError(f"An augmentation is tried on MNIST, which is not at hand: {error}") from error
    return torch.from_numpy(digits.images).float()[:, None] / 255, torch.from_numpy(digits.labels)
