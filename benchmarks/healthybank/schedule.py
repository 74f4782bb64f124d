"""Right schedules of torch, optax and pytorch_optimizer, and in the ways in which people write them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch

TORCH = "torch.optim.lr_scheduler"


def cosine_by_numpy(step: int, lr: float, total_steps: int, lr_min: float = 0.0) -> Any:
    """NumPy scalars."""
    return lr_min + (lr - lr_min) * (1.0 + np.cos(np.pi * np.minimum(step, total_steps) / total_steps)) / 2


def cosine_by_torch(step: int, base_lr: float, T_max: int) -> torch.Tensor:  # noqa: N803
    """A tensor in single precision."""
    return torch.tensor(base_lr) * (1 + torch.cos(torch.tensor(math.pi) * step / T_max)) / 2


def nanogpt(it: int, learning_rate: float, warmup_iters: int, lr_decay_iters: int, min_lr: float) -> float:
    """Warm-up from 1 / (n + 1), cosine to min_lr, constant after it."""
    if it < warmup_iters:
        return learning_rate * (it + 1) / (warmup_iters + 1)
    if it > lr_decay_iters:
        return min_lr
    part = (it - warmup_iters) / (lr_decay_iters - warmup_iters)
    return min_lr + 0.5 * (1.0 + math.cos(math.pi * part)) * (learning_rate - min_lr)


def dino(
    step: int, base_value: float, final_value: float, epochs: int, niter_per_ep: int, warmup_epochs: int
) -> float:
    """A table of all rates, the warm-up with its top in its last step."""
    warm = np.linspace(0.0, base_value, warmup_epochs * niter_per_ep)
    steps = np.arange(epochs * niter_per_ep - len(warm))
    rest = final_value + 0.5 * (base_value - final_value) * (1 + np.cos(np.pi * steps / len(steps)))
    return float(np.concatenate([warm, rest])[step])


def hf_cosine(optimizer: Any, num_warmup_steps: int, num_training_steps: int) -> Any:
    """A factor for LambdaLR, as in Hugging Face's library."""

    def factor(step: int) -> float:
        if step < num_warmup_steps:
            return step / max(1, num_warmup_steps)
        part = (step - num_warmup_steps) / max(1, num_training_steps - num_warmup_steps)
        return max(0.0, 0.5 * (1.0 + math.cos(math.pi * part)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def chained(optimizer: Any, warmup_steps: int, total_steps: int) -> Any:
    """LinearLR, then CosineAnnealingLR."""
    scheduler = torch.optim.lr_scheduler
    warm = scheduler.LinearLR(optimizer, 1e-3, 1.0, total_iters=warmup_steps)
    rest = scheduler.CosineAnnealingLR(optimizer, T_max=total_steps - warmup_steps)
    return scheduler.SequentialLR(optimizer, [warm, rest], [warmup_steps])


def adjust_learning_rate(optimizer: Any, epoch: int, lr: float = 0.1) -> None:
    """The way of the ImageNet example: a tenth every 30 epochs."""
    for group in optimizer.param_groups:
        group["lr"] = lr * (0.1 ** (epoch // 30))


def fairseq(num_updates: int, lr: float, warmup_updates: int, warmup_init_lr: float = 0.0) -> float:
    """Linear to lr, then the inverse square root of the number of updates."""
    if num_updates < warmup_updates:
        return warmup_init_lr + num_updates * (lr - warmup_init_lr) / warmup_updates
    return lr * warmup_updates**0.5 * num_updates**-0.5


class Noam:
    """Sets the rate before each update, counting from 1."""

    def __init__(self, optimizer: Any, model_size: int, warmup: int, factor: float = 1.0) -> None:
        self.optimizer, self.size, self.warmup, self.factor, self.count = (
            optimizer,
            model_size,
            warmup,
            factor,
            0,
        )

    def step(self) -> None:
        """Count and set."""
        self.count += 1
        rate = self.factor * self.size**-0.5 * min(self.count**-0.5, self.count * self.warmup**-1.5)
        for group in self.optimizer.param_groups:
            group["lr"] = rate


class Trapezoid:
    """get_lr(step), its decay as a fraction."""

    def __init__(
        self, max_lr: float, total_steps: int, warmup_steps: int, cooldown_fraction: float = 0.2
    ) -> None:
        self.max_lr, self.total, self.warmup = max_lr, total_steps, warmup_steps
        self.decay = int(cooldown_fraction * total_steps)

    def get_lr(self, step: int) -> float:
        """Return the rate of a step."""
        if step < self.warmup:
            return self.max_lr * (step + 1) / self.warmup
        if step < self.total - self.decay:
            return self.max_lr
        return self.max_lr * (self.total - step) / self.decay


class StepsItself:
    """Keeps its own count: step() returns the rate."""

    def __init__(self, lr: float, gamma: float) -> None:
        self.lr, self.gamma = lr, gamma

    def step(self) -> float:
        """Return the rate and let it fall."""
        found = self.lr
        self.lr *= self.gamma
        return found


def hard_coded(epoch: int) -> float:
    """No option at all."""
    if epoch < 60:
        return 0.1
    return 0.01 if epoch < 120 else 0.001


def tf_style(initial_learning_rate: float, decay_steps: int, alpha: float = 0.0) -> Any:
    """Keras' cosine decay: a factory of a function, its floor as a part."""

    def rate(step: int) -> float:
        part = 0.5 * (1 + math.cos(math.pi * min(step, decay_steps) / decay_steps))
        return initial_learning_rate * ((1 - alpha) * part + alpha)

    return rate


class TimmStyle:
    """As timm's: step(t) is told the step; the cosine waits for the warm-up only if that is asked for."""

    def __init__(
        self, optimizer: Any, t_initial: int, warmup_t: int = 0, warmup_prefix: bool = False
    ) -> None:
        self.optimizer, self.t_initial, self.warmup_t = optimizer, t_initial, warmup_t
        self.prefix = warmup_prefix
        self.base = [group["lr"] for group in optimizer.param_groups]
        self.step(0)

    def step(self, epoch: int) -> None:
        """Set the rate of an epoch."""
        if epoch < self.warmup_t:
            part = epoch / self.warmup_t
        else:
            t = epoch - self.warmup_t if self.prefix else epoch
            part = (1 + math.cos(math.pi * min(t / self.t_initial, 1.0))) / 2
        for group, base in zip(self.optimizer.param_groups, self.base, strict=True):
            group["lr"] = base * part


def one(
    target: str, like: str | None = None, declares: dict[str, str] | None = None, **args: Any
) -> dict[str, Any]:
    """Return an entry."""
    return {"target": target, "like": like, "args": args, "declares": declares or {}, "kind": "schedule"}


ENTRIES: tuple[dict[str, Any], ...] = (
    one(f"{TORCH}:StepLR", "step", step_size=7),
    one(f"{TORCH}:StepLR", "step", step_size=3, gamma=0.5),
    one(f"{TORCH}:StepLR", step_size=3, gamma=0.5),
    one(f"{TORCH}:MultiStepLR", "multi-step", milestones=[5, 9, 20]),
    one(f"{TORCH}:ExponentialLR", "exponential", gamma=0.9),
    one(f"{TORCH}:ExponentialLR", "exponential", gamma=0.999),
    one(f"{TORCH}:ConstantLR", "constant"),
    one(f"{TORCH}:ConstantLR", "constant", factor=0.5, total_iters=9),
    one(f"{TORCH}:LinearLR", "linear"),
    one(f"{TORCH}:LinearLR", "linear", start_factor=0.1, end_factor=0.9, total_iters=20),
    one(f"{TORCH}:LinearLR", "linear-warmup", start_factor=0.1, total_iters=20),
    one(f"{TORCH}:PolynomialLR", "polynomial", total_iters=30, power=2.0),
    one(f"{TORCH}:PolynomialLR", "polynomial"),
    one(f"{TORCH}:CosineAnnealingLR", "cosine", T_max=50),
    one(f"{TORCH}:CosineAnnealingLR", "cosine", T_max=1000, eta_min=1e-3),
    one(f"{TORCH}:CosineAnnealingLR", T_max=50),
    one(f"{TORCH}:CosineAnnealingWarmRestarts", "cosine-restarts", T_0=10, T_mult=2),
    one(f"{TORCH}:CosineAnnealingWarmRestarts", "sgdr", T_0=7, eta_min=0.01),
    one(f"{TORCH}:CosineAnnealingWarmRestarts", T_0=7),
    one(f"{TORCH}:OneCycleLR", "one-cycle", max_lr=0.5, total_steps=100),
    one(f"{TORCH}:OneCycleLR", "one-cycle", max_lr=0.5, epochs=5, steps_per_epoch=20),
    one(
        f"{TORCH}:OneCycleLR",
        "one-cycle",
        max_lr=0.5,
        total_steps=90,
        three_phase=True,
        anneal_strategy="linear",
    ),
    one(f"{TORCH}:OneCycleLR", max_lr=0.5, total_steps=90),
    one(f"{TORCH}:CyclicLR", "cyclic", base_lr=0.01, max_lr=0.1, step_size_up=20),
    one(f"{TORCH}:CyclicLR", "cyclic", base_lr=0.01, max_lr=0.1, step_size_up=15, mode="triangular2"),
    one(
        f"{TORCH}:CyclicLR", "cyclic", base_lr=0.01, max_lr=0.1, step_size_up=15, mode="exp_range", gamma=0.99
    ),
    one(f"{TORCH}:CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=15),
    one("optax:constant_schedule", "constant", value=0.1),
    one("optax:cosine_decay_schedule", "cosine", init_value=0.1, decay_steps=50),
    one("optax:cosine_decay_schedule", "cosine", init_value=0.1, decay_steps=50, alpha=0.1),
    one("optax:cosine_decay_schedule", init_value=0.1, decay_steps=50),
    one("optax:exponential_decay", "exponential", init_value=0.1, transition_steps=10, decay_rate=0.5),
    one(
        "optax:exponential_decay",
        "exponential",
        init_value=0.1,
        transition_steps=10,
        decay_rate=0.5,
        staircase=True,
    ),
    one(
        "optax:exponential_decay",
        "exponential",
        init_value=0.1,
        transition_steps=10,
        decay_rate=0.5,
        end_value=0.01,
    ),
    one("optax:linear_schedule", "linear", init_value=0.1, end_value=0.01, transition_steps=30),
    one(
        "optax:polynomial_schedule",
        "polynomial",
        init_value=0.1,
        end_value=0.01,
        power=2,
        transition_steps=30,
    ),
    one(
        "optax:warmup_cosine_decay_schedule",
        "warmup-cosine",
        init_value=0.0,
        peak_value=0.1,
        warmup_steps=10,
        decay_steps=60,
    ),
    one(
        "optax:warmup_cosine_decay_schedule",
        "warmup-cosine",
        init_value=0.01,
        peak_value=0.1,
        warmup_steps=10,
        decay_steps=60,
        end_value=0.001,
    ),
    one(
        "optax:warmup_cosine_decay_schedule", init_value=0.0, peak_value=0.1, warmup_steps=10, decay_steps=60
    ),
    one("optax:warmup_constant_schedule", "linear-warmup", init_value=0.0, peak_value=0.1, warmup_steps=10),
    one("optax:cosine_onecycle_schedule", "one-cycle", transition_steps=50, peak_value=0.1),
    one(
        "pytorch_optimizer.lr_scheduler:CosineScheduler",
        "warmup-cosine",
        t_max=50,
        max_lr=0.1,
        warmup_steps=5,
    ),
    one(
        "pytorch_optimizer.lr_scheduler:LinearScheduler",
        "warmup-linear",
        t_max=50,
        max_lr=0.1,
        warmup_steps=5,
    ),
    one(
        "pytorch_optimizer.lr_scheduler:get_wsd_schedule",
        "wsd",
        num_warmup_steps=5,
        num_stable_steps=10,
        num_decay_steps=15,
    ),
    one(
        "pytorch_optimizer.lr_scheduler:CosineAnnealingWarmupRestarts",
        None,
        first_cycle_steps=20,
        warmup_steps=5,
        max_lr=0.1,
    ),
    one("cosine_by_numpy", "cosine", lr=0.1, total_steps=80, lr_min=0.001),
    one("cosine_by_numpy", lr=0.1, total_steps=80, lr_min=0.001),
    one("cosine_by_torch", "cosine", base_lr=0.1, T_max=80),
    one(
        "nanogpt",
        "warmup-cosine",
        learning_rate=6e-4,
        warmup_iters=20,
        lr_decay_iters=200,
        min_lr=6e-5,
    ),
    one("nanogpt", learning_rate=6e-4, warmup_iters=2000, lr_decay_iters=600000, min_lr=6e-5),
    one(
        "dino",
        "warmup-cosine",
        base_value=0.1,
        final_value=0.01,
        epochs=10,
        niter_per_ep=8,
        warmup_epochs=2,
    ),
    one("hf_cosine", "warmup-cosine", num_warmup_steps=10, num_training_steps=100),
    one("chained", None, warmup_steps=10, total_steps=100),
    one("adjust_learning_rate", "step", {"step_size": "30"}),
    one("adjust_learning_rate"),
    one("fairseq", "inverse-sqrt", lr=5e-4, warmup_updates=40),
    one("Noam", "noam", model_size=64, warmup=40),
    one("Trapezoid", "wsd", max_lr=0.1, total_steps=100, warmup_steps=10),
    one("StepsItself", "exponential", lr=0.1, gamma=0.9),
    one("TimmStyle", "cosine", t_initial=50),
    one("TimmStyle", "warmup-cosine", t_initial=50, warmup_t=5, warmup_prefix=True),
    one("TimmStyle", "warmup-cosine", {"through_warmup": "yes"}, t_initial=50, warmup_t=5),
    one("hard_coded"),
    one("hard_coded", "piecewise-constant", {"boundaries": "60 120", "values": "0.1 0.01 0.001"}),
    one("tf_style", "cosine", initial_learning_rate=0.1, decay_steps=70, alpha=0.1),
    one("tf_style", initial_learning_rate=0.1, decay_steps=70, alpha=0.1),
)
