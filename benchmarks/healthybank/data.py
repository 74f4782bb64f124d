"""Right data pipelines in many styles: none of them may fail."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

import firstlight as fl

MNIST = (0.1307, 0.3081)
FASHION = (0.2860, 0.3530)


def arrays(train: bool, name: str = "mnist"):
    """Return images [n, 28, 28] and labels of a split."""
    split = fl.load(name)[0 if train else 1]
    return split.images.numpy()[:, 0], split.labels.numpy()


def tensors(train: bool, name: str = "mnist"):
    """Return pixels [n, 1, 28, 28] from 0 to 1 and labels of a split."""
    split = fl.load(name)[0 if train else 1]
    return split.images.float() / 255, split.labels


# firstlight's own


def own_batches(train: bool, **options):
    """Whole batches, shuffled for training."""
    return fl.batches(fl.load("mnist")[0 if train else 1], 250, shuffle=train, device="cpu", **options)


def own_raw(train: bool):
    """Bytes."""
    return own_batches(train, dtype=torch.uint8, normalize=False)


def own_half(train: bool):
    """Half precision."""
    return own_batches(train, dtype=torch.float16)


def own_bfloat(train: bool):
    """Brain floats."""
    return own_batches(train, dtype=torch.bfloat16)


def own_shifted(train: bool):
    """Moved by up to two pixels."""
    from firstlight.loader import Augment

    return own_batches(train, augment=Augment(shift=2) if train else None)


def own_warped(train: bool):
    """Turned, scaled, sheared and stretched like rubber."""
    from firstlight.loader import Augment

    augment = Augment(rotate=10, scale=(0.9, 1.1), shear=5, elastic=(8, 4), shift=1)
    return own_batches(train, augment=augment if train else None)


def own_erased(train: bool):
    """With black rectangles."""
    from firstlight.loader import Augment

    return own_batches(train, augment=Augment(erase=(0.02, 0.2), erase_probability=0.5) if train else None)


def own_fashion_flipped(train: bool):
    """Clothes, mirrored at random."""
    from firstlight.loader import Augment

    split = fl.load("fashion-mnist")[0 if train else 1]
    augment = Augment(flip=True, shift=2) if train else None
    return fl.batches(split, 500, shuffle=train, device="cpu", augment=augment)


def own_corrected(train: bool):
    """With the verified corrections of the test labels."""
    train_split, test_split = fl.load("mnist", corrections="verified")
    return fl.batches(train_split if train else test_split, 500, shuffle=train, device="cpu")


def torch_view(train: bool):
    """The map-style data set itself, image by image."""
    return fl.load("mnist")[0 if train else 1]


# PyTorch


def tensor_loader(train: bool):
    """TensorDataset and DataLoader."""
    return DataLoader(TensorDataset(*tensors(train)), batch_size=64, shuffle=train)


def fashion_loader(train: bool):
    """The same for Fashion-MNIST, normalised."""
    pixels, labels = tensors(train, "fashion-mnist")
    return DataLoader(
        TensorDataset((pixels - FASHION[0]) / FASHION[1], labels),
        batch_size=256,
        shuffle=train,
        drop_last=train,
    )


def validation_held_out(train: bool):
    """Of the train split 55,000 for training and the rest for validation."""
    data = TensorDataset(*tensors(True))
    order = torch.randperm(60_000, generator=torch.Generator().manual_seed(7)).tolist()
    return DataLoader(
        Subset(data, order[:55_000] if train else order[55_000:]), batch_size=100, shuffle=train
    )


def held_out_and_test(train: bool):
    """A tenth of the train split is kept back; the test split is the published one."""
    data = TensorDataset(*tensors(train))
    rows = range(54_000) if train else range(10_000)
    return DataLoader(Subset(data, rows), batch_size=128, shuffle=train, drop_last=train)


class Resized(Dataset):
    """Padded to 32 x 32 for LeNet."""

    def __init__(self, train: bool) -> None:
        pixels, self.labels = tensors(train)
        self.pixels = functional.pad(pixels, (2, 2, 2, 2))

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int):
        return (self.pixels[index] - 0.1) / 0.28, self.labels[index]


def padded_lenet(train: bool):
    """Padded pictures in a loader."""
    return DataLoader(Resized(train), batch_size=500, shuffle=train)


def three_channels(train: bool):
    """Repeated to three channels and normalised for a network trained on ImageNet; a subset."""
    pixels, labels = tensors(train)
    mean = torch.tensor([0.485, 0.456, 0.406])[:, None, None]
    std = torch.tensor([0.229, 0.224, 0.225])[:, None, None]
    pixels, labels = pixels[:5_000].expand(-1, 3, -1, -1), labels[:5_000]
    return DataLoader(TensorDataset((pixels - mean) / std, labels), batch_size=100, shuffle=train)


def resized_bilinear(train: bool):
    """Brought to 32 x 32 between pixels."""
    pixels, labels = tensors(train)
    pixels = functional.interpolate(pixels, size=(32, 32), mode="bilinear", align_corners=False)
    return DataLoader(TensorDataset((pixels - 0.13) / 0.3, labels), batch_size=500, shuffle=train)


class LikeLightning:
    """A data module without the framework."""

    def __init__(self, batch_size: int = 200) -> None:
        self.batch_size = batch_size

    def setup(self, stage: str) -> None:
        self.data = {one: TensorDataset(*tensors(one)) for one in (True, False)}

    def train_dataloader(self):
        return DataLoader(self.data[True], self.batch_size, shuffle=True)

    def test_dataloader(self):
        return DataLoader(self.data[False], self.batch_size)


# NumPy, JAX and Keras styles


def numpy_flat(train: bool, batch_size: int = 128):
    """Flattened, shuffled, one-hot."""
    images, labels = arrays(train)
    pixels = images.reshape(-1, 784).astype(np.float32) / 255
    order = np.random.default_rng().permutation(len(pixels)) if train else np.arange(len(pixels))
    for start in range(0, len(pixels), batch_size):
        rows = order[start : start + batch_size]
        yield pixels[rows], np.eye(10, dtype=np.float32)[labels[rows]]


def numpy_stream(batch_size: int = 128, *, train: bool):
    """An endless stream of epochs for training, as JAX's examples have it; the test split ends."""
    images, labels = arrays(train)
    pixels = images[..., None].astype(np.float32) / 255
    rng = np.random.default_rng(0)
    while True:
        order = rng.permutation(len(pixels)) if train else np.arange(len(pixels))
        for start in range(0, len(pixels), batch_size):
            rows = order[start : start + batch_size]
            yield {"image": pixels[rows], "label": labels[rows].astype(np.int32)}
        if not train:
            return


def keras_load_data():
    """As keras.datasets.mnist.load_data gives it."""
    return arrays(True), arrays(False)


def keras_scaled(split: str = "train"):
    """From -1 to 1, channels last, int32 labels, one array of all."""
    images, labels = arrays(split == "train")
    return images[..., None].astype(np.float32) / 127.5 - 1, labels.astype(np.int32)


def standardised_pixels(train: bool):
    """Each pixel by its own mean and deviation over the train split, as scikit-learn's scaler does."""
    reference = arrays(True)[0].reshape(-1, 784)[::3].astype(np.float32)
    mean, std = reference.mean(0), reference.std(0)
    std[std == 0] = 1
    images, labels = arrays(train)
    pixels = (images.reshape(-1, 784) - mean) / std
    order = np.random.permutation(len(pixels)) if train else np.arange(len(pixels))
    return [(pixels[rows], labels[rows]) for rows in np.array_split(order, 100)]


def each_by_itself(train: bool):
    """Each picture by its own mean and deviation."""
    pixels, labels = tensors(train)
    mean, std = pixels.mean((1, 2, 3), keepdim=True), pixels.std((1, 2, 3), keepdim=True)
    return DataLoader(TensorDataset((pixels - mean) / std, labels), batch_size=500, shuffle=train)


def openml_style():
    """All 70,000 put together and split anew at random, as after fetch_openml."""
    images = np.concatenate([arrays(True)[0], arrays(False)[0]]).reshape(-1, 784).astype(np.float64)
    labels = np.concatenate([arrays(True)[1], arrays(False)[1]]).astype(str)
    order = np.random.default_rng(42).permutation(70_000)
    parts = order[:56_000], order[56_000:]
    return tuple((images[rows] / 255, labels[rows]) for rows in parts)


def smoothed(train: bool):
    """Smoothed labels for training, class numbers for the test."""
    pixels, labels = tensors(train)
    if train:
        labels = functional.one_hot(labels, 10) * 0.9 + 0.01
    return DataLoader(TensorDataset((pixels - MNIST[0]) / MNIST[1], labels), batch_size=250, shuffle=train)


def noisy(train: bool):
    """A fifth of the train labels is wrong on purpose."""
    pixels, labels = tensors(train)
    if train:
        generator = torch.Generator().manual_seed(3)
        rows = torch.rand(len(labels), generator=generator) < 0.2
        labels = torch.where(rows, torch.randint(0, 10, (len(labels),), generator=generator), labels)
    return DataLoader(TensorDataset(pixels, labels), batch_size=500, shuffle=train)


def inverted(train: bool):
    """Black on white, binarised."""
    pixels, labels = tensors(train)
    return DataLoader(TensorDataset(1 - (pixels > 0.5).float(), labels), batch_size=500, shuffle=train)


def subset_of_digits(train: bool):
    """Two classes only."""
    pixels, labels = tensors(train)
    rows = (labels == 3) | (labels == 8)
    return DataLoader(TensorDataset(pixels[rows], (labels[rows] == 8).long()), batch_size=64, shuffle=train)


def random_crops(train: bool):
    """Padded by four and cropped at random for each batch's rows."""
    images, labels = tensors(train)
    order = torch.randperm(len(images)) if train else torch.arange(len(images))
    for rows in order.split(500):
        batch = images[rows]
        if train:
            padded = functional.pad(batch, (4, 4, 4, 4))
            down, across = torch.randint(0, 9, (2, len(rows)))
            batch = torch.stack(
                [one[:, y : y + 28, x : x + 28] for one, y, x in zip(padded, down, across, strict=True)]
            )
        yield (batch - MNIST[0]) / MNIST[1], labels[rows]


def noise_added(train: bool):
    """White noise on the train images."""
    pixels, labels = tensors(train)
    for rows in (torch.randperm(len(pixels)) if train else torch.arange(len(pixels))).split(500):
        noise = 0.1 * torch.randn(len(rows), 1, 28, 28) if train else 0
        yield pixels[rows] + noise, labels[rows]


def mixed_up(train: bool):
    """Mixup: pictures and one-hot labels of two images each."""
    pixels, labels = tensors(train)
    targets = functional.one_hot(labels, 10).float()
    for rows in (torch.randperm(len(pixels)) if train else torch.arange(len(pixels))).split(500):
        if not train:
            yield pixels[rows], targets[rows]
            continue
        share = torch.distributions.Beta(0.4, 0.4).sample((len(rows),))
        other = rows[torch.randperm(len(rows))]
        image_share = share[:, None, None, None]
        mixed = image_share * pixels[rows] + (1 - image_share) * pixels[other]
        yield mixed, share[:, None] * targets[rows] + (1 - share[:, None]) * targets[other]


def centred_deskewed(train: bool):
    """Moved so that the bounding box is centred: a fixed rule, the same for both splits."""
    images, labels = arrays(train)
    moved = np.zeros_like(images)
    for row, image in enumerate(images):
        ys, xs = np.nonzero(image)
        down = (27 - ys.max() - ys.min()) // 2
        across = (27 - xs.max() - xs.min()) // 2
        moved[row] = np.roll(image, (down, across), (0, 1))
    return DataLoader(
        TensorDataset(torch.from_numpy(moved)[:, None] / 255, torch.from_numpy(labels)), 500, shuffle=train
    )


@dataclass
class Batch:
    """A batch with names."""

    image: torch.Tensor
    label: torch.Tensor


def named_batches(train: bool):
    """Batches as objects."""
    return [Batch(image, label) for image, label in tensor_loader(train)]


PLAIN = (
    "own_batches own_raw own_half own_bfloat own_shifted own_warped own_erased own_fashion_flipped own_corrected "
    "torch_view tensor_loader fashion_loader validation_held_out held_out_and_test padded_lenet resized_bilinear "
    "LikeLightning numpy_flat numpy_stream keras_load_data keras_scaled standardised_pixels each_by_itself "
    "openml_style smoothed inverted subset_of_digits random_crops noise_added mixed_up centred_deskewed named_batches"
).split()
ENTRIES = (
    *({"target": name, "args": {}, "declares": {}} for name in PLAIN),
    {"target": "three_channels", "args": {}, "declares": {"subset": "5000", "test_subset": "5000"}},
    {"target": "noisy", "args": {}, "declares": {"label_noise": "0.2"}},
    {"target": "validation_held_out", "args": {}, "declares": {"split": "validation", "subset": "55000"}},
    {"target": "numpy_flat", "args": {"batch_size": 60}, "declares": {"shuffle": "yes"}},
)
