"""D9: batches of images and labels."""

from __future__ import annotations

from firstlight.checks._definition import check_of
from firstlight.checks._outcome import Outcome, failed, passed, warned
from firstlight.checks.pipelines._epoch import Epoch
from firstlight.checks.pipelines._subject import PipelineSubject, Split

__all__ = ["delivers_batches"]

LARGE = 48  # pixels a side, from which a network of any input size is likely


@check_of("D9", "batches of images and labels", families=("shape", "evaluation-count", "labels"), seconds=150)
def delivers_batches(subject: PipelineSubject) -> Outcome:
    """Read both splits; each batch has as many labels as images, and all have one shape."""
    told = []
    for split in ("train", "test"):
        epoch = subject.epoch(split)
        if epoch is None:
            continue
        trouble = _trouble(split, epoch)
        if trouble is not None:
            return trouble
        told.append(f"{split}: {len(epoch):,} images in {len(epoch.sizes):,} batches")
    different = _different_shapes(subject)
    return different or passed("; ".join(told), dialect=_dialect(subject))


def _trouble(split: Split, epoch: Epoch) -> Outcome | None:
    if not epoch.sizes or not sum(epoch.sizes):
        return failed(
            "evaluation-count",
            expected=f"images of the {split} split",
            seen="no batch at all",
            where=f"train={split == 'train'}",
            cause="The iterable is empty: it may have been used up before.",
            certainty=0.8,
        )
    if epoch.faults:
        number, sentence = epoch.faults[0]
        return failed(
            "shape",
            expected="as many labels as images in each batch",
            seen=f"{len(epoch.faults)} of {len(epoch.sizes)} batches do not fit: {sentence}",
            where=f"{split} batch {number}",
            cause="Images and labels are cut into batches differently.",
            certainty=0.98,
        )
    if len(epoch.shapes) > 1:
        (first, _), (other, number) = list(epoch.shapes.items())[:2]
        return failed(
            "shape",
            expected=f"images of one shape, {first}",
            seen=f"images of the shape {other}",
            where=f"{split} batch {number}",
            cause="One batch is laid out otherwise than the first.",
            certainty=0.85,
        )
    return None


def _different_shapes(subject: PipelineSubject) -> Outcome | None:
    if subject.train is None or subject.test is None:
        return None
    train, test = next(iter(subject.train.shapes)), next(iter(subject.test.shapes))
    if train == test:
        return None
    if min(*train[-2:], *test[-2:]) >= LARGE:
        return warned(f"train images have the shape {train}, test images {test}")
    return failed(
        "preprocessing",
        expected=f"test images of the train images' shape, {train}",
        seen=f"{test}",
        where="test batch 0",
        cause="The two splits go through different transforms.",
        certainty=0.8,
    )


def _dialect(subject: PipelineSubject) -> str | None:
    words = []
    for epoch in (subject.train, subject.test):
        if epoch is None:
            continue
        words += [
            {"nhwc": "channels last", "flat": "flattened", "nhw": "no axis of channels"}.get(epoch.layout)
        ]
        words += ["single images"] if epoch.is_single else []
        words += ["channels repeated"] if len(epoch.channel_maps) > 1 else []
    words = [word for word in dict.fromkeys(words) if word]
    return ", ".join(words) or None  # type: ignore[arg-type]
