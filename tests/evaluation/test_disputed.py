"""Oracle: `load(corrections="verified")`, judged by hand. Behaviour: nothing is said where nobody looked."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import one_hot

import firstlight as fl
from firstlight._errors import UsageError
from firstlight.datasets import verified_corrections
from firstlight.evaluation import label_agreement


@pytest.fixture(scope="module")
def test() -> fl.ImageDataset:
    return fl.load("mnist")[1]


def answers(labels: Tensor, **changes: int) -> Tensor:
    """Sure logits for these labels, changed at some places."""
    said = labels.clone()
    for place, label in changes.items():
        said[int(place[1:])] = label
    return one_hot(said, 10).float()


def test_a_model_that_reads_like_people(test: fl.ImageDataset) -> None:
    verdicts = verified_corrections("mnist")
    said = {f"n{verdict.index}": verdict.corrected for verdict in verdicts if verdict.corrected is not None}
    agreement = label_agreement(answers(test.labels, **said), test)
    assert agreement is not None
    assert (agreement.mistakes, agreement.mistakes_disputed) == (10, 10)
    assert (agreement.resolved, agreement.read_as_people, len(agreement.images)) == (10, 10, 15)
    assert agreement.accuracy_people == agreement.accuracy_undisputed == 1.0
    assert str(agreement) == "10 of its 10 mistakes are on images that people read otherwise"


def test_it_counts_as_corrected_labels_do(test: fl.ImageDataset) -> None:
    random = torch.Generator().manual_seed(0)
    logits = answers(test.labels) + torch.randn(len(test), 10, generator=random) / 2
    agreement = label_agreement(logits, test)
    assert agreement is not None
    corrected = fl.load("mnist", corrections="verified")[1]
    right = logits.argmax(dim=1)[corrected.columns["index"]] == corrected.labels
    assert agreement.accuracy_people == pytest.approx(right.double().mean().item(), rel=1e-12)
    disputed = {verdict.index for verdict in verified_corrections("mnist")}
    rest = torch.tensor([place not in disputed for place in range(len(test))])
    everywhere = logits.argmax(dim=1) == test.labels
    assert agreement.accuracy_undisputed == pytest.approx(everywhere[rest].double().mean().item(), rel=1e-12)
    assert agreement.mistakes == int((~everywhere).sum())
    assert agreement.mistakes_disputed == int((~everywhere)[~rest].sum())


def test_one_mistake_and_none(test: fl.ImageDataset) -> None:
    one = label_agreement(answers(test.labels, n947=9), test)
    assert str(one) == "1 of its 1 mistakes is on images that people read otherwise"
    assert one is not None
    image = next(image for image in one.images if image.index == 947)
    assert (image.label, image.people, image.predicted) == (8, 9, 9)
    none = label_agreement(answers(test.labels), test)
    assert str(none) == "No mistake, not even on the 15 images that people read otherwise"


def test_cifar10_has_a_table_of_its_own() -> None:
    verdicts = verified_corrections("cifar10")
    labels = torch.zeros(10_000, dtype=torch.int64)
    labels[[verdict.index for verdict in verdicts]] = torch.tensor([verdict.given for verdict in verdicts])
    pixels = torch.zeros(10_000, 3, 1, 1, dtype=torch.uint8)
    cifar = fl.ImageDataset("cifar10", "test", pixels, labels, tuple("abcdefghij"), (0.0,) * 3, (1.0,) * 3)
    agreement = label_agreement(answers(labels), cifar)
    assert agreement is not None
    assert (len(agreement.images), agreement.resolved) == (54, 18)


def test_nothing_is_said_where_nobody_looked(test: fl.ImageDataset) -> None:
    others = [
        test.replacing(name="fashion-mnist"),
        test[:9000],
        test.subset(torch.arange(len(test)).flip(0)),
        fl.load("mnist", corrections="verified")[1],
    ]
    for other in others:
        assert label_agreement(answers(other.labels), other) is None


def test_answers_to_other_images_are_refused(test: fl.ImageDataset) -> None:
    with pytest.raises(UsageError, match=r"belong together; got \[3, 10\] and \[10000\]"):
        label_agreement(torch.zeros(3, 10), test)
