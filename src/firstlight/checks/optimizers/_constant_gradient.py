"""O20: what steps become when the gradient stays the same; O21: steps that are off by one factor."""

from __future__ import annotations

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.optimizers._comparison import comparison_of, reference_run
from firstlight.checks.optimizers._ratio import named_ratio, step_ratio
from firstlight.checks.optimizers._settings import AS_GIVEN
from firstlight.checks.optimizers._subject import OptimizerSubject
from firstlight.checks.optimizers._tape import Tape

__all__ = ["constant_gradient_limit", "equivalent_rate"]

STEPS = 60


@check_of("O20", "constant gradient", families=("state", "momentum", "rate-scale"))
def constant_gradient_limit(subject: OptimizerSubject) -> Outcome:
    """Adam and RMSprop come to lr sign(g), momentum to lr g / (1 - mu), Adagrad to lr / sqrt(t)."""
    reference = subject.reference
    if reference is None or not reference.is_elementwise:
        return skipped("only for references that step entry by entry")
    first = subject.calm_tape
    tape = Tape(first.weights, (first.grads[0],) * STEPS)
    wanted = {"weight_decay": 0.0, "beta1": 0.5, "beta2": 0.7, "momentum": 0.5, "alpha": 0.7, "rho": 0.7}
    options = {
        name: reference.amplified.get(name, v) for name, v in wanted.items() if name in subject.spelled
    }
    theirs = subject.run(tape, options)
    seen = [b - a for a, b in zip(theirs[-2], theirs[-1], strict=True)]
    rough = 2e-3 if subject.is_exact else 2e-2
    expected = None
    for _, hidden in comparison_of(subject).ways:
        ours = reference_run(reference, tape, subject.values(options), hidden)
        expected = [b - a for a, b in zip(ours[-2], ours[-1], strict=True)]
        if all(np.allclose(a, b, rtol=rough, atol=1e-9) for a, b in zip(seen, expected, strict=True)):
            return passed(f"step {STEPS} is {float(np.abs(seen[-1]).max()):.4g} at most")
    assert expected is not None, "there is at least one way"
    return failed(
        "state",
        expected=f"step {STEPS}: {float(expected[-1].ravel()[0]):.6g}",
        seen=f"{float(seen[-1].ravel()[0]):.6g}",
        where=f"step {STEPS} with the same gradient throughout",
        cause="The averages do not come to where they should.",
        certainty=0.25,
    )


@check_of("O21", "an equivalent rate", families=("rate-scale", "sign"))
def equivalent_rate(subject: OptimizerSubject) -> Outcome:
    """Steps that are all off by one factor are those of another rate: no accuracy can tell."""
    reference = subject.reference
    if reference is None:
        return skipped("no reference of ours: --like names one")
    compared = comparison_of(subject)
    values = subject.values({})
    if values.get("weight_decay"):
        return skipped("its weights decay by default")
    theirs = subject.run(subject.tape)
    ratio = step_ratio(theirs, compared.expected(AS_GIVEN, {}))
    if ratio.constant is None or abs(ratio.constant - 1) < (1e-4 if subject.is_exact else 1e-2):
        return passed("no constant factor")
    if compared.agreeing([AS_GIVEN], compared.ways)[1] is None:
        return passed("no constant factor")
    named = named_ratio(ratio, values)
    if named is None:
        return passed("no constant factor")
    return failed(
        named.family,
        expected="steps as far as the reference's",
        seen=f"all steps {ratio.constant:.6g} times as far",
        where=f"all {len(subject.tape.grads)} steps, all entries",
        cause=named.sentence,
        certainty=0.6,
    )
