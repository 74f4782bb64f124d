"""Who looks alike, and who is far from all. Oracle: plain sorting of all distances; images that were planted."""

from __future__ import annotations

import pytest
import torch

import firstlight as fl
from firstlight.audits import _neighbourhood
from firstlight.audits._looks import looks
from firstlight.audits._neighbourhood import lonely_distances, look_alikes
from firstlight.audits._outliers import outlier_places, strangeness


def test_look_alikes_are_the_nearest_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_neighbourhood, "BLOCK", 128)
    images = fl.load("mnist")[1].images[:500]
    wanted = torch.tensor([3, 77, 499])
    where, distances = look_alikes(images, wanted, count=6)
    all_distances = torch.cdist(looks(images).double(), looks(images).double())[wanted]
    expected = all_distances.sort(dim=1)
    assert where.tolist() == expected.indices[:, 1:7].tolist()  # the first is the image itself
    torch.testing.assert_close(distances.double(), expected.values[:, 1:7], atol=1e-3, rtol=0)


def test_an_image_is_not_its_own_look_alike_even_where_it_is_there_twice() -> None:
    images = fl.load("mnist")[1].images[:20].clone()
    images[11] = images[4]
    where, distances = look_alikes(images, torch.tensor([4]), count=99)
    assert where.shape == (1, 19)
    assert int(where[0, 0]) == 11
    assert float(distances[0, 0]) < 1e-2
    assert 4 not in where[0].tolist()


def test_what_is_no_digit_is_far_from_all_and_unsure() -> None:
    test = fl.load("mnist")[1][:2000]
    images = test.images.clone()
    generator = torch.Generator().manual_seed(0)
    planted = [10, 500, 1500]
    for place in planted:
        images[place] = torch.randint(0, 256, (1, 28, 28), generator=generator, dtype=torch.uint8)
    probabilities = torch.nn.functional.one_hot(test.labels, 10).float() * 0.98 + 0.002
    probabilities[[*planted, 42]] = 0.1  # 42 is a plain digit that the networks do not know
    distances = lonely_distances(images, seed=1)
    where, scores = outlier_places(distances, probabilities)
    assert sorted(where.tolist()) == planted
    assert bool((scores[planted] > 3.5).all())
    sure = torch.nn.functional.one_hot(test.labels, 10).float()
    assert outlier_places(distances, sure)[0].tolist() == []


def test_strangeness_is_counted_within_what_is_read_alike() -> None:
    generator = torch.Generator().manual_seed(0)
    narrow, wide = (
        centre + spread * torch.randn(200, generator=generator) for centre, spread in ((5.0, 0.1), (9.0, 0.3))
    )
    readings = torch.cat([torch.zeros(200), torch.ones(200)]).long()
    scores = strangeness(torch.cat([narrow, wide]), readings)
    assert abs(float(scores[:200].median())) < 1e-5
    assert abs(float(scores[200:].median())) < 1e-5
    assert 0.7 < float(scores[200:].std()) < 1.3


def test_distances_that_are_all_equal_are_no_outliers() -> None:
    where, scores = outlier_places(torch.ones(50), torch.full((50, 2), 0.5))
    assert where.tolist() == []
    assert torch.isfinite(scores).all()
