"""Arguments, attributes, items and how they are printed."""

from __future__ import annotations

import importlib
import pickle
import warnings
from typing import Any

import numpy as np
import torch
from contract_setting import Bright, Setting, fails, negative, point, same_items, to_tensor
from PIL import Image
from torch.utils.data import DataLoader, default_collate


@point
def mnist_data_and_targets(s: Setting) -> None:
    for train, count, first in ((True, 60000, [5, 0, 4, 1, 9]), (False, 10000, [7, 2, 1, 0, 4])):
        data = s.ours.MNIST(s.root, train=train)
        assert len(data) == count
        assert (data.data.dtype, tuple(data.data.shape)) == (torch.uint8, (count, 28, 28))
        assert (data.targets.dtype, tuple(data.targets.shape)) == (torch.int64, (count,))
        assert data.targets[:5].tolist() == first
        assert data.train is train
        assert data.root == s.root
        assert isinstance(data, torch.utils.data.Dataset)


@point
def mnist_items(s: Setting) -> None:
    data = s.ours.MNIST(s.root, train=False)
    image, target = data[0]
    assert (image.mode, image.size, type(target), target) == ("L", (28, 28), int, 7)
    assert np.array_equal(np.asarray(image), data.data[0].numpy())
    assert data[-1][1] == int(data.targets[-1])
    assert data[torch.tensor(3)][1] == 0
    fails(lambda: data[10000], IndexError, "out of bounds|out of range")


@point
def mnist_arguments(s: Setting) -> None:
    by_place = s.ours.MNIST(str(s.root), False, to_tensor, negative, False)
    image, target = by_place[0]
    assert image.shape == (1, 28, 28)
    assert target == -7
    assert by_place.transform is to_tensor
    assert by_place.target_transform is negative
    assert by_place.transforms(Image.new("L", (2, 2)), 3)[1] == -3
    assert by_place.root == str(s.root)


@point
def items_at_once_are_items_one_by_one(s: Setting) -> None:
    rows = [3, 0, 9999, 3]
    for transform, target_transform in ((None, None), (to_tensor, negative)):
        data = s.ours.MNIST(s.root, False, transform, target_transform)
        at_once = data.__getitems__(rows)
        assert isinstance(at_once, list)
        for (image, target), row in zip(at_once, rows, strict=True):
            expected, expected_target = data[row]
            assert np.array_equal(np.asarray(image), np.asarray(expected))
            assert type(image) is type(expected)
            assert (type(target), target) == (int, expected_target)


@point
def a_subclass_with_items_of_its_own_is_respected(s: Setting) -> None:
    class Indexed(s.ours.MNIST):
        raw_folder = str(s.root / "MNIST" / "raw")

        def __getitem__(self, index: int) -> tuple[Any, Any, int]:
            return (*super().__getitem__(index), index)

    data = Indexed(s.root, train=False, transform=to_tensor)
    _, targets, rows = next(iter(DataLoader(data, batch_size=4, sampler=[5, 6, 7, 8])))
    assert rows.tolist() == [5, 6, 7, 8]
    assert targets.tolist() == data.targets[5:9].tolist()


@point
def changed_targets_and_data_are_used(s: Setting) -> None:
    data = s.ours.MNIST(s.root, train=False)
    data.targets = [3] * 10000
    data.data = data.data[:10].clone()
    data.data[2] = 9
    assert len(data) == 10
    assert data[2][1] == 3
    image, target = data.__getitems__([1, 2])[1]
    assert (image.getpixel((0, 0)), target) == (9, 3)
    assert s.ours.MNIST(s.root, train=False).targets[0] == 7
    assert s.ours.MNIST(s.root, train=False).data[2].max() != 9, "the file is untouched"


@point
def class_names(s: Setting) -> None:
    data = s.ours.MNIST(s.root, train=False)
    assert data.classes[:2] == ["0 - zero", "1 - one"]
    assert data.class_to_idx["9 - nine"] == 9
    assert s.ours.FashionMNIST.classes[0] == "T-shirt/top"
    assert len(s.ours.FashionMNIST.classes) == 10
    assert s.ours.KMNIST.classes == ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]


@point
def old_names_warn(s: Setting) -> None:
    data = s.ours.MNIST(s.root, train=False)
    for old, new in (
        ("train_data", "data"),
        ("test_data", "data"),
        ("train_labels", "targets"),
        ("test_labels", "targets"),
    ):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            assert getattr(data, old) is getattr(data, new)
        assert [(w.category, str(w.message)) for w in seen] == [
            (UserWarning, f"{old} has been renamed {new}")
        ]


@point
def folders(s: Setting) -> None:
    data = s.ours.MNIST(str(s.root), train=False)
    assert data.raw_folder == f"{s.root}/MNIST/raw"
    assert data.processed_folder == f"{s.root}/MNIST/processed"


@point
def printed(s: Setting) -> None:
    plain = s.ours.MNIST(s.root, train=False)
    assert (
        repr(plain)
        == f"Dataset MNIST\n    Number of datapoints: 10000\n    Root location: {s.root}\n    Split: Test"
    )
    assert plain.extra_repr() == "Split: Test"
    full = s.ours.MNIST(s.root, transform=Bright(), target_transform=Bright())
    assert repr(full).splitlines()[3:] == [
        "    Split: Train",
        "    StandardTransform",
        "Transform: Bright(",
        "               factor=2",
        "           )",
        "Target transform: Bright(",
        "                      factor=2",
        "                  )",
    ]


@point
def printed_as_torchvision_prints(s: Setting) -> None:
    for train in (True, False):
        for transforms in (
            {},
            {"transform": Bright()},
            {"target_transform": Bright(), "transform": to_tensor},
        ):
            ours, theirs = (m.MNIST(str(s.root), train, **transforms) for m in (s.ours, s.real))
            assert repr(ours) == repr(theirs)


@point
def same_as_torchvision(s: Setting) -> None:
    for train in (True, False):
        ours, theirs = (m.MNIST(str(s.root) + "/", train) for m in (s.ours, s.real))
        for name in ("data", "targets"):
            assert torch.equal(getattr(ours, name), getattr(theirs, name)), name
            assert getattr(ours, name).dtype == getattr(theirs, name).dtype, name
        for name in (
            "root",
            "train",
            "classes",
            "class_to_idx",
            "raw_folder",
            "processed_folder",
            "transforms",
        ):
            assert getattr(ours, name) == getattr(theirs, name), name
        same_items(ours, theirs, range(0, 3000, 13))
    for name in ("FashionMNIST", "KMNIST"):
        assert getattr(s.ours, name).classes == getattr(s.real, name).classes
    assert s.ours.EMNIST.classes_split_dict == s.real.EMNIST.classes_split_dict
    assert s.ours.EMNIST.splits == s.real.EMNIST.splits
    assert s.ours.QMNIST.subsets == s.real.QMNIST.subsets


@point
def real_subclasses(s: Setting) -> None:
    for name in s.ours.__all__:
        assert issubclass(getattr(s.ours, name), getattr(s.real, name)), name
    assert isinstance(s.ours.MNIST(s.root, train=False), s.real.VisionDataset)


@point
def our_own_family(s: Setting) -> None:
    for name in ("FashionMNIST", "KMNIST", "EMNIST", "QMNIST"):
        assert issubclass(getattr(s.ours, name), s.ours.MNIST), name
    assert issubclass(s.ours.CIFAR100, s.ours.CIFAR10)


@point
def wrapped_for_transforms_v2(s: Setting) -> None:
    data = s.ours.MNIST(s.root, train=False, transform=to_tensor)
    wrapped = s.real.wrap_dataset_for_transforms_v2(data)
    image, target = wrapped[0]
    assert (image.shape, target) == ((1, 28, 28), 7)
    images, targets = next(iter(DataLoader(wrapped, batch_size=4)))
    assert images.shape == (4, 1, 28, 28)
    assert targets.tolist() == [7, 2, 1, 0]


@point
def torchvisions_own_transforms(s: Setting) -> None:
    _ = s.real
    transforms = importlib.import_module("torchvision.transforms")
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
    ours, theirs = (m.MNIST(s.root, train=False, transform=transform) for m in (s.ours, s.real))
    for mine, real in zip(DataLoader(ours, 500), DataLoader(theirs, 500), strict=True):
        assert torch.equal(mine[0], real[0])
        assert torch.equal(mine[1], real[1])


@point
def loader_as_in_the_article(s: Setting) -> None:
    data = s.ours.MNIST(root=str(s.scratch / "article"), train=False, download=True, transform=to_tensor)
    seen = [
        (images.shape, targets.dtype) for images, targets in DataLoader(data, batch_size=64, shuffle=True)
    ]
    assert len(seen) == 157
    assert seen[0] == ((64, 1, 28, 28), torch.int64)
    assert seen[-1][0] == (16, 1, 28, 28)


@point
def workers_and_pickle(s: Setting) -> None:
    data = s.ours.MNIST(s.root, train=False, transform=to_tensor, target_transform=negative)
    again = pickle.loads(pickle.dumps(data))
    assert repr(again) == repr(data)
    assert torch.equal(again[5][0], data[5][0])
    rows = list(range(40))
    loader = DataLoader(data, batch_size=10, sampler=rows, num_workers=2)
    images, targets = map(torch.cat, zip(*loader, strict=True))
    expected = default_collate([data[row] for row in rows])
    assert torch.equal(images, expected[0])
    assert torch.equal(targets, expected[1])


@point
def no_transforms_beside_transform(s: Setting) -> None:
    base = s.ours.MNIST.__mro__[-4]
    assert base.__name__ == "VisionDataset"
    both = {"transforms": negative, "transform": negative}
    fails(
        lambda: base(s.root, **both),
        ValueError,
        "^Only transforms or transform/target_transform can be passed",
    )
