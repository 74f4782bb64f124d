"""S1 and S4: losses that are known without a computer: of equal, of right and of wrong outputs."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.losses._batches import certain
from firstlight.checks.losses._lockstep import as_reference
from firstlight.checks.losses._stability import is_capped
from firstlight.checks.losses._subject import LossSubject

__all__ = ["of_equal_logits", "of_sure_logits"]

SOFTMAXED = ("cross-entropy", "nll", "label-smoothing")
GAP = 50.0


@check_of("S1", "equal logits give ln k", families=("softmax", "reduction", "forward"))
def of_equal_logits(subject: LossSubject) -> Outcome:
    """Give logits that are all equal: the cross-entropy is the logarithm of the number of classes."""
    if subject.reference is None or subject.reference.name not in SOFTMAXED:
        return skipped("it is no cross-entropy")
    if subject.options.get("weight") is not None or subject.options.get("reduction") not in (
        None,
        "mean",
        "none",
    ):
        return skipped("it is weighted or summed")
    base = subject.batch(n=12, seed=3)
    k = base.outputs.shape[1]
    for level in (0.0, 3.0, -2.0):
        value = subject.value(base.with_outputs(np.full_like(base.outputs, level)))
        seen = float(value.mean())
        if not abs(seen - np.log(k)) <= (1e-5 if subject.is_double else 1e-4) + 1e-5:
            return failed(
                _family(seen, k, len(base.outputs)),
                expected=f"ln {k} = {np.log(k):.6f}",
                seen=f"{seen:.6f}",
                where=f"all logits {level:g}",
                cause=_why(seen, k, len(base.outputs)),
                certainty=0.75 if _family(seen, k, len(base.outputs)) == "reduction" else 0.4,
            )
    return passed(f"ln {k} = {np.log(k):.6f}")


def _family(seen: float, k: int, n: int) -> str:
    known = {np.log(k) * n, np.log(k) / k, np.log(k) / n, np.log(k) * n / k}
    return "reduction" if any(np.isclose(seen, one, rtol=1e-4) for one in known) else "softmax"


def _why(seen: float, k: int, n: int) -> str:
    if np.isclose(seen, np.log(k) * n, rtol=1e-4):
        return "Losses are summed over the batch."
    if np.isclose(seen, np.log(k) / k, rtol=1e-4):
        return "The mean is taken over the classes too."
    return "The probabilities of equal logits are not 1 / k."


@check_of("S4", "sure logits", families=("softmax", "smoothing", "numerical-stability", "forward"))
def of_sure_logits(subject: LossSubject) -> Outcome:
    """Give logits that are sure of the right class, then of a wrong one."""
    base = subject.batch(n=12, seed=4)
    gap = 8.0 if subject.caller.inputs == "probabilities" and subject.caller.is_binary else GAP
    right, wrong = (certain(base, gap, is_right=is_right) for is_right in (True, False))
    seen_right, seen_wrong = subject.value(right), subject.value(wrong)
    if subject.reference is None:
        return _without_reference(subject, seen_right, seen_wrong)
    if as_reference.run(subject).status != "pass":
        return _double(subject, seen_right) or skipped("S8 tells of it")
    for what, batch, seen in (("right", right, seen_right), ("wrong", wrong, seen_wrong)):
        expected = subject.expected(batch)
        if subject.is_close(seen, expected, factor=1.0 if subject.is_double else 5.0):
            continue
        first = float(np.asarray(seen).reshape(-1)[0])
        wanted = float(np.asarray(expected).reshape(-1)[0])
        if np.isfinite(seen).all() and (what == "right" or is_capped(first, wanted, gap)):
            if what == "right" and abs(first - wanted) > 1e-3:
                return _off(what, first, wanted)
            return warned(
                f"Its loss of {what} logits of {GAP:g} is {first:.4g}, not {wanted:.4g}: a constant in the "
                "logarithm caps it, and no gradient is left beyond.",
                hint="Use log-softmax.",
            )
        return _off(what, first, wanted)
    return passed(
        f"{float(np.mean(seen_right)):.3g} for right, {float(np.mean(seen_wrong)):.4g} for wrong logits"
    )


def _off(what: str, seen: float, wanted: float) -> Outcome:
    return failed(
        "numerical-stability",
        expected=f"{wanted:.6g}",
        seen=f"{seen:.6g}",
        where=f"logits of {GAP:g} for a {what} class",
        cause="Probabilities that underflow, or a constant in the logarithm, stand for log-softmax.",
        certainty=0.7,
    )


def _double(subject: LossSubject, seen: np.ndarray) -> Outcome | None:
    """Tell a softmax of a softmax: it cannot go below ln(e + k - 1) - 1, 1.4612 for ten classes."""
    floor = np.log(np.e + subject.classes - 1) - 1
    if not np.allclose(seen, floor, atol=2e-4):
        return None
    return failed(
        "softmax",
        expected="0 for sure and right logits",
        seen=f"{float(np.mean(seen)):.4f} = ln(e + {subject.classes - 1}) - 1",
        where=f"logits of {GAP:g} for the right class",
        cause="Softmax is taken twice: the loss cannot go below this number.",
        hint="Give the loss the logits, not a softmax of them.",
        certainty=0.96,
    )


def _without_reference(subject: LossSubject, right: np.ndarray, wrong: np.ndarray) -> Outcome:
    found = _double(subject, right)
    if found is not None:
        return found
    if subject.form not in ("labels", "one-hot") or subject.given.declares.get("input", "logits") != "logits":
        return skipped("no reference: --like names one")
    if not (np.isfinite(right).all() and np.isfinite(wrong).all()):
        return warned(
            "Its loss of sure logits is not a number.", hint="--declares input=probabilities if that is so."
        )
    if float(right.mean()) > float(wrong.mean()) + 1e-6:
        return warned("It is smaller for wrong logits than for right ones.")
    return passed("smaller for right logits than for wrong ones")
