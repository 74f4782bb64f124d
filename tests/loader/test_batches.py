"""The loader against plain indexing (oracle), and under cuts that must not matter (invariance)."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight._errors import UsageError
from firstlight.datasets import ImageDataset
from firstlight.loader import Augment, Batches, batches

AUGMENT = Augment(shift=2, rotate=10, elastic=(8.0, 3.0), erase=(0.02, 0.2), flip=True)


def rows_of(loader: Batches) -> list[list[int]]:
    return [labels.tolist() for _, labels in loader]


def flat(loader: Batches) -> list[int]:
    return list(itertools.chain.from_iterable(rows_of(loader)))


def reference(dataset: ImageDataset, rows: torch.Tensor) -> torch.Tensor:
    """What every batch must hold, in double precision and written the long way."""
    pixels = dataset.images[rows].double() / 255
    mean = torch.tensor(dataset.mean, dtype=torch.float64).view(-1, 1, 1)
    std = torch.tensor(dataset.std, dtype=torch.float64).view(-1, 1, 1)
    return (pixels - mean) / std


@pytest.mark.parametrize("shuffle", [False, True])
def test_every_image_comes_once_with_its_label_and_the_stored_statistics(rows_dataset, shuffle):
    loader = batches(rows_dataset, 64, shuffle=shuffle, device="cpu")
    images, labels = map(torch.cat, zip(*loader, strict=True))
    assert images.dtype == torch.float32
    assert labels.dtype == torch.int64
    assert images.is_contiguous()
    assert sorted(labels.tolist()) == list(range(1000))
    assert (labels.tolist() == list(range(1000))) is not shuffle
    torch.testing.assert_close(images.double(), reference(rows_dataset, labels), atol=1e-6, rtol=1e-6)


def test_colour_is_normalised_by_channel(colour_dataset):
    for images, labels in batches(colour_dataset, 50, shuffle=True, device="cpu"):
        torch.testing.assert_close(images.double(), reference(colour_dataset, labels), atol=2e-6, rtol=1e-6)


def test_without_normalisation_pixels_are_exactly_bytes_over_255(rows_dataset):
    for images, labels in batches(rows_dataset, 100, shuffle=True, normalize=False, device="cpu"):
        assert torch.equal(images, rows_dataset.images[labels] / 255)


@pytest.mark.parametrize("shuffle", [False, True])
def test_uint8_gives_the_raw_bytes(rows_dataset, shuffle):
    for images, labels in batches(rows_dataset, 100, shuffle=shuffle, dtype=torch.uint8, device="cpu"):
        assert torch.equal(images, rows_dataset.images[labels])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_float32_rounded_once(rows_dataset, dtype):
    full = batches(rows_dataset, 100, device="cpu")
    half = batches(rows_dataset, 100, dtype=dtype, device="cpu")
    for (expected, _), (images, _) in zip(full, half, strict=True):
        assert torch.equal(images, expected.to(dtype))


def test_double_precision_is_computed_in_double_precision(rows_dataset):
    images, labels = next(iter(batches(rows_dataset, 100, dtype=torch.float64, device="cpu")))
    torch.testing.assert_close(images, reference(rows_dataset, labels), atol=1e-14, rtol=1e-14)


def test_images_that_are_a_transposed_view_come_out_right(rows_dataset):
    upright = dataclasses.replace(rows_dataset, images=rows_dataset.images.transpose(2, 3))
    assert not upright.images.is_contiguous()
    for dtype in (torch.float32, torch.uint8):
        plain = batches(rows_dataset, 64, shuffle=True, dtype=dtype, device="cpu")
        turned = batches(upright, 64, shuffle=True, dtype=dtype, device="cpu")
        for (expected, _), (images, _) in zip(plain, turned, strict=True):
            assert images.is_contiguous()
            assert torch.equal(images, expected.transpose(2, 3))


@pytest.mark.parametrize(
    ("batch_size", "drop_last", "sizes"),
    [
        (64, False, [64] * 15 + [40]),
        (64, True, [64] * 15),
        (1000, True, [1000]),
        (2000, False, [1000]),
        (1, False, [1] * 1000),
    ],
)
def test_len_and_sizes(rows_dataset, batch_size, drop_last, sizes):
    loader = batches(rows_dataset, batch_size, drop_last=drop_last, shuffle=True, device="cpu")
    assert len(loader) == len(sizes)
    assert [len(labels) for labels in rows_of(loader)] == sizes


def test_batches_that_are_kept_stay_right_when_others_are_written_into(rows_dataset):
    for dtype in (torch.float32, torch.uint8):
        before = rows_dataset.images.clone()
        kept = []
        for images, labels in batches(rows_dataset, 64, dtype=dtype, normalize=False, device="cpu"):
            kept.append((images.clone(), images, labels))
            if len(kept) % 2 == 0:
                images.fill_(7)
                labels.fill_(-1)
        for copy, images, labels in kept[::2]:
            assert torch.equal(copy, images)
            assert (labels >= 0).all()
        assert torch.equal(rows_dataset.images, before)
        assert rows_dataset.labels.tolist() == list(range(1000))


def test_each_iter_is_the_next_epoch(rows_dataset):
    loader = batches(rows_dataset, 64, shuffle=True, seed=3, device="cpu")
    epochs = [flat(loader) for _ in range(3)]
    assert loader.epoch == 3
    assert len(set(map(tuple, epochs))) == 3
    for number, expected in enumerate(epochs):
        assert flat(batches(rows_dataset, 64, shuffle=True, seed=3, epoch=number, device="cpu")) == expected


def test_an_epoch_that_was_left_early_is_over(rows_dataset):
    loader = batches(rows_dataset, 64, shuffle=True, device="cpu")
    next(iter(loader))
    assert flat(loader) == flat(batches(rows_dataset, 64, shuffle=True, epoch=1, device="cpu"))


def test_two_iterators_at_once_are_two_epochs(rows_dataset):
    loader = batches(rows_dataset, 64, shuffle=True, device="cpu")
    pairs = [(one[1].tolist(), two[1].tolist()) for one, two in zip(loader, loader, strict=True)]
    for epoch in (0, 1):
        expected = flat(batches(rows_dataset, 64, shuffle=True, epoch=epoch, device="cpu"))
        assert list(itertools.chain.from_iterable(pair[epoch] for pair in pairs)) == expected
    assert loader.epoch == 2


def test_the_global_random_state_neither_matters_nor_moves(rows_dataset):
    runs = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        before = torch.get_rng_state()
        runs.append([*batches(rows_dataset, 64, shuffle=True, augment=AUGMENT, device="cpu")])
        assert torch.equal(torch.get_rng_state(), before)
    for (images, labels), (images_again, labels_again) in zip(*runs, strict=True):
        assert torch.equal(images, images_again)
        assert torch.equal(labels, labels_again)


@pytest.mark.parametrize("done", [0, 1, 7, 16])
@pytest.mark.parametrize("epoch", [0, 2])
def test_resuming_goes_on_with_the_very_next_batch(rows_dataset, done, epoch):
    def make() -> Batches:
        return batches(rows_dataset, 64, shuffle=True, seed=5, augment=AUGMENT, device="cpu")

    whole = make()
    for _ in range(epoch):
        for _batch in whole:
            pass
    iterator = iter(whole)
    for _ in range(done):
        next(iterator)
    state = json.loads(json.dumps(whole.state_dict()))
    rest = list(iterator)

    resumed = make()
    resumed.load_state_dict(state)
    again = list(resumed)
    assert len(again) == len(rest) == 16 - done
    for (images, labels), (images_again, labels_again) in zip(rest, again, strict=True):
        assert torch.equal(images, images_again)
        assert torch.equal(labels, labels_again)
    assert resumed.epoch == epoch + 1
    assert flat(resumed) == flat(
        batches(rows_dataset, 64, shuffle=True, seed=5, epoch=epoch + 1, device="cpu")
    )


def test_numpys_whole_numbers_are_as_good_as_pythons(rows_dataset):
    loader = batches(rows_dataset, np.int64(64), epoch=np.int32(2), start_batch=np.uint8(3), device="cpu")
    assert json.loads(json.dumps(loader.state_dict())) == loader.state_dict()
    assert (loader.epoch, len([*loader])) == (2, 13)


def test_start_batch_skips_batches_of_the_first_epoch_only(rows_dataset):
    whole = batches(rows_dataset, 64, shuffle=True, device="cpu")
    late = batches(rows_dataset, 64, shuffle=True, start_batch=10, device="cpu")
    assert rows_of(late) == rows_of(whole)[10:]
    assert rows_of(late) == rows_of(whole)


@pytest.mark.parametrize("shards", [2, 4, 8])
@pytest.mark.parametrize("augment", [None, AUGMENT])
def test_the_shards_of_a_batch_are_that_batch(rows_dataset, shards, augment):
    whole = list(batches(rows_dataset, 64, shuffle=True, augment=augment, device="cpu"))
    parts = [
        list(batches(rows_dataset, 64, shuffle=True, augment=augment, shard=(which, shards), device="cpu"))
        for which in range(shards)
    ]
    assert {len(part) for part in parts} == {len(whole)}
    for number, (images, labels) in enumerate(whole):
        for which in range(shards):
            part_images, part_labels = parts[which][number]
            assert torch.equal(part_labels, labels[which::shards])
            torch.testing.assert_close(part_images, images[which::shards], atol=0.02, rtol=0)


def test_a_short_last_batch_leaves_some_shards_an_empty_one_and_all_in_step(make_dataset):
    dataset = make_dataset(9)
    parts = [
        rows_of(batches(dataset, 8, shard=(which, 4), augment=AUGMENT, device="cpu")) for which in range(4)
    ]
    assert parts == [[[0, 4], [8]], [[1, 5], []], [[2, 6], []], [[3, 7], []]]
    images, labels = [*batches(dataset, 8, shard=(3, 4), device="cpu")][-1]
    assert images.shape == (0, 1, 28, 28)
    assert (images.dtype, labels.dtype) == (torch.float32, torch.int64)


def test_a_state_may_be_resumed_with_another_number_of_shards(rows_dataset):
    whole = batches(rows_dataset, 64, shuffle=True, device="cpu")
    iterator = iter(whole)
    for _ in range(5):
        next(iterator)
    half = batches(rows_dataset, 64, shuffle=True, shard=(1, 2), device="cpu")
    half.load_state_dict(whole.state_dict())
    assert rows_of(half) == [rows[1::2] for rows in ([*labels.tolist()] for _, labels in iterator)]


@pytest.mark.parametrize("batch_size", [1, 64, 1000])
def test_augmentation_of_an_image_does_not_depend_on_the_batch_size(rows_dataset, batch_size):
    expected = torch.cat([x for x, _ in batches(rows_dataset, 100, augment=AUGMENT, device="cpu")])
    images = torch.cat([x for x, _ in batches(rows_dataset, batch_size, augment=AUGMENT, device="cpu")])
    torch.testing.assert_close(images, expected, atol=0.02, rtol=0)


def test_an_augmentation_that_does_nothing_is_bit_exact(rows_dataset):
    plain = batches(rows_dataset, 64, shuffle=True, device="cpu")
    same = batches(rows_dataset, 64, shuffle=True, augment=Augment(), device="cpu")
    for (expected, _), (images, _) in zip(plain, same, strict=True):
        assert torch.equal(images, expected)


def test_augmentation_differs_from_epoch_to_epoch_and_with_the_seed(rows_dataset):
    def first(**options) -> torch.Tensor:
        return next(iter(batches(rows_dataset, 64, augment=Augment(shift=2), device="cpu", **options)))[0]

    assert torch.equal(first(), first())
    assert not torch.equal(first(), first(epoch=1))
    assert not torch.equal(first(), first(seed=1))


def test_alternate_flips_belong_to_the_image_wherever_it_comes(rows_dataset):
    augment = Augment(flip="alternate")
    loader = batches(rows_dataset, 64, shuffle=True, augment=augment, dtype=torch.uint8, device="cpu")
    mirrored = rows_dataset.images.flip(-1)
    is_flipped = torch.zeros(2, len(rows_dataset), dtype=torch.bool)
    for epoch in range(2):
        for images, rows in loader:
            is_flipped[epoch, rows] = (images == mirrored[rows]).flatten(1).all(1)
    assert torch.equal(is_flipped[0], ~is_flipped[1])
    assert 400 < is_flipped[0].sum() < 600


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size is a whole number of at least 1; got 0"),
        ({"batch_size": -1}, "batch_size .* got -1"),
        ({"batch_size": True}, "batch_size .* got True"),
        ({"batch_size": 6.4}, r"batch_size .* got 6\.4"),
        ({"shuffle": 1}, "shuffle is True or False; got 1"),
        ({"drop_last": None}, "drop_last is True or False; got None"),
        ({"normalize": "yes"}, "normalize is True or False; got 'yes'"),
        ({"batch_size": 2000, "drop_last": True}, "leaves no batch at all: 1000 images"),
        ({"seed": -1}, "seed is an integer from 0"),
        ({"seed": 2**63}, "seed is an integer from 0"),
        ({"seed": True}, "seed is an integer from 0"),
        ({"epoch": -1}, "epoch is a whole number of at least 0; got -1"),
        ({"epoch": 1.5}, r"epoch .* got 1\.5"),
        ({"start_batch": 17}, "start_batch .* at most 16; got 17"),
        ({"start_batch": -1}, "start_batch .* got -1"),
        ({"dtype": torch.int64}, r"cannot have dtype torch\.int64.*torch\.float32"),
        ({"dtype": "float32"}, "cannot have dtype 'float32'"),
        ({"shard": (2, 2)}, "the shard's index .* at most 1; got 2"),
        ({"shard": (-1, 2)}, "the shard's index .* got -1"),
        ({"shard": (0, 0)}, "the number of shards .* got 0"),
        ({"shard": 0}, r"shard is a pair \(which, of how many\).*got 0"),
        ({"shard": (0, 3)}, "64 does not divide evenly among 3 shards"),
        ({"device": "gpu"}, "'gpu' names no device"),
        ({"augment": {"shift": 2}}, r"augment is made by .*Augment\(\.\.\.\); got"),
        ({"augment": Augment(shift=28)}, "28 pixels moves an image of 28 x 28 out of sight"),
    ],
)
def test_bad_arguments_are_refused_at_the_call(rows_dataset, options, message):
    with pytest.raises(UsageError, match=message):
        batches(rows_dataset, **{"device": "cpu", **options})


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        ((1, 2), r"takes one data set; got a tuple.*train, test = fl\.load"),
        ("mnist", "takes an ImageDataset.*got str, which has no images, labels, mean, std"),
    ],
)
def test_what_is_no_data_set_is_refused(thing, message):
    with pytest.raises(UsageError, match=message):
        batches(thing)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 1}, "seed=1, these batches have seed=0"),
        ({"batch_size": 32}, "batch_size=32, these batches have batch_size=64"),
        ({"augment": None}, "augment=None, these batches have augment={"),
        ({"batch": 17}, "the state's batch .* at most 16; got 17"),
        ({"epoch": -1}, "the state's epoch .* got -1"),
    ],
)
def test_a_state_of_other_batches_is_refused_and_changes_nothing(rows_dataset, change, message):
    loader = batches(rows_dataset, 64, shuffle=True, augment=AUGMENT, device="cpu")
    before = loader.state_dict()
    with pytest.raises(UsageError, match=message):
        loader.load_state_dict({**before, **change})
    assert loader.state_dict() == before
    with pytest.raises(UsageError, match="no state of Batches: it lacks epoch, batch"):
        loader.load_state_dict({"step": 3})


def test_repr_says_what_comes_out(rows_dataset):
    plain = batches(rows_dataset, 64, device="cpu")
    assert repr(plain) == "Batches(16 x 64 of 1000 images, in the data set's order, torch.float32, cpu)"
    text = repr(batches(rows_dataset, 64, shuffle=True, seed=4, shard=(1, 2), augment=Augment(flip=True)))
    assert "shuffled from seed 4, shard 1 of 2, Augment(shift=0, " in text


def test_real_mnist_is_normalised_to_mean_0_and_deviation_1():
    train, _ = fl.load("mnist")
    images = torch.cat([images for images, _ in fl.batches(train, 512, shuffle=True, device="cpu")])
    assert images.shape == (60000, 1, 28, 28)
    assert math.isclose(images.double().mean(), 0, abs_tol=1e-5)
    assert math.isclose(images.double().std(), 1, abs_tol=1e-5)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
def test_a_gpu_gets_the_same_batches_as_the_cpu(rows_dataset):
    here = batches(rows_dataset, 64, shuffle=True, augment=AUGMENT, device="cpu")
    there = batches(rows_dataset, 64, shuffle=True, augment=AUGMENT, device="cuda")
    for (images, labels), (gpu_images, gpu_labels) in zip(here, there, strict=True):
        assert gpu_images.is_cuda
        assert gpu_labels.is_cuda
        assert torch.equal(gpu_labels.cpu(), labels)
        torch.testing.assert_close(gpu_images.cpu(), images, atol=0.02, rtol=0)
