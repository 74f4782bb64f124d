"""L2: the same outputs as the reference, with the layer's own weights."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, inconclusive, passed, skipped
from firstlight.checks._runner import TargetBroke
from firstlight.checks.layers._subject import Comparison, LayerSubject

__all__ = ["lockstep", "outcome_of"]

# Read by counting, silencing or single steps: no output of theirs is the reference's alone.
NOT_COMPARED = ("residual",)
# Options that change what is computed, and that no reference knows.
UNKNOWN = (
    "activation",
    "act",
    "act_layer",
    "norm",
    "norm_layer",
    "max_norm",
    "add_bias_kv",
    "add_zero_attn",
    "kdim",
    "vdim",
    "divisor_override",
    "qk_norm",
    "rotary",
    "rope",
    "residual",
    "weight_norm",
    "spectral_norm",
)
FAMILIES = (
    "forward",
    "shape",
    "epsilon",
    "softmax",
    "batch-mixing",
    "train-eval-mode",
    "ignored-option",
    "dropout-scaling",
    "state",
    "order",
)


@check_of("L2", "outputs in lockstep", families=FAMILIES)
def lockstep(subject: LayerSubject) -> Outcome:
    """Read the layer's weights as the reference's and compare outputs, in evaluation and in training."""
    if subject.reference is None:
        return skipped("no reference: --like names one")
    if subject.reference.name in NOT_COMPARED:
        return skipped(f"a {subject.reference.name} is judged by what is left when its branch is silent")
    unknown = sorted(
        name for name in UNKNOWN if subject.given.args.get(name) and name not in subject.known.names.values()
    )
    if unknown:
        return skipped(f"the reference has no {', '.join(unknown)}")
    values = subject.known.values
    if values.get("num_layers", 1) != 1 or getattr(subject.instance, "num_layers", 1) != 1:
        return skipped("several layers at once have no reference")
    if getattr(subject.instance, "bidirectional", False) is True or getattr(
        subject.instance, "proj_size", False
    ):
        return skipped("a layer that reads both ways or projects has no reference")
    found = []
    if not subject.reference.is_random and _is_same_each_time(subject):
        found.append(("training", subject.compare(training=True)))
    found.append(("evaluation", _in_evaluation(subject)))
    for mode, comparison in found:
        outcome = outcome_of(subject, comparison, f"in {mode}")
        if outcome.status != "pass":
            return outcome
    best = found[-1][1].best
    return passed(
        f"equal to {subject.like} up to {max(one.best.error for _, one in found):.1e}",
        dialect=best.dialect or None,
    )


def _in_evaluation(subject: LayerSubject) -> Comparison:
    """Compare in evaluation, after some training calls where running statistics have to become something."""
    if subject.reference is not None and subject.reference.name.startswith("batchnorm"):
        layer = subject.make().mode(True)
        for seed in (11, 12, 13):
            layer(subject.plan.draw(seed) * 1.3 + 0.4)
        return subject.compare(training=False, layer=layer)
    return subject.in_evaluation if subject.in_evaluation.agrees else subject.compare(training=False)


def _is_same_each_time(subject: LayerSubject) -> bool:
    """Tell whether training draws: dropout inside of a layer makes training incomparable."""
    if not subject.has_plan:
        return True
    made = subject.make().mode(True)
    x = subject.plan.draw(0)
    try:
        return bool((made.again(x, seed=1) == made.again(x, seed=2)).all())
    except TargetBroke:
        return False


def outcome_of(subject: LayerSubject, comparison: Comparison, where: str) -> Outcome:
    """Make an outcome of a comparison."""
    if comparison.agrees:
        return passed()
    if comparison.broke is not None:
        said = str(comparison.broke).splitlines()[0][:200]
        if subject.make(randomised=False).is_module and _sizes_are_given(subject):
            return failed(
                "shape",
                expected=f"an output for every input that {subject.like} takes",
                seen=said,
                where=where,
                cause="The layer breaks on a usual input.",
                certainty=0.25,
            )
        return inconclusive(
            f"it takes none of the reference's inputs: {said}", hint="Give its sizes as --args."
        )
    if comparison.unclear or not comparison.best.is_readable:
        return inconclusive(
            f"not comparable with {subject.like}: {comparison.unclear or 'its weights cannot be read'}",
            hint="Its tensors have other shapes than the reference's; the other checks hold all the same.",
        )
    best, mistake = comparison.best, comparison.mistake
    place = ", ".join(one for one in (where, best.where) if one)
    if mistake is not None:
        return failed(
            mistake.family,
            expected=f"{subject.like}: {best.expected}",
            seen=best.seen,
            where=place,
            cause=mistake.cause,
            certainty=0.95,
        )
    is_shape = best.where == "shape"
    return failed(
        "shape" if is_shape else "forward",
        expected=f"{subject.like}: {best.expected}",
        seen=f"{best.seen}" + ("" if is_shape else f", off by up to {best.error:.2g} of the largest value"),
        where=place,
        cause=f"The output is not that of {subject.like}, however its weights are read.",
        certainty=0.5 if is_shape else 0.4,
    )


def _sizes_are_given(subject: LayerSubject) -> bool:
    assert subject.reference is not None
    simple = (
        "linear",
        "conv",
        "batchnorm",
        "layernorm",
        "groupnorm",
        "instancenorm",
        "rmsnorm",
        "maxpool",
        "avgpool",
    )
    sizes = [name for name, value in subject.reference.options.items() if value is None]
    return subject.reference.name.startswith(simple) and all(name in subject.known.given for name in sizes)
