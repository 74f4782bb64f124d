"""Images that are there twice. Oracle: duplicates that were planted, and all pairs compared at once."""

from __future__ import annotations

from functools import cache

import pytest
import torch

import firstlight as fl
from firstlight.audits._duplicates import Duplicate, find_duplicates
from firstlight.audits._looks import looks, short_looks


@cache
def digits() -> fl.ImageDataset:
    return fl.load("mnist")[1][:1500]


def spoken(place: int) -> tuple[str, int]:
    return ("train", place) if place < 1000 else ("test", place - 1000)


def found(images: torch.Tensor, labels: torch.Tensor | None = None) -> tuple[Duplicate, ...]:
    return find_duplicates(
        images, digits().labels[: len(images)] if labels is None else labels, spoken=spoken
    )


def places(group: Duplicate) -> list[int]:
    return [member.index + (1000 if member.split == "test" else 0) for member in group.members]


def test_what_was_planted_is_found_and_nothing_else() -> None:
    images = digits().images.clone()
    noise = torch.randint(-9, 10, images[:1].shape, generator=torch.Generator().manual_seed(0))
    images[1200] = images[3]  # leaks, exactly
    images[50] = images[1201] = images[7]  # three of one kind
    images[60] = (images[2] * 0.8).to(torch.uint8)  # darker
    images[1300] = (images[9].int() + noise[0]).clamp(0, 255).to(torch.uint8)
    groups = found(images)
    assert sorted((group.kind, places(group)) for group in groups) == [
        ("exact", [3, 1200]),
        ("exact", [7, 50, 1201]),
        ("near", [2, 60]),
        ("near", [9, 1300]),
    ]
    assert [group.crosses_splits for group in groups] == [True, True, True, False]
    assert all(0.99 <= group.correlation <= 1 for group in groups)
    assert groups[0].fields()["members"][1]["split"] == "test"


def test_two_labels_for_one_image_are_told() -> None:
    images, labels = digits().images[:40].clone(), digits().labels[:40].clone()
    images[30] = images[5]
    labels[30] = (labels[5] + 1) % 10
    (group,) = found(images, labels)
    assert group.labels_differ
    assert not group.crosses_splits


def test_every_pair_is_compared() -> None:
    images = digits().images[:600]
    correlation = looks(images) @ looks(images).T
    pairs = torch.nonzero((correlation >= 0.9).triu(1)).tolist()
    groups = find_duplicates(images, digits().labels[:600], spoken=spoken, least_correlation=0.9)
    assert pairs
    together = [set(places(group)) for group in groups]
    assert all(any({first, second} <= group for group in together) for first, second in pairs)
    assert sum(len(group) for group in together) == len({place for pair in pairs for place in pair})


def test_short_looks_never_exaggerate_a_distance() -> None:
    images = digits().images[:400]
    short, whole = short_looks(images, dimensions=8), looks(images)
    assert bool((torch.cdist(short, short) <= torch.cdist(whole, whole) + 1e-3).all())


@pytest.mark.parametrize("grey", [0, 128])
def test_images_that_are_all_equal_are_one_group(grey: int) -> None:
    images = torch.full((30, 1, 8, 8), grey, dtype=torch.uint8)
    (group,) = find_duplicates(images, torch.zeros(30, dtype=torch.int64), spoken=spoken)
    assert group.kind == "exact"
    assert len(group.members) == 30


def test_flat_images_of_different_greys_are_no_duplicates() -> None:
    images = torch.arange(20, dtype=torch.uint8).view(20, 1, 1, 1).expand(20, 3, 4, 4).contiguous()
    assert find_duplicates(images, torch.zeros(20, dtype=torch.int64), spoken=spoken) == ()
