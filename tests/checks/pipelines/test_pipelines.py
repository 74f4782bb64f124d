"""Data pipelines: each check passes for a right one and fails, with the right family, for a wrong one (oracle)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

import firstlight as fl
from firstlight._errors import UnknownNameError, UsageError
from firstlight.checks.pipelines._label_form import class_numbers
from firstlight.checks.pipelines._layout import laid_out
from firstlight.checks.pipelines._parts import parts_of

TRAIN, TEST = 3_000, 1_000
SUBSET = {"subset": str(TRAIN), "test_subset": str(TEST)}


def part(train: bool) -> tuple[Tensor, Tensor]:
    split = fl.load("mnist")[0 if train else 1]
    count = TRAIN if train else TEST
    return (split.images[:count].float() / 255 - 0.1307) / 0.3081, split.labels[:count].clone()


def made(change: Callable[[Tensor, Tensor, bool], tuple[Any, Any]] = lambda x, y, _: (x, y), **options: Any):
    """A pipeline whose images and labels are changed before they are put into a loader."""

    def loader(train: bool) -> Any:
        images, labels = change(*part(train), train)
        return DataLoader(TensorDataset(images, labels), 100, shuffle=train, **options)

    return loader


def checked(target: Any, **declares: str) -> Any:
    return fl.check(target, kind="data", declares={**SUBSET, **declares}, isolated=False)


def status(report: Any, number: str) -> str:
    return next(check.status for check in report.checks if check.id == number)


def test_a_right_pipeline_passes() -> None:
    report = checked(made())
    assert report.verdict == "PASS"
    assert {check.status for check in report.checks} <= {"pass", "skip"}
    assert "normalised" in report.dialect


def shuffled_apart(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    return (x, y[torch.randperm(len(y))]) if train else (x, y)


def few_wrong(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    if train:
        y[7] = (y[7] + 3) % 10
    return x, y


def bad_one_hot(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    return x, torch.eye(10)[y] * (y != 9).float()[:, None]


def repeated(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    rows = torch.arange(len(y))
    rows[5] = 4
    return x[rows], y[rows]


def not_finite(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
    x[3, 0, 0, 0] = torch.nan
    return x, y


WRONG: dict[str, tuple[Callable[..., Any], str, str, str]] = {
    "shuffled apart": (shuffled_apart, "D1", "labels", "shuffled apart"),
    "one wrong label": (few_wrong, "D1", "labels", "not those"),
    "off by one": (lambda x, y, _: (x, (y + 1) % 10), "D1", "labels", "off by one"),
    "one-hot without a class": (bad_one_hot, "D12", "labels", "One-hot"),
    "an image twice": (repeated, "D2", "evaluation-count", "twice"),
    "not a number": (not_finite, "D7", "preprocessing", "divides by zero"),
    "test transposed": (lambda x, y, t: (x if t else x.mT, y), "D6", "preprocessing", "exchanged"),
    "rolled": (lambda x, y, _: (x.roll(14, 3), y), "D6", "preprocessing", "rolled"),
    "divided twice": (
        lambda x, y, _: ((x * 0.3081 + 0.1307) / 255, y), "D11", "preprocessing", "twice",
    ),
    "test not normalised": (
        lambda x, y, t: (x if t else x * 0.3081 + 0.1307, y), "D11", "preprocessing", "train split is normalised",
    ),
    "CIFAR's statistics": (
        lambda x, y, _: ((x * 0.3081 + 0.1307 - 0.4914) / 0.247, y), "D11", "preprocessing", "CIFAR-10",
    ),
    "wrapped": (
        lambda x, y, _: (((x * 0.3081 + 0.1307) * 255).round().to(torch.uint8) + 70, y),
        "D11", "preprocessing", "wraps",
    ),
    "blank images": (lambda x, y, t: (x if t else x * (y != 3)[:, None, None, None], y), "D13", "preprocessing", "wiped"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_pipeline_fails(name: str) -> None:
    change, number, family, cause = WRONG[name]
    report = checked(made(change))
    assert report.verdict == "FAIL"
    assert status(report, number) == "fail"
    assert report.diagnosis.family == family
    assert cause in report.diagnosis.sentence


def test_the_first_wrong_label_is_named() -> None:
    report = checked(lambda train: list(DataLoader(TensorDataset(*few_wrong(*part(train), train)), 100)))
    failure = next(check for check in report.failures if check.id == "D1")
    assert "batch 0, row 7, which is train image 7" in failure.where


def test_dropped_test_images_are_counted() -> None:
    report = checked(
        lambda train: DataLoader(TensorDataset(*part(train)), 300, shuffle=train, drop_last=True)
    )
    assert report.diagnosis.family == "evaluation-count"
    assert "drop_last" in report.diagnosis.sentence


def test_test_images_in_training_leak() -> None:
    report = checked(
        lambda train: DataLoader(TensorDataset(*part(True)), 100, shuffle=True), test_subset=str(TRAIN)
    )
    assert report.diagnosis.family == "leakage"


def test_sorted_classes_are_told() -> None:
    def by_class(train: bool) -> Iterator[tuple[Tensor, Tensor]]:
        images, labels = part(train)
        order = labels.argsort(stable=True) if train else torch.arange(len(labels))
        yield from zip(images[order].split(100), labels[order].split(100), strict=True)

    assert checked(by_class).diagnosis.family == "order"


def test_declared_shuffling_has_to_happen() -> None:
    def same(train: bool) -> Any:
        return list(DataLoader(TensorDataset(*part(train)), 100))

    assert status(checked(same), "D10") == "warn"
    assert status(checked(same, shuffle="yes"), "D10") == "fail"


def moved(images: Tensor) -> Tensor:
    down, across = torch.randint(-2, 3, (2, len(images)))
    rows = zip(images, down.tolist(), across.tolist(), strict=True)
    return torch.stack([image.roll((y, x), (1, 2)) for image, y, x in rows])


def augmented(train_too: bool, test_too: bool, seed: int | None = None) -> Callable[[bool], Any]:
    def batches(train: bool) -> Iterator[tuple[Tensor, Tensor]]:
        images, labels = part(train)
        for x, y in zip(images.split(100), labels.split(100), strict=True):
            if seed is not None:
                torch.manual_seed(seed)
            yield (moved(x) if (train_too if train else test_too) else x), y

    return batches


def test_augmentation_belongs_to_training() -> None:
    assert checked(augmented(True, False)).verdict == "PASS"
    report = checked(augmented(True, True))
    assert status(report, "D4") == "fail"
    assert report.diagnosis.family == "augmentation"


def test_equal_draws_in_all_batches_are_told() -> None:
    report = checked(augmented(True, False, seed=1))
    assert status(report, "D5") == "fail"
    assert report.diagnosis.family == "augmentation"


def test_mirrored_digits_are_told() -> None:
    def mirrored(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
        return (
            torch.where((torch.arange(len(y)) % 2 == 0)[:, None, None, None], x.flip(3), x) if train else x
        ), y

    report = checked(made(mirrored))
    assert status(report, "D5") == "fail"


def test_label_noise_may_be_declared() -> None:
    def noisy(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
        rows = torch.arange(0, len(y), 10)
        if train:
            y[rows] = (y[rows] + 1) % 10
        return x, y

    assert status(checked(made(noisy)), "D1") == "fail"
    assert status(checked(made(noisy), label_noise="0.1"), "D1") == "warn"


def test_unequal_batches_are_told() -> None:
    def unequal(train: bool) -> Iterator[tuple[Tensor, Tensor]]:
        images, labels = part(train)
        yield from zip(images.split(100), labels.split(99), strict=False)

    assert checked(unequal).diagnosis.family == "shape"


def test_classes_left_out_of_training_are_told() -> None:
    def without(x: Tensor, y: Tensor, train: bool) -> tuple[Tensor, Tensor]:
        return (x[y != 5], y[y != 5]) if train else (x, y)

    assert status(checked(made(without)), "D8") == "fail"


def test_an_unknown_data_set_is_inconclusive() -> None:
    def other(train: bool) -> Any:
        images = torch.rand(500, 3, 16, 16, generator=torch.Generator().manual_seed(int(train)))
        return [(images, torch.arange(500) % 10)]

    assert fl.check(other, kind="data", isolated=False).verdict == "INCONCLUSIVE"


class Pair:
    """An object with both splits."""

    def train_dataloader(self) -> Any:
        return made()(True)

    def test_dataloader(self) -> Any:
        return made()(False)


def arrays() -> Any:
    return [tuple(one.numpy() for one in part(train)) for train in (True, False)]


FORMS: dict[str, Any] = {
    "a data module": Pair,
    "two pairs of arrays": arrays,
    "mappings": lambda train: (
        {"image": x.permute(0, 2, 3, 1).numpy(), "label": y.int()} for x, y in made()(train)
    ),
    "single images": lambda train: TensorDataset(*part(train)),
    "three channels": made(lambda x, y, _: (x.expand(-1, 3, -1, -1), y)),
    "flat with rows": lambda train: [(x.flatten(1), torch.eye(10)[y]) for x, y in made()(train)],
}


@pytest.mark.parametrize("name", list(FORMS))
def test_forms(name: str) -> None:
    report = checked(FORMS[name])
    assert report.verdict == "PASS"
    assert status(report, "D1") == "pass"


def test_a_split_may_be_asked_for_by_name() -> None:
    def loader(split: str) -> Any:
        return made()(split == "train")

    assert checked(loader).verdict == "PASS"


def test_declarations_are_read() -> None:
    with pytest.raises(UnknownNameError, match="declaration of a data pipeline"):
        checked(made(), shufle="yes")
    with pytest.raises(UsageError, match="shuffle is one of yes, no"):
        checked(made(), shuffle="perhaps")
    with pytest.raises(UsageError, match="label_noise is a number"):
        checked(made(), label_noise="much")


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        (torch.tensor([3, 1]), "class numbers"),
        (torch.tensor([[3], [1]]), "column"),
        (torch.eye(10)[[3, 1]], "one-hot"),
        (torch.eye(10)[[3, 1]] * 0.9 + 0.01, "smoothed"),
    ],
)
def test_label_forms(labels: Tensor, name: str) -> None:
    numbers, form = class_numbers(labels)
    assert numbers.tolist() == [3, 1]
    assert form.name == name


@pytest.mark.parametrize("shape", [(5, 784), (5, 28, 28), (5, 1, 28, 28), (5, 28, 28, 1)])
def test_layouts(shape: tuple[int, ...]) -> None:
    assert laid_out(torch.zeros(shape)).shape == (5, 1, 28, 28)


def test_labels_may_come_first() -> None:
    images, labels = parts_of((np.zeros(4, np.int64), np.zeros((4, 28, 28))))
    assert images.shape == (4, 28, 28)
    assert labels.shape == (4,)
