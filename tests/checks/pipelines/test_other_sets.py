"""Pipelines of Fashion-MNIST, CIFAR-10 and pictures of one's own: right ones pass, wrong ones are named (oracle)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

import firstlight as fl
from firstlight.checks.identity import atlas_at_hand

Change = Callable[[Tensor, Tensor, bool], tuple[Tensor, Tensor]]
COLOURS = {"train": 60, "test": 20}  # pictures of each of three classes


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of coloured pictures, each like no other."""
    folder = tmp_path_factory.mktemp("photographs")
    draws = np.random.default_rng(0)
    for split, count in COLOURS.items():
        for name in ("bee", "cow", "hen"):
            (folder / split / name).mkdir(parents=True)
            for number in range(count):
                coarse = Image.fromarray(draws.integers(0, 256, (6, 6, 3), dtype=np.uint8))
                coarse.resize((32, 32), Image.Resampling.BICUBIC).save(
                    folder / split / name / f"{number}.png"
                )
    return folder


def made(source: Any, change: Change, *, most: tuple[int, int] = (60_000, 10_000)) -> Callable[[bool], Any]:
    """A pipeline whose images and labels are changed before they are put into a loader."""

    def loader(train: bool) -> Any:
        split = fl.load(source)[0 if train else 1]
        count = most[0 if train else 1]
        mean, std = (torch.tensor(one)[:, None, None] for one in (split.mean, split.std))
        images, labels = (split.images[:count].float() / 255 - mean) / std, split.labels[:count].clone()
        return DataLoader(TensorDataset(*change(images, labels, train)), 100, shuffle=train)

    return loader


def as_it_is(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    return x, y


def few_wrong(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    if train:
        y[::10] = (y[::10] + 1) % 3
    return x, y


def lying_otherwise(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    return (x, y) if train else (x.transpose(2, 3).contiguous(), y)


def as_opencv_reads(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    return x.flip(1), y


def cut_short(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    return (x, y) if train else (x[:-7], y[:-7])


WRONG: list[tuple[Change, str, str]] = [
    (few_wrong, "D1", "labels"),
    (lying_otherwise, "D6", "preprocessing"),
    (cut_short, "D2", "evaluation-count"),
]
COLOURED: list[tuple[Change, str, str]] = [*WRONG, (as_opencv_reads, "D6", "preprocessing")]


def failure(report: Any) -> tuple[str, str]:
    return next((one.id, one.family) for one in report.checks if one.status == "fail")


def test_coloured_pictures_pass(photographs: Path) -> None:
    target = made(photographs, as_it_is)
    report = fl.check(target, kind="data", declares={"dataset": str(photographs)}, isolated=False)
    assert report.verdict == "PASS", str(report)


@pytest.mark.parametrize(("change", "number", "family"), COLOURED)
def test_coloured_mistakes_are_named(photographs: Path, change: Change, number: str, family: str) -> None:
    target = made(photographs, change)
    report = fl.check(target, kind="data", declares={"dataset": str(photographs)}, isolated=False)
    assert failure(report) == (number, family), str(report)


def test_coloured_test_pictures_in_training_leak(photographs: Path) -> None:
    test = fl.load(photographs)[1]

    def leaking(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
        if not train:
            return x, y
        mean, std = (torch.tensor(one)[:, None, None] for one in (test.mean, test.std))
        return torch.cat([x, (test.images[:20].float() / 255 - mean) / std]), torch.cat([y, test.labels[:20]])

    target = made(photographs, leaking)
    report = fl.check(target, kind="data", declares={"dataset": str(photographs)}, isolated=False)
    assert ("D3", "leakage") in [(one.id, one.family) for one in report.checks if one.status == "fail"]


@pytest.mark.parametrize("name", ["fashion-mnist", "cifar10"])
@pytest.mark.parametrize(("change", "number", "family"), [(as_it_is, "", ""), *WRONG])
def test_published_sets_are_known(name: str, change: Change, number: str, family: str) -> None:
    if atlas_at_hand(name) is None:
        pytest.skip(f"{name} is not at hand")
    target = made(name, change, most=(3_000, 1_000))
    subset = {"subset": "3000", "test_subset": "1000"}
    report = fl.check(target, kind="data", declares=subset, isolated=False)
    if number:
        assert failure(report) == (number, family), str(report)
    else:
        assert report.verdict == "PASS", str(report)
