"""L16: variance, mean and form of the weights are those of the declared scheme, for several fans."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped
from firstlight.checks.inits._subject import InitSubject, Sample

__all__ = ["weight_statistics"]

Z = 4.42  # two-sided 1e-5
KURTOSIS = {"normal": 3.0, "uniform": 1.8, "truncated": 2.4}
SLACK = 0.004  # rounding of float32 and of constants such as the truncated normal's 0.87962566


@check_of("L16", "variance and form", families=("initialisation",), instrument="statistical")
def weight_statistics(subject: InitSubject) -> Outcome:
    """Hold mean and variance of several hundred thousand weights against the scheme's, shape by shape."""
    reference = subject.reference
    if reference is None or reference.variance is None:
        return skipped(
            "no reference: --like names one" if reference is None else "weights are not drawn one by one"
        )
    dialects: set[str] = set()
    for sample in subject.samples:
        outcome = _mean(subject, sample) or _variance(subject, sample, dialects) or _form(subject, sample)
        if outcome is not None:
            return outcome
    counts = sum(sample.whole.size for sample in subject.samples)
    return passed(
        f"{counts:,} weights of {len(subject.samples)} shapes", dialect="; ".join(sorted(dialects)) or None
    )


def _mean(subject: InitSubject, sample: Sample) -> Outcome | None:
    assert subject.reference is not None
    wanted = subject.reference.mean(subject.options)
    seen, std = float(sample.whole.mean()), float(sample.whole.std())
    if abs(seen - wanted) <= Z * std / np.sqrt(sample.whole.size) + 1e-6 * max(1.0, abs(wanted)):
        return None
    is_positive = bool((sample.whole >= 0).all())
    return failed(
        "initialisation",
        expected=f"a mean of {wanted:g}",
        seen=f"{seen:.4g} over {sample.whole.size:,} weights",
        where=sample.name,
        cause="All weights are positive: a uniform draw from 0 to 1 was not centred."
        if is_positive
        else "The weights are not centred.",
        certainty=0.9,
    )


def _variance(subject: InitSubject, sample: Sample, dialects: set[str]) -> Outcome | None:
    assert subject.reference is not None
    assert subject.reference.variance is not None
    seen = float(((sample.whole - subject.reference.mean(subject.options)) ** 2).mean())
    band = _band(sample)
    for place, (fan_in, fan_out) in enumerate(sample.fans):
        for word, factor in _dialects(subject):
            wanted = subject.reference.variance(fan_in, fan_out, subject.options) * factor
            if abs(seen / wanted - 1) <= band:
                dialects |= {word} if word else set()
                dialects |= {"weights lie [out, in]"} if place else set()
                return None
    wanted = subject.reference.variance(*sample.fans[0], subject.options)
    causes = [
        cause for cause, value in _mistakes(subject, sample) if abs(seen / value - 1) <= max(band, 0.01)
    ]
    return failed(
        "initialisation",
        expected=f"a standard deviation of {np.sqrt(wanted):.5g} +- {band / 2:.2%}",
        seen=f"{np.sqrt(seen):.5g} over {sample.whole.size:,} weights (variance times {seen / wanted:.4g})",
        where=f"{sample.name}: fan_in {sample.fans[0][0]}, fan_out {sample.fans[0][1]}",
        cause=causes[0] if causes else f"The variance is not that of {subject.like}.",
        certainty=0.95 if causes else 0.7,
    )


def _band(sample: Sample) -> float:
    """Return the widest relative error of the variance that chance allows, at 1e-5."""
    centred = sample.whole - sample.whole.mean()
    variance = float((centred**2).mean())
    kurtosis = float((centred**4).mean()) / variance**2 if variance > 0 else 3.0
    count = sample.whole.size
    return Z * float(np.sqrt(max(min(kurtosis, 3.5) - 1, 0.5) / count)) + SLACK


def _dialects(subject: InitSubject) -> Iterator[tuple[str, float]]:
    """Yield what a normal cut at two deviations has of the variance, where nothing makes up for the cut."""
    yield "", 1.0
    assert subject.reference is not None
    if "truncated" in subject.reference.distributions and subject.reference.name != "trunc-normal":
        yield "cut at two deviations, not widened again", 0.7737413
    if subject.reference.name == "trunc-normal":
        assert subject.reference.variance is not None
        std = float(subject.options["std"])
        in_deviations = subject.reference.variance(1, 1, {**subject.options, "unit": "deviations"})
        usual = subject.reference.variance(1, 1, subject.options)
        yield "cut in deviations", in_deviations / usual
        yield "cut at two deviations", 0.7737413 * std**2 / usual
        yield "widened to the given deviation", std**2 / usual


def _mistakes(subject: InitSubject, sample: Sample) -> Iterator[tuple[str, float]]:
    """Yield known mistakes with the variance that each gives."""
    assert subject.reference is not None
    assert subject.reference.variance is not None
    fan_in, fan_out = sample.fans[0]
    variance = subject.reference.variance
    right = variance(fan_in, fan_out, subject.options)
    name = subject.reference.name
    if fan_in != fan_out:
        yield (
            "fan_out stands where fan_in should, or the other way round.",
            variance(fan_out, fan_in, subject.options),
        )
    yield "The variance is passed as the standard deviation: a root is missing.", right**2
    yield "The root of the deviation is taken once more.", float(np.sqrt(right))
    yield "The uniform bound lacks its factor sqrt(3): the bound is the deviation.", right / 3
    yield "The deviation has a factor sqrt(3) that belongs to a uniform bound.", right * 3
    if name.startswith("he"):
        yield "The factor 2 of He is missing: this is LeCun's scheme.", right / 2
        yield "This is Xavier's scheme: 2 / (fan_in + fan_out).", 2.0 / (fan_in + fan_out)
        yield "This is torch's default, uniform in 1 / sqrt(fan_in).", 1.0 / (3 * fan_in)
    if name.startswith("xavier"):
        yield "The factor 2 of 2 / (fan_in + fan_out) is missing.", right / 2
        yield "The factor is 4, not 2.", right * 2
        yield "This is LeCun's scheme: 1 / fan_in.", 1.0 / fan_in
        yield "This is 1 / fan_out.", 1.0 / fan_out
        yield "This is He's scheme: 2 / fan_in.", 2.0 / fan_in
        yield "The bound sqrt(6) of the uniform is used without its root.", (6 / (fan_in + fan_out)) ** 2 / 3
    if name.startswith("lecun"):
        yield "This is He's scheme: 2 / fan_in.", right * 2
        yield "This is Xavier's scheme.", 2.0 / (fan_in + fan_out)
    gain = float(subject.options.get("gain") or 1.0)
    if gain != 1.0:
        yield "The gain is ignored.", right / gain**2
        yield "The gain's root is used.", right / gain
        yield "The gain is used twice.", right * gain**2
    if len(sample.shape) > 2:
        field_size = float(np.prod(sample.shape[2:]))
        yield "The size of the kernel does not count in the fan.", right * field_size
    yield "The weights are N(0, 1): no scale is applied.", 1.0
    yield "The weights are uniform between 0 and 1 or -1 and 1: no scale is applied.", 1.0 / 3
    yield "It divides by the fan, not by its root.", 1.0 / fan_in**2
    yield "It divides by the root of all weights' number.", 1.0 / (fan_in * fan_out)


def _form(subject: InitSubject, sample: Sample) -> Outcome | None:
    """Tell uniform from normal by the fourth moment, and a cut by the largest weight."""
    assert subject.reference is not None
    wanted = subject.reference.distributions
    declared = subject.given.declares.get("distribution")
    if declared is not None:
        wanted = (str(declared).lower(),)
    centred = sample.whole - sample.whole.mean()
    kurtosis = float((centred**4).mean() / (centred**2).mean() ** 2)
    seen = "uniform" if kurtosis < 2.05 else "normal or truncated"
    is_right = ("uniform" in wanted) if seen == "uniform" else bool({"normal", "truncated"} & set(wanted))
    far = float(np.abs(centred).max() / centred.std())
    if is_right and "truncated" in wanted and "normal" not in wanted and far > 3.5 and seen != "uniform":
        is_right, seen = False, f"normal, with weights {far:.2g} deviations out"
    if subject.reference.name == "trunc-normal" and is_right:
        outcome = _cut(subject, sample)
        if outcome is not None:
            return outcome
    if is_right or sample.whole.size < 2000:
        return None
    return failed(
        "initialisation",
        expected=f"a distribution that is {' or '.join(wanted)}",
        seen=f"{seen} (fourth moment {kurtosis:.3g}; normal 3, uniform 1.8)",
        where=sample.name,
        cause="The distribution is another one than its name says.",
        certainty=0.9,
    )


def _cut(subject: InitSubject, sample: Sample) -> Outcome | None:
    """Hold the largest weights against a and b, as numbers or as deviations."""
    std, mean = float(subject.options["std"]), float(subject.options["mean"])
    low, high = float(subject.options["a"]), float(subject.options["b"])
    smallest, largest = float(sample.whole.min()), float(sample.whole.max())
    slack = 1e-5 * max(1.0, abs(low), abs(high))
    in_numbers = low - slack <= smallest and largest <= high + slack
    wide = 1.0 / 0.87962566
    in_deviations = (
        mean + low * std * wide - slack <= smallest and largest <= mean + high * std * wide + slack
    )
    if in_numbers or in_deviations:
        return None
    return failed(
        "initialisation",
        expected=f"weights between {low:g} and {high:g}",
        seen=f"between {smallest:.4g} and {largest:.4g}",
        where=sample.name,
        cause="The tails are not cut off.",
        certainty=0.9,
    )
