"""A data pipeline that is checked: its epochs, read once, and which image each delivered picture is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Literal, TypeAlias

import torch

from firstlight.checks._given import Given
from firstlight.checks._outcome import Outcome, skipped
from firstlight.checks._runner import theirs
from firstlight.checks.identity import Atlas, Greys, Recognised, atlas_at_hand, atlas_of, fit_greys, recognise
from firstlight.checks.pipelines._declared import Declared
from firstlight.checks.pipelines._epoch import Epoch, read_epoch
from firstlight.checks.pipelines._openings import Openings, openings_of

__all__ = ["PipelineSubject", "Split", "has_one_place", "reads"]

Split: TypeAlias = Literal["train", "test"]
SPLITS: tuple[Split, ...] = ("train", "test")

MOST_IMAGES = 140_000  # more than any split that is known by heart, twice
AGAIN_IMAGES = {"train": 4_096, "test": 2_048}
PROBE = 200
SURELY_LIKE = 0.8
NEARLY_ALL = 0.95
KNOWN = ("mnist", "fashion-mnist", "cifar10")


class PipelineSubject:
    """Calls the target, reads its epochs when they are first asked for, and keeps them."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.declared = Declared.of(given.declares)
        self._sources: dict[Split, Any] = {}
        self._broken: BaseException | None = None

    @cached_property
    def openings(self) -> Openings:
        """How its epochs begin."""
        return openings_of(self.given)

    @property
    def is_broken(self) -> bool:
        """Whether reading failed before."""
        return self._broken is not None

    # Epochs

    @cached_property
    def train(self) -> Epoch | None:
        """A whole epoch of the train split."""
        return self._read("train")

    @cached_property
    def test(self) -> Epoch | None:
        """A whole epoch of the test split."""
        return self._read("test")

    @cached_property
    def train_again(self) -> Epoch | None:
        """The beginning of the next epoch of the train split."""
        return self._again("train")

    @cached_property
    def test_again(self) -> Epoch | None:
        """The beginning of the next pass over the test split."""
        return self._again("test")

    def epoch(self, split: Split) -> Epoch | None:
        """Return a split's epoch."""
        return self.train if split == "train" else self.test

    def again(self, split: Split) -> Epoch | None:
        """Return the beginning of a split's second epoch."""
        return self.train_again if split == "train" else self.test_again

    def epochs(self) -> Iterator[tuple[Split, Epoch]]:
        """Yield the splits that there are."""
        for split in SPLITS:
            epoch = self.epoch(split)
            if epoch is not None:
                yield split, epoch

    def splits(self) -> Iterator[tuple[Split, Epoch, Recognised | None]]:
        """Yield the splits that there are, with what was recognised of them."""
        for split, epoch in self.epochs():
            yield split, epoch, self.found(split)

    def is_same_source(self, split: Split) -> bool:
        """Return whether the second epoch came of the same object as the first."""
        source = self._sources.get(split)
        return source is not None and not _is_used_up(source)

    def _opening(self, split: Split) -> Callable[[], Any] | None:
        return self.openings.train if split == "train" else self.openings.test

    def _read(self, split: Split) -> Epoch | None:
        opening = self._opening(split)
        if opening is None:
            return None
        try:
            with theirs():
                source = opening()
            self._sources[split] = source
            return read_epoch(source, most=MOST_IMAGES)
        except BaseException as error:
            self._broken = error
            raise

    def _again(self, split: Split) -> Epoch | None:
        opening = self._opening(split)
        if opening is None or self.epoch(split) is None:
            return None
        source = self._sources[split]
        if _is_used_up(source):
            with theirs():
                source = opening()
        return read_epoch(source, most=AGAIN_IMAGES[split])

    # What the pictures are

    @cached_property
    def atlas(self) -> Atlas | None:
        """The data set whose images these are; ``None`` where it is not known."""
        if self.declared.dataset is not None:
            return atlas_of(self.declared.dataset)
        probe = self.test if self.test is not None and len(self.test) else self.train
        if probe is None or not len(probe):
            return None
        rows = torch.linspace(0, len(probe) - 1, min(PROBE, len(probe))).long()
        images, labels = probe.images[rows], probe.labels[rows]
        candidates = [
            atlas for name in KNOWN if (atlas := atlas_at_hand(name)) is not None and _fits(atlas, probe)
        ]
        for atlas in candidates:
            if recognise(images, labels, atlas, is_nearest_wanted=False).exact_share >= 0.5:
                return atlas
        likeness = [_likeness(recognise(images, torch.full_like(labels, -1), atlas)) for atlas in candidates]
        best = max(likeness, default=0.0)
        return candidates[likeness.index(best)] if best >= SURELY_LIKE else None

    @cached_property
    def found_train(self) -> Recognised | None:
        """Which image each picture of the train epoch is."""
        return self._recognised(self.train)

    @cached_property
    def found_test(self) -> Recognised | None:
        """Which image each picture of the test epoch is."""
        return self._recognised(self.test)

    def found(self, split: Split) -> Recognised | None:
        """Return what was recognised of a split."""
        return self.found_train if split == "train" else self.found_test

    @cached_property
    def is_plain(self) -> bool:
        """Whether all pictures are exactly images, in one place: then a single one is evidence enough."""
        found = [one for one in (self.found_train, self.found_test) if one is not None]
        return all(one.exact_share > NEARLY_ALL and has_one_place(one) for one in found)

    @cached_property
    def greys_train(self) -> Greys | None:
        """What became of the train images' grey values."""
        return self._greys(self.train, self.found_train)

    @cached_property
    def greys_test(self) -> Greys | None:
        """What became of the test images' grey values."""
        return self._greys(self.test, self.found_test)

    def _recognised(self, epoch: Epoch | None) -> Recognised | None:
        if epoch is None or self.atlas is None or not len(epoch) or len(epoch.images) != len(epoch):
            return None
        return recognise(epoch.images, epoch.labels, self.atlas)

    def _greys(self, epoch: Epoch | None, found: Recognised | None) -> Greys | None:
        if epoch is None or found is None or self.atlas is None or epoch.is_shrunk:
            return None
        return fit_greys(epoch.images, found, self.atlas)


def reads(run: Callable[[PipelineSubject], Outcome]) -> Callable[[PipelineSubject], Outcome]:
    """Make a skip of a check where the pipeline could not be read: that is one failure, not ten."""

    @functools.wraps(run)
    def asked(subject: PipelineSubject) -> Outcome:
        if subject.is_broken:
            return skipped("the pipeline could not be read")
        if not any(len(epoch) for epoch in (subject.train, subject.test) if epoch is not None):
            return skipped("nothing was delivered")
        return run(subject)

    return asked


def has_one_place(found: Recognised) -> bool:
    """Return whether nearly all pictures that were found are turned and moved in the same way."""
    rows = found.is_exact
    if not rows.any():
        return False
    draws = torch.cat([found.turn[rows, None], found.offset[rows]], dim=1)
    _, counts = torch.unique(draws, dim=0, return_counts=True)
    return int(counts.max()) > NEARLY_ALL * int(rows.sum())


def _is_used_up(source: Any) -> bool:
    """Return whether iterating again would go on where the first iteration ended."""
    return hasattr(source, "__next__")


def _fits(atlas: Atlas, epoch: Epoch) -> bool:
    """Return whether pictures could be images of a data set, by their channels and shape."""
    channels, height = epoch.images.shape[1], epoch.images.shape[2]
    return height > 1 and (channels == 1) == atlas.is_grey


def _likeness(found: Recognised) -> float:
    return float(found.likeness.median()) if len(found.likeness) else 0.0
