"""Checks of schedules by behaviour: each one passes for a right schedule and fails for a wrong one."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from firstlight._errors import TargetError, UsageError
from firstlight.checks import CheckReport, check

BASE = torch.optim.lr_scheduler.LRScheduler


def checked(
    target: Any, like: str | None = None, *, declares: dict[str, str] | None = None, **args: Any
) -> CheckReport:
    return check(target, kind="schedule", like=like, args=args, declares=declares, isolated=False)


def status(report: CheckReport, check_id: str) -> str:
    return next(one.status for one in report.checks if one.id == check_id)


def family(report: CheckReport, check_id: str) -> str | None:
    return next(one.family for one in report.checks if one.id == check_id)


def cosine(step: int, base_lr: float, total_steps: int, min_lr: float = 0.0) -> float:
    return min_lr + (base_lr - min_lr) * (1 + math.cos(math.pi * min(step / total_steps, 1))) / 2


def warmup_cosine(step: int, base_lr: float, warmup_steps: int, total_steps: int) -> float:
    if step < warmup_steps:
        return base_lr * step / warmup_steps
    return cosine(step - warmup_steps, base_lr, total_steps - warmup_steps)


def advanced(step: int, base_lr: float, warmup_steps: int, total_steps: int) -> float:
    return base_lr * step / warmup_steps if step < warmup_steps else cosine(step, base_lr, total_steps)


def test_right_ones_pass() -> None:
    assert checked(cosine, "cosine", base_lr=0.1, total_steps=30).verdict == "PASS"
    assert (
        checked(warmup_cosine, "warmup-cosine", base_lr=0.1, warmup_steps=5, total_steps=30).verdict == "PASS"
    )
    assert checked(torch.optim.lr_scheduler.StepLR, "step", step_size=4).verdict == "PASS"


def test_decay_during_the_warmup_is_named() -> None:
    report = checked(advanced, "warmup-cosine", base_lr=0.1, warmup_steps=5, total_steps=30)
    assert report.verdict == "FAIL"
    assert report.diagnosis is not None
    assert report.diagnosis.family == "schedule"
    assert "during the warm-up" in report.diagnosis.sentence
    assert "step 5" in report.failures[0].where


def test_decay_during_the_warmup_is_seen_without_a_reference() -> None:
    args = {"base_lr": 0.1, "warmup_steps": 10, "total_steps": 50}
    assert status(checked(advanced, **args), "C3") == "fail"
    assert status(checked(warmup_cosine, **args), "C3") == "pass"


def test_lowest_rate_that_is_not_kept_to() -> None:
    def ignores(step: int, base_lr: float, total_steps: int, min_lr: float = 0.0) -> float:
        return cosine(step, base_lr, total_steps)

    report = checked(ignores, "cosine", base_lr=0.1, total_steps=30)
    assert status(report, "O18") == "pass"  # at min_lr = 0 nothing is wrong
    assert status(report, "C2") == "fail"
    assert family(report, "C12") == "ignored-option"
    assert status(checked(ignores, base_lr=0.1, total_steps=30, min_lr=0.01), "C5") == "fail"
    assert status(checked(cosine, base_lr=0.1, total_steps=30, min_lr=0.01), "C5") == "pass"


def test_off_by_one_and_other_units_are_named() -> None:
    def late(step: int, base_lr: float, step_size: int) -> float:
        return base_lr * 0.1 ** (max(step - 1, 0) // step_size)

    def in_epochs(step: int, base_lr: float, total_steps: int) -> float:
        return cosine(step // 10, base_lr, total_steps)

    assert "one step late" in checked(late, "step", base_lr=0.1, step_size=5).failures[0].cause
    assert (
        "10 steps are taken for one"
        in checked(in_epochs, "cosine", base_lr=0.1, total_steps=60).failures[0].cause
    )


def test_a_constant_factor_is_named() -> None:
    report = checked(lambda step, base_lr, total_steps: 0.9 * cosine(step, base_lr, total_steps), "cosine",
                     base_lr=0.1, total_steps=30)  # fmt: skip
    assert report.diagnosis is not None
    assert report.diagnosis.family == "rate-scale"
    assert "0.9 times" in report.diagnosis.sentence


class Halving:
    """Keeps a state between calls."""

    def __init__(self, lr: float, gamma: float) -> None:
        self.now, self.gamma = lr, gamma

    def __call__(self, step: int) -> float:
        self.now *= self.gamma if step else 1.0
        return self.now


def test_a_state_between_calls() -> None:
    report = checked(Halving, lr=0.1, gamma=0.5)
    assert family(report, "C8") == "state"
    assert status(checked(cosine, base_lr=0.1, total_steps=30), "C8") == "pass"


class Grouped(BASE):
    def __init__(self, optimizer: Any, gamma: float, is_first: bool = False, last_epoch: int = -1) -> None:
        self.gamma, self.is_first = gamma, is_first
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        bases = [self.base_lrs[0] for _ in self.base_lrs] if self.is_first else self.base_lrs
        return [base * self.gamma**self.last_epoch for base in bases]


def test_parameter_groups() -> None:
    report = checked(Grouped, "exponential", gamma=0.9, is_first=True)
    assert report.diagnosis is not None
    assert report.diagnosis.family == "parameter-groups"
    assert checked(Grouped, "exponential", gamma=0.9).verdict == "PASS"


class Counted:
    def __init__(self, optimizer: Any, gamma: float, is_saved: bool = True) -> None:
        self.optimizer, self.gamma, self.is_saved, self.count = optimizer, gamma, is_saved, 0
        self.bases = [group["lr"] for group in optimizer.param_groups]

    def step(self) -> None:
        self.count += 1
        for group, base in zip(self.optimizer.param_groups, self.bases, strict=True):
            group["lr"] = base * self.gamma**self.count

    def state_dict(self) -> dict[str, Any]:
        return {"count": self.count} if self.is_saved else {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.count = state.get("count", 0)


def test_resuming() -> None:
    report = checked(Counted, "exponential", gamma=0.9, is_saved=False)
    assert report.diagnosis is not None
    assert report.diagnosis.family == "resume"
    assert checked(Counted, "exponential", gamma=0.9).verdict == "PASS"


def test_restarts_and_jumps() -> None:
    def late(step: int, base_lr: float, period: int) -> float:
        return cosine(step % (period + 1), base_lr, period)

    report = checked(late, "cosine-restarts", base_lr=0.1, period=8)
    assert status(report, "C7") == "fail"
    jumping = checked(lambda step: 0.1 if step < 20 else 0.01, declares={"jumps": "no"})
    assert status(jumping, "C4") == "fail"
    assert status(checked(lambda step: 0.1 if step < 20 else 0.01), "C4") == "warn"


def test_signs_and_numbers() -> None:
    below = checked(lambda step, lr, total_steps: lr * (1 - 2 * step / total_steps), lr=0.1, total_steps=20)
    assert status(below, "C1") == "fail"
    nothing = checked(lambda step, lr: lr / (step - 5) if step != 5 else math.nan, lr=0.1)
    assert family(nothing, "C1") == "numerical-stability"


def test_declared_monotone_and_final() -> None:
    declared = {"monotone": "down", "final": "0.0"}
    assert checked(cosine, declares=declared, base_lr=0.1, total_steps=30).verdict == "PASS"
    rising = checked(lambda step, base_lr, total_steps: base_lr * step / total_steps, declares=declared,
                     base_lr=0.1, total_steps=30)  # fmt: skip
    assert status(rising, "C6") == "fail"
    assert status(rising, "C5") == "fail"


def test_a_base_rate_that_is_not_used() -> None:
    report = checked(lambda step, lr: 0.1 * 0.9**step, lr=0.2)
    assert family(report, "C9") == "ignored-option"


def test_constants_in_the_code_are_found() -> None:
    assert (
        checked(lambda step: 0.3 * 0.5 ** (step // 12), "step", declares={"gamma": "0.5"}).verdict == "PASS"
    )
    unknown = checked(lambda step: 0.3, "warmup-cosine")
    assert unknown.verdict == "INCONCLUSIVE"


def test_peer() -> None:
    like = torch.optim.lr_scheduler.CosineAnnealingLR
    report = check(
        cosine, kind="schedule", like=like, args={"base_lr": 0.5, "total_steps": 20}, isolated=False
    )
    assert status(report, "O18") == "pass"
    wrong = check(lambda step, base_lr, total_steps: base_lr, kind="schedule", like=like,
                  args={"base_lr": 0.5, "total_steps": 20}, isolated=False)  # fmt: skip
    assert status(wrong, "O18") == "fail"


def test_errors() -> None:
    with pytest.raises(UsageError, match="declares nothing called 'colour'"):
        checked(cosine, declares={"colour": "red"}, base_lr=0.1, total_steps=30)
    with pytest.raises(TargetError, match="needs colour"):
        checked(_coloured)
    with pytest.raises(TargetError, match="none of the forms"):
        checked(object)


def _coloured(step: int, colour: str) -> float:
    return float(len(colour) + step)


def test_a_decay_that_is_stretched_over_all_steps() -> None:
    def stretched(step: int, base_lr: float, warmup_steps: int, total_steps: int) -> float:
        done = step - warmup_steps
        return base_lr * step / warmup_steps if done < 0 else cosine(done, base_lr, total_steps)

    def of_its_own(step: int, base_lr: float, warmup_steps: int, decay_steps: int) -> float:
        return stretched(step, base_lr, warmup_steps, decay_steps)

    report = checked(stretched, "warmup-cosine", base_lr=0.1, warmup_steps=5, total_steps=30)
    assert report.diagnosis is not None
    assert "stretched" in report.diagnosis.sentence
    other = checked(of_its_own, "warmup-cosine", base_lr=0.1, warmup_steps=5, decay_steps=30)
    assert other.verdict == "PASS"


def test_warmups_that_do_not_end_where_they_should_without_a_reference() -> None:
    def one_too_many(step: int, lr: float, warmup_steps: int) -> float:
        return lr * (step + 1) / warmup_steps if step <= warmup_steps else lr

    def leaps(step: int, lr: float, warmup_steps: int) -> float:
        return 0.1 * lr * step / warmup_steps if step < warmup_steps else lr

    def goes_on(step: int, lr: float, warmup_steps: int) -> float:
        return lr * min(step / (5 * warmup_steps), 1.0)

    def right(step: int, lr: float, warmup_steps: int) -> float:
        return lr * min((step + 1) / warmup_steps, 1.0)

    for wrong in (one_too_many, leaps, goes_on):
        assert status(checked(wrong, lr=0.1, warmup_steps=10), "C3") == "fail"
    assert checked(right, lr=0.1, warmup_steps=10).verdict == "PASS"


def test_a_lowest_rate_on_top_without_a_reference() -> None:
    def on_top(step: int, base_lr: float, total_steps: int, min_lr: float) -> float:
        return min_lr + cosine(step, base_lr, total_steps)

    assert status(checked(on_top, base_lr=0.1, total_steps=30, min_lr=0.01), "C5") == "fail"


def test_steps_counted_from_one() -> None:
    def noam(step: int, d_model: int, warmup: int) -> float:
        return float(d_model**-0.5 * min(step**-0.5, step * warmup**-1.5))

    assert checked(noam, "noam", d_model=64, warmup=20).verdict == "PASS"


def test_what_sets_an_optimizers_rate_is_a_schedule_and_sets_all_groups() -> None:
    def sets(optimizer: Any, epoch: int, base_lr: float = 0.1) -> None:
        for group in optimizer.param_groups:
            group["lr"] = base_lr * 0.5 ** (epoch // 10)

    def sets_one(optimizer: Any, epoch: int, base_lr: float = 0.1) -> None:
        optimizer.param_groups[0]["lr"] = base_lr * 0.5 ** (epoch // 10)

    right = check(sets, isolated=False)
    assert (right.kind, right.verdict) == ("schedule", "PASS")
    assert family(checked(sets_one), "C11") == "parameter-groups"
    assert check(Counted, args={"gamma": 0.9}, isolated=False).kind == "schedule"
