"""L21: a backward written by hand gives the derivatives of its forward."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks._runner import theirs
from firstlight.checks.layers._gradients import slope
from firstlight.checks.layers._layer import Array, Layer, first_tensor, seeded
from firstlight.checks.layers._subject import LayerSubject

__all__ = ["manual_backward"]

RATE = 0.5


@check_of("L21", "backward by hand", families=("backward", "dropout-scaling"))
def manual_backward(subject: LayerSubject) -> Outcome:
    """Call forward, then backward with a fixed gradient, and hold what it gives against differences."""
    layer = subject.make()
    if layer.is_module or not callable(getattr(layer.owner, "backward", None)):
        return skipped("it has no backward of its own")
    required = _required(layer.owner.backward)
    if len(required) not in (1, 2):
        return skipped("its backward takes more than a gradient and a rate")
    layer.mode(True)
    x = subject.plan.draw(6)
    if np.issubdtype(x.dtype, np.integer):
        return skipped("its input is no real number")
    out = layer.again(x)
    if not np.array_equal(out, layer.again(x)) or not np.isfinite(out).all():
        return skipped("its output is not the same function of its input each time")
    weighting = np.random.default_rng(8).standard_normal(out.shape)
    before = layer.values()
    with layer.unchanged():
        seeded(5)
        layer.raw(layer.own_input(x))
        given = [layer.own_input(weighting), *([RATE] if len(required) == 2 else [])]
        with theirs():
            answer = first_tensor(layer.owner.backward(*given))
        gradients = _gradients(layer, before, has_rate=len(required) == 2)
    layer.write(before)
    wrong = _of_input(subject, layer, x, weighting, answer)
    if wrong is not None:
        return wrong
    checked = ["input"] if answer is not None else []
    for name, candidates in gradients.items():
        outcome = _of_parameter(subject, layer, x, weighting, name, candidates)
        if outcome is not None:
            return outcome
        checked.append(name)
    return passed(", ".join(checked)) if checked else skipped("its backward gives nothing back")


def _required(method: Any) -> list[str]:
    try:
        parameters = inspect.signature(method).parameters.values()
    except (TypeError, ValueError):
        return []
    return [one.name for one in parameters if one.default is inspect.Parameter.empty and one.kind < 2]


def _gradients(layer: Layer, before: dict[str, Array], *, has_rate: bool) -> dict[str, list[Array]]:
    """Return for each parameter what may be its gradient: by name, or by what backward took from it."""
    after = layer.values()
    found: dict[str, list[Array]] = {}
    for name, old in before.items():
        moved = after[name] - old if name in after and after[name].shape == old.shape else np.zeros(1)
        if has_rate and np.any(moved):
            found[name] = [-moved / RATE]
            continue
        named = [
            value
            for other, value in after.items()
            if other != name and _is_gradient_of(other, name) and value.shape == old.shape
        ]
        if named:
            found[name] = named
    return found


def _is_gradient_of(other: str, name: str) -> bool:
    """Tell by names such as dW, grad_w, weight_grad, grads.W, W.grad."""
    word = name.lower().replace("params.", "")
    short = {
        word,
        word.replace("weights", "w").replace("weight", "w").replace("biases", "b").replace("bias", "b"),
    }
    text = other.lower()
    forms = (
        "d{}",
        "d_{}",
        "grad_{}",
        "{}_grad",
        "grads.{}",
        "grads.d{}",
        "{}.grad",
        "g{}",
        "grad{}",
        "d{}s",
        "{}grad",
        "dl_d{}",
        "gradients.{}",
        "gradient_{}",
        "delta_{}",
        "del_{}",
    )
    return any(text == form.format(one) for form in forms for one in short)


def _of_input(subject: LayerSubject, layer: Layer, x: Array, weighting: Array, answer: Any) -> Outcome | None:
    if answer is None:
        return None
    grad = np.asarray(answer.detach() if hasattr(answer, "detach") else answer, dtype=np.float64)
    if grad.shape != x.shape:
        return failed(
            "backward",
            expected=f"a gradient of shape {x.shape}",
            seen=f"{grad.shape}",
            where="input",
            cause="What backward returns has not the shape of what went in.",
            certainty=0.6,
        )
    for along in _directions(x.shape):
        numeric = slope(
            lambda step, along=along: float((layer.again(x + step * along) * weighting).sum()),  # type: ignore[misc]
            1e-5 if subject.is_double else 2e-2,
            is_double=subject.is_double,
        )
        mine = float((grad * along).sum())
        if numeric is not None and not _is_close(subject, mine, numeric, grad):
            return _failure("input", mine, numeric)
    return None


def _of_parameter(
    subject: LayerSubject, layer: Layer, x: Array, weighting: Array, name: str, candidates: list[Array]
) -> Outcome | None:
    old = layer.values()[name]
    pairs: list[list[tuple[float, float]]] = [[] for _ in candidates]
    for along in _directions(old.shape):

        def value(step: float, along: Array = along) -> float:
            layer.write({name: old + step * along})
            try:
                return float((layer.again(x) * weighting).sum())
            finally:
                layer.write({name: old})

        numeric = slope(value, 1e-5 if subject.is_double else 2e-2, is_double=subject.is_double)
        if numeric is None:
            continue
        for place, grad in enumerate(candidates):
            pairs[place].append((float((grad * along).sum()), numeric))
    rows = x.shape[subject.plan.row_axis]
    best: tuple[float, float] | None = None
    for grad, seen in zip(candidates, pairs, strict=True):
        # A mean over the rows is a dialect of whoever wrote the optimizer.
        for factor in (1.0, float(rows), float(np.prod(x.shape[:2])), 1.0 / rows):
            wrong = [
                pair for pair in seen if not _is_close(subject, pair[0] * factor, pair[1], grad * factor)
            ]
            if not wrong:
                return None
            best = best or wrong[0]
    return _failure(name, *best) if best else None


def _directions(shape: tuple[int, ...]) -> list[Array]:
    rng = np.random.default_rng(12)
    drawn = [rng.standard_normal(shape) for _ in range(3)]
    return [one / max(float(np.linalg.norm(one)), 1e-12) for one in drawn]


def _is_close(subject: LayerSubject, mine: float, numeric: float, grad: Array) -> bool:
    scale = max(abs(numeric), abs(mine), float(np.linalg.norm(grad)) / np.sqrt(max(grad.size, 1)))
    tolerance = 1e-4 if subject.is_double else 4e-2
    return bool(abs(mine - numeric) <= tolerance * scale + (1e-7 if subject.is_double else 1e-2))


def _failure(name: str, mine: float, numeric: float) -> Outcome:
    return failed(
        "backward",
        expected=f"slope {numeric:.8g} (central differences)",
        seen=f"{mine:.8g} by its backward",
        where=name,
        cause=f"The gradient of {name} that backward gives is not the derivative of forward.",
        certainty=0.85,
    )
