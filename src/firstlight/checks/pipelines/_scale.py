"""D11: what became of grey values, by name: which scaling, whose statistics, and the same in both splits."""

from __future__ import annotations

from dataclasses import dataclass

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, skipped, warned
from firstlight.checks.identity import Atlas, Greys
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, reads

__all__ = ["grey_values_are_right"]

CLOSE = 2e-3  # relative: statistics are written with four digits
STANDARD = 0.02  # by which mean and deviation of normalised pixels may be off, computed anew or rounded
WHITE = 255.0

# Mean and deviation of the train pixels, scaled to [0, 1], by channel.
STATISTICS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "MNIST": ((0.1307,), (0.3081,)),
    "Fashion-MNIST": ((0.2860,), (0.3530,)),
    "CIFAR-10": ((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    "CIFAR-10 (deviations within images)": ((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010)),
    "CIFAR-100": ((0.5071, 0.4867, 0.4408), (0.2675, 0.2565, 0.2761)),
    "ImageNet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
}
OWN = {
    "mnist": ("MNIST",),
    "fashion-mnist": ("Fashion-MNIST",),
    "cifar10": ("CIFAR-10", "CIFAR-10 (deviations within images)"),
}
NEUTRAL = ("ImageNet",)  # what networks trained on photographs want


@dataclass(frozen=True)
class _Map:
    """value = slope * byte + start, of one channel."""

    slope: float
    start: float

    def is_like(self, slope: float, start: float) -> bool:
        """Return whether another map gives the same values, within four digits."""
        span = abs(slope) * WHITE
        return abs(self.slope - slope) <= CLOSE * abs(slope) and abs(self.start - start) <= CLOSE * max(
            abs(start), span
        )


@check_of("D11", "scaling and normalisation", families=("preprocessing",), instrument="control", seconds=60)
@reads
def grey_values_are_right(subject: PipelineSubject) -> Outcome:
    """Fit how values follow from bytes, name it, and hold the two splits against each other."""
    if subject.atlas is None:
        return _by_moments(subject)
    train, test = subject.greys_train, subject.greys_test
    if train is None and test is None:
        return _by_moments(subject)
    for split, greys in (("train", train), ("test", test)):
        if greys is not None and greys.form == "curve" and not greys.is_monotone:
            return failed(
                "preprocessing",
                expected="brighter bytes as brighter (or as darker) values",
                seen="values that go up, jump and go up again as bytes grow",
                where=f"{split} batch 0, row 0",
                cause="Arithmetic on uint8 wraps around at 256.",
                hint="Convert to float before you add, subtract or multiply.",
                certainty=0.96,
            )
    different = _different(subject, train, test)
    if different is not None:
        return different
    greys = train or test
    assert greys is not None, "one of them was fitted"
    if greys.form != "affine":
        words = {"each": "each picture is normalised by itself", "curve": "grey values follow a curve"}
        return passed("the same in both splits", dialect=words.get(greys.form))
    return _named(subject, subject.atlas, greys)


def _different(subject: PipelineSubject, train: Greys | None, test: Greys | None) -> Outcome | None:
    """Tell of splits whose values follow from bytes in different ways."""
    if train is None or test is None:
        return _by_range(subject)
    if train.form == test.form == "affine":
        for a, b, c, d in zip(train.slope, train.start, test.slope, test.start, strict=True):
            if not _Map(c, d).is_like(a, b):
                return failed(
                    "preprocessing",
                    expected=f"test values as train values: {_words(a, b)}",
                    seen=f"{_words(c, d)}",
                    where="test batch 0, row 0",
                    cause=_cause_of_difference(_Map(a, b), _Map(c, d), subject),
                    hint="Compute mean and deviation once, of the train split, and use them for both.",
                    certainty=0.95,
                )
        return None
    if train.form == "affine" or (test.form == "affine" and _is_fixed(subject)):
        return failed(
            "preprocessing",
            expected=f"test values made of bytes as train values are ({_form(train)})",
            seen=_form(test),
            where="test batch 0, row 0",
            cause="The two splits go through different transforms.",
            certainty=0.85,
        )
    return None


def _is_fixed(subject: PipelineSubject) -> bool:
    """Return whether train images are not varied at random, as far as two epochs tell."""
    from firstlight.checks.pipelines._twice import paired_rows

    train, again = subject.train, subject.train_again
    if train is None or again is None:
        return False
    pairs = paired_rows(subject, train, subject.found_train, again)
    if pairs is None or train.images.shape[1:] != again.images.shape[1:]:
        return False
    rest = (train.images[pairs[0]].float() - again.images[pairs[1]].float()).abs().amax((1, 2, 3))
    return float(rest.max()) <= 1e-4 * max(train.high - train.low, 1e-12)


def _form(greys: Greys) -> str:
    if greys.form == "affine":
        return _words(greys.slope[0], greys.start[0])
    return {"each": "each picture by itself", "curve": "a curve", "other": "no fixed map"}[greys.form]


def _words(slope: float, start: float) -> str:
    return f"{slope * WHITE:.5g} * (byte / 255) {'+' if start >= 0 else '-'} {abs(start):.5g}"


def _cause_of_difference(train: _Map, test: _Map, subject: PipelineSubject) -> str:
    ratio = test.slope / train.slope if train.slope else 0.0
    if ratio < 0:
        return "One split is inverted."
    if abs(ratio - WHITE) < 1 or abs(ratio - 1 / WHITE) < 1e-5:
        return f"Only the {'train' if ratio > 1 else 'test'} split is divided by 255."
    if abs(test.start) < CLOSE < abs(train.start) and train.slope != test.slope:
        return "Only the train split is normalised."
    if abs(train.start) < CLOSE < abs(test.start):
        return "Only the test split is normalised."
    if subject.test is not None and abs(subject.test.mean) < CLOSE and abs(subject.test.sd - 1) < CLOSE:
        return "The test split is normalised by its own statistics, not by those of the train split."
    return "The two splits are scaled differently."


def _by_range(subject: PipelineSubject) -> Outcome | None:
    """Compare ranges where grey values could not be fitted in both splits."""
    train, test = subject.train, subject.test
    if train is None or test is None:
        return None
    spans = train.high - train.low, test.high - test.low
    if max(spans) > 20 * max(min(spans), 1e-12):
        return failed(
            "preprocessing",
            expected=f"test pixels in the range of train pixels, {train.low:.4g} to {train.high:.4g}",
            seen=f"{test.low:.4g} to {test.high:.4g}",
            where="test split",
            cause="One split is not divided by 255, or is not normalised.",
            certainty=0.85,
        )
    return None


def _by_moments(subject: PipelineSubject) -> Outcome:
    """Compare mean and deviation of the splits, where single pixels cannot be held against bytes."""
    different = _by_range(subject)
    if different is not None:
        return different
    train, test, atlas = subject.train, subject.test, subject.atlas
    if train is None or test is None or not train.sd:
        return skipped("there is nothing to compare with")
    if min(len(train), len(test)) < 500 or atlas is None or not subject.found_train or not subject.found_test:
        return passed("ranges of the two splits agree")
    is_fixed = min(float(one.likeness.median()) for one in (subject.found_train, subject.found_test)) > 0.97
    moved, ratio = abs(test.mean - train.mean) / train.sd, test.sd / train.sd
    if is_fixed and (moved > 0.15 or not 0.87 < ratio < 1.15):
        return failed(
            "preprocessing",
            expected=f"test pixels like train pixels: mean {train.mean:.4g}, deviation {train.sd:.4g}",
            seen=f"mean {test.mean:.4g}, deviation {test.sd:.4g}",
            where="test split",
            cause="The two splits are scaled or normalised differently.",
            certainty=0.8,
        )
    shrunk = _shrunk(train)
    return shrunk or passed(f"train: mean {train.mean:.4g}, deviation {train.sd:.4g}; test agrees")


def _shrunk(train: Epoch) -> Outcome | None:
    if train.high - train.low < 0.02:
        return _twice(f"all pixels lie between {train.low:.4g} and {train.high:.4g}")
    return None


def _named(subject: PipelineSubject, atlas: Atlas, greys: Greys) -> Outcome:
    """Give the affine map a name, or tell what went wrong with it."""
    maps = [_Map(slope, start) for slope, start in zip(greys.slope, greys.start, strict=True)]
    if subject.train is not None and len(subject.train.channel_maps) > 1:
        first = maps[0]
        maps = [_Map(a * first.slope, a * first.start + b) for a, b in subject.train.channel_maps]
    declared = _as_declared(subject, maps)
    if declared is not None:
        return declared
    scaling = _scaling(maps)
    if scaling is not None:
        return scaling
    mean, std = _own_statistics(atlas, len(maps))
    wrong = _mistaken(atlas, maps, mean, std)
    if wrong is not None:
        return wrong
    off = max(
        max(abs(one.slope * WHITE * m + one.start), abs(one.slope * WHITE * s - 1))
        for one, m, s in zip(maps, mean, std, strict=True)
    )
    if off <= STANDARD:
        return passed("mean 0, deviation 1, the same in both splits", dialect="normalised")
    if _is_of(maps, STATISTICS["ImageNet"]):
        return passed("normalised by ImageNet's statistics", dialect="ImageNet's statistics")
    if _is_of(maps, ((0.5,), (0.5,))):
        return passed("from -1 to 1", dialect="from -1 to 1")
    seen = _words(maps[0].slope, maps[0].start)
    inverted = " (inverted)" if maps[0].slope < 0 else ""
    return warned(
        f"values are {seen}{inverted}: neither 0 to 1 nor mean 0 and deviation 1; the same in both splits"
    )


def _as_declared(subject: PipelineSubject, maps: list[_Map]) -> Outcome | None:
    wanted = {"raw": (1.0, 0.0), "unit": (1 / WHITE, 0.0)}.get(subject.declared.scale or "")
    if wanted is None or all(one.is_like(*wanted) for one in maps):
        return None
    return failed(
        "preprocessing",
        expected=f"values {'0 to 255' if wanted[0] == 1 else '0 to 1'}, as declared",
        seen=_words(maps[0].slope, maps[0].start),
        where="train batch 0, row 0",
        cause="The scaling is not the declared one.",
        certainty=0.9,
    )


def _scaling(maps: list[_Map]) -> Outcome | None:
    """Judge values that are scaled and not normalised."""
    if any(abs(one.start) > 1e-6 for one in maps):
        return None
    slope = maps[0].slope
    if abs(slope - 1) < CLOSE:
        return warned("pixels are 0 to 255: divide by 255, or say scale=raw", expected="0 to 1")
    if 0 < slope <= 1.1 / WHITE / WHITE:
        return _twice(f"values are byte / {1 / slope:,.0f}")
    if abs(slope * WHITE - 1) < 5e-3:
        return passed("from 0 to 1, the same in both splits", dialect="from 0 to 1")
    return None


def _twice(seen: str) -> Outcome:
    return failed(
        "preprocessing",
        expected="pixels that were divided by 255 once",
        seen=seen,
        where="train batch 0, row 0",
        cause="Pixels are divided by 255 twice: ToTensor, or a loader, did it before.",
        certainty=0.96,
    )


def _own_statistics(atlas: Atlas, channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if len(atlas.mean) == channels:
        return atlas.mean, atlas.std
    return atlas.mean * channels, atlas.std * channels


def _is_of(
    maps: list[_Map], statistics: tuple[tuple[float, ...], tuple[float, ...]], factor: float = 1.0
) -> bool:
    """Return whether the maps are (factor * byte / 255 - mean) / std."""
    for means, stds in _spread(statistics, len(maps)):
        if all(
            one.is_like(factor / WHITE / std, -mean / std)
            for one, mean, std in zip(maps, means, stds, strict=True)
        ):
            return True
    return False


def _spread(
    statistics: tuple[tuple[float, ...], tuple[float, ...]], channels: int
) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    """Return the statistics for so many channels: for grey ones each channel's, and their mean."""
    means, stds = statistics
    if len(means) == channels:
        return [statistics]
    if channels == 1:
        average = (sum(means) / len(means),), (sum(stds) / len(stds),)
        return [*(((m,), (s,)) for m, s in zip(means, stds, strict=True)), average]
    return [(means * channels, stds * channels)]


def _mistaken(
    atlas: Atlas, maps: list[_Map], mean: tuple[float, ...], std: tuple[float, ...]
) -> Outcome | None:
    """Fit the known ways of getting a normalisation wrong."""
    own = [STATISTICS[name] for name in OWN.get(atlas.name, ())] + [(mean, std)]
    every = [*own, *STATISTICS.values(), ((0.5,), (0.5,))]
    if any(_is_of(maps, one, 1 / WHITE) for one in every):
        return _twice(f"values are {_words(maps[0].slope, maps[0].start)}")
    if any(_is_of(maps, one, WHITE) for one in every):
        cause = "Statistics of pixels from 0 to 1 are used for pixels from 0 to 255: the division is missing."
        return _wrong(maps, cause)
    for means, stds in own:
        for cause, hypothesis in _mistakes(means, stds):
            if len(hypothesis) == len(maps) and all(
                one.is_like(*map_) for one, map_ in zip(maps, hypothesis, strict=True)
            ):
                return _wrong(maps, cause)
    for name, statistics in STATISTICS.items():
        if name in (*OWN.get(atlas.name, ()), *NEUTRAL) or atlas.name not in OWN:
            continue
        if _is_of(maps, statistics):
            cause = f"Pixels of {atlas.name} are normalised by {name}'s statistics."
            return _wrong(maps, cause)
    return None


def _mistakes(
    means: tuple[float, ...], stds: tuple[float, ...]
) -> list[tuple[str, list[tuple[float, float]]]]:
    pairs = list(zip(means, stds, strict=True))
    return [
        ("Mean and deviation are exchanged.", [(1 / WHITE / m, -s / m) for m, s in pairs]),
        ("Pixels are divided by the variance.", [(1 / WHITE / s**2, -m / s**2) for m, s in pairs]),
        ("Pixels are multiplied by the deviation.", [(s / WHITE, -m * s) for m, s in pairs]),
        ("Pixels are divided before the mean is subtracted.", [(1 / WHITE / s, -m) for m, s in pairs]),
        ("The mean is added.", [(1 / WHITE / s, m / s) for m, s in pairs]),
        (
            "Statistics of pixels from 0 to 255 are used for pixels from 0 to 1.",
            [(1 / WHITE / (s * WHITE), -m / s) for m, s in pairs],
        ),
        (
            "Pixels are divided by the root of the deviation.",
            [(1 / WHITE / s**0.5, -m / s**0.5) for m, s in pairs],
        ),
        ("Pixels are normalised twice.", [(1 / WHITE / s**2, -m / s**2 - m / s) for m, s in pairs]),
    ]


def _wrong(maps: list[_Map], cause: str) -> Outcome:
    return failed(
        "preprocessing",
        expected="mean 0 and deviation 1",
        seen=f"values are {_words(maps[0].slope, maps[0].start)}",
        where="train batch 0, row 0",
        cause=cause,
        certainty=0.95,
    )
