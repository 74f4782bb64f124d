"""What else tells a wrong implementation from a right one: accuracy alone, and the tools that exist.

Each tool gets the implementation in the place where it looks for such a thing, with its own defaults. Where
it has no place for it, it says nothing.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

import firstlight as fl
from benchmarks._bank import Entry
from benchmarks._plugged import PLUGGED_KINDS, digits, optimizer_of, plugged
from firstlight._atomic import write_file
from firstlight.checks._target import load_object

__all__ = ["PEERS", "ask_peers"]

MARGIN = 0.01  # an accuracy that is so much lower than the right twin's raises suspicion
TORCH_KINDS = ("optimizer", "loss", "activation", "layer", "init", "model")


def accuracy_gate(entry: Entry, twin: Entry | None, seed: int) -> bool | None:
    """Return whether an implementation is within one point of its right twin on held-out digits.

    A right twin is held against itself with another seed.
    """
    if entry.kind not in (*PLUGGED_KINDS, "train", "estimator") or twin is None:
        return None
    return reached(entry, seed + (entry == twin)) >= reached_once(twin, seed) - MARGIN


def reached_once(entry: Entry, seed: int) -> float:
    """Return what `reached` does, from a file beside the folder of this process if another one has asked."""
    kept = Path.cwd().parent / f"reached-{entry.digest}-{seed}.txt"
    if kept.exists():
        return float(kept.read_text())
    accuracy = reached(entry, seed)
    write_file(kept, str(accuracy).encode())
    return accuracy


def reached(entry: Entry, seed: int) -> float:
    """Return the accuracy on held-out digits that a training with this implementation reaches."""
    if entry.kind in PLUGGED_KINDS:
        return plugged(entry, seed).trained()
    train, held_out = fl.load("mnist")[0].canonical_split()
    x, y = train.images[:2000, 0].numpy(), train.labels[:2000].numpy()
    new, truth = held_out.images[:2000, 0].numpy(), held_out.labels[:2000].numpy()
    target = load_object(entry.target)
    if entry.kind == "train":
        predict = target(x.copy(), y.copy(), seed, **entry.args)
        return float((np.asarray(predict(new)).ravel() == truth).mean())
    made = target(**entry.args) if isinstance(target, type) else target
    flat = x.reshape(len(x), -1) / 255
    if not hasattr(made, "predict") or hasattr(made, "cluster_centers_"):
        raise TypeError("predicts no labels")
    made.fit(flat, y)
    return float((np.asarray(made.predict(new.reshape(len(new), -1) / 255)) == truth).mean())


def torchtest2(entry: Entry, _: Entry | None, seed: int) -> bool | None:
    """Return what `torchtest2.check_model` says of a network with the implementation in it."""
    if entry.kind not in TORCH_KINDS:
        return None
    from torchtest2 import check_model

    found = plugged(entry, seed)
    images, labels = digits()[0]
    optimizer = found.optimizer if isinstance(found.optimizer, torch.optim.Optimizer) else None
    if entry.kind == "optimizer" and optimizer is None:
        return None
    with contextlib.redirect_stdout(io.StringIO()):
        report = check_model(
            found.model,
            images[:16],
            labels[:16],
            loss_fn=found.loss,
            optimizer=optimizer,
        )
    return bool(report.ok)


def pytest_torch(entry: Entry, _: Entry | None, seed: int) -> bool | None:
    """Return whether pytest-torch's assertions on inference, gradients and training all hold."""
    if entry.kind not in TORCH_KINDS:
        return None
    from pytest_torch.assertions import assert_batch_invariant
    from pytest_torch.contract import check_inference_contract
    from pytest_torch.training import (
        assert_all_params_receive_grad,
        assert_gradients_finite,
        assert_loss_decreases,
        assert_overfits_one_batch,
    )

    images, labels = digits()[0]
    batch, truth = images[:16], labels[:16]

    found = plugged(entry, seed)
    made = (lambda weights: optimizer_of(entry, list(weights))) if entry.kind == "optimizer" else None
    if entry.kind == "optimizer" and not isinstance(found.optimizer, torch.optim.Optimizer):
        return None

    def loss_of(output: Any, _: Any = None) -> Any:
        return found.loss(output, truth)

    steps: list[Callable[[], Any]] = [
        partial(check_inference_contract, found.model.eval(), batch),
        lambda: assert_batch_invariant(found.model.eval(), batch),
        lambda: assert_gradients_finite(found.model.train(), batch, loss_of),
        lambda: assert_all_params_receive_grad(found.model.train(), batch, loss_of),
        lambda: assert_loss_decreases(found.model.train(), batch, loss_of, optimizer=made),
        lambda: assert_overfits_one_batch(found.model.train(), batch, loss_of, optimizer=made),
    ]
    for step in steps:
        try:
            step()
        except AssertionError:
            return False
    return True


def check_estimator(entry: Entry, _: Entry | None, seed: int) -> bool | None:
    """Return whether scikit-learn's `check_estimator` passes."""
    if entry.kind != "estimator":
        return None
    from sklearn.base import BaseEstimator
    from sklearn.utils.estimator_checks import check_estimator as checked

    target = load_object(entry.target)
    made = target(**entry.args) if isinstance(target, type) else target
    if not isinstance(made, BaseEstimator):
        return None
    torch.manual_seed(seed)
    results = checked(made, on_fail=None, on_skip=None)
    return all(result["status"] != "failed" for result in results)


Peer = Callable[[Entry, Entry | None, int], bool | None]

PEERS: dict[str, Peer] = {
    "accuracy gate": accuracy_gate,
    "torchtest2": torchtest2,
    "pytest-torch": pytest_torch,
    "check_estimator": check_estimator,
}


def ask_peers(entry: Entry, twin: Entry | None, seed: int) -> dict[str, str]:
    """Return what each of the others says: PASS, FAIL, or "-" where it has no place for it.

    A tool that breaks refuses the implementation, as a user of the tool would see it; but where it breaks on
    the right twin too, it has no place for either.
    """
    answers = {}
    for name, ask in PEERS.items():
        says, broke = asked(ask, entry, twin, seed)
        if broke and (entry == twin or twin is None or asked(ask, twin, twin, seed)[1]):
            says = None
        answers[name] = {None: "-", True: "PASS", False: "FAIL"}[says]
    return answers


def asked(ask: Peer, entry: Entry, twin: Entry | None, seed: int) -> tuple[bool | None, bool]:
    """Return what one tool says, and whether it broke."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ask(entry, twin, seed), False
        except Exception:
            return False, True
