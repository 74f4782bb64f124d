"""Where a training stands between two steps: everything that going on needs, as one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor, nn

from firstlight._errors import DataCorruptError, TrainingDivergedError
from firstlight.training._averaging import Averaging
from firstlight.training._clock import Clock
from firstlight.training._optimizer import Optimizer

__all__ = ["Tally", "TrainingState", "part"]


@dataclass(eq=False)
class TrainingState:
    """A training between two steps. The loop moves it on; `tensors` and `restore` take it elsewhere.

    Order and augmentation of the images are not in it: they follow from the seed and from ``step``.

    Attributes
    ----------
    model, optimizer, averaging
        What learns, and how; all live.
    steps, epoch_steps
        Steps in all, and in a whole epoch.
    clock
        The seconds that were spent.
    device
        Where the losses and the tally are kept.
    step
        Steps done.
    losses
        Loss of each step that is done; zero where none is yet.
    tally
        Sums over the epoch that is running.
    validation_logits
        What the network said of the held-out images when an epoch ended last; not among `tensors`.
    """

    model: nn.Module
    optimizer: Optimizer
    averaging: Averaging
    steps: int
    epoch_steps: int
    clock: Clock
    device: torch.device
    step: int = 0
    losses: Float[Tensor, " steps"] = field(init=False)
    tally: Tally = field(init=False)
    validation_logits: Float[Tensor, "n k"] | None = None

    def __post_init__(self) -> None:
        self.losses = torch.zeros(self.steps, device=self.device)
        self.tally = Tally(self.device)

    @property
    def epochs(self) -> float:
        """Passes over the images so far."""
        return self.step / self.epoch_steps

    @property
    def ends_epoch(self) -> bool:
        """Whether an epoch, or the last part of one, is complete and was not told of yet."""
        return self.tally.count > 0 and (self.step % self.epoch_steps == 0 or self.step == self.steps)

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing more to do."""
        return self.step == self.steps and not self.tally.count

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Take in what a step that is now done gave."""
        self.losses[self.step] = loss
        self.step += 1
        self.tally.add(loss, logits, labels)

    def check_finite(self) -> None:
        """Raise `TrainingDivergedError` where a loss or a weight is not finite; waits for the device."""
        bad = torch.nonzero(~torch.isfinite(self.losses[: self.step]))
        if len(bad):
            raise TrainingDivergedError(int(bad[0]) + 1, float(self.losses[bad[0]]))
        norms = torch.stack(torch._foreach_norm(list[Tensor](self.optimizer.parameters)))
        if not bool(torch.isfinite(norms).all()):
            raise TrainingDivergedError(self.step, None)

    def tensors(self) -> dict[str, Tensor]:
        """Return everything by name. What lies on the device is live: copy it before the next step."""
        parts = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state(),
            "averaging": self.averaging.state(),
            "tally": self.tally.state(),
        }
        named = {f"{part}.{name}": value for part, values in parts.items() for name, value in values.items()}
        return named | {
            "losses": self.losses[: self.step],
            "step": torch.tensor(self.step),
            "seconds": torch.tensor(self.clock.seconds, dtype=torch.float64),
        }

    @torch.no_grad()
    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """Go to where `tensors` was taken, in a training of the same recipe and images.

        Names that are not its own are left alone.

        Raises
        ------
        DataCorruptError
            A tensor is missing or has another shape; then nothing was changed.
        """
        own = self.tensors()
        step = int(tensors["step"]) if "step" in tensors else -1
        shapes = {name: value.shape for name, value in own.items()} | {"losses": torch.Size([step])}
        wrong = [
            name for name, shape in shapes.items() if name not in tensors or tensors[name].shape != shape
        ]
        if wrong or not 0 <= step <= self.steps:
            what = f"{wrong[0]} is missing or has another shape" if wrong else f"it is at step {step}"
            raise DataCorruptError(f"This state does not fit a training of {self.steps} steps: {what}.")
        self.step = step
        self.losses[:step] = tensors["losses"]
        self.clock.add(float(tensors["seconds"]))
        self.tally.count = int(tensors["tally.count"])
        self.optimizer.load_state(part("optimizer", tensors))
        self.averaging.load_state(part("averaging", tensors))
        for name, value in own.items():
            if name.startswith("model.") or name in {"tally.loss", "tally.correct"}:
                value.copy_(tensors[name])


class Tally:
    """Sums over one epoch, kept on the device so that no step waits for it."""

    def __init__(self, device: torch.device) -> None:
        self.count = 0
        self._loss = torch.zeros((), device=device)
        self._correct = torch.zeros((), dtype=torch.int64, device=device)

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor) -> None:
        """Take in one batch."""
        self._loss.add_(loss, alpha=len(labels))
        self._correct.add_((logits.argmax(dim=1) == labels).sum())
        self.count += len(labels)

    def take(self) -> tuple[float, float]:
        """Return mean loss and accuracy, and start anew; waits for the device."""
        loss, share = self._loss.item() / self.count, self._correct.item() / self.count
        self._loss.zero_()
        self._correct.zero_()
        self.count = 0
        return loss, share

    def state(self) -> dict[str, Tensor]:
        """Return the sums, live, and how many images they are of."""
        return {"loss": self._loss, "correct": self._correct, "count": torch.tensor(self.count)}


def part(name: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return those of the tensors that belong to one part of a training, by the names they have there."""
    return {
        key.removeprefix(f"{name}."): value for key, value in tensors.items() if key.startswith(f"{name}.")
    }
