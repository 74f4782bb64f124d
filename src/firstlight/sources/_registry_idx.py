"""The data sets that are published as single gzipped IDX files."""

from __future__ import annotations

from firstlight.sources._files import DataFile, Member

__all__ = ["FASHION_MNIST", "KMNIST", "MNIST", "QMNIST"]

MNIST_PLACES = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://azureopendatastorage.blob.core.windows.net/mnist/",
)
FASHION_PLACES = (
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
)
KMNIST_PLACES = (
    "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    "https://huggingface.co/datasets/tanganke/kmnist/resolve/main/raw/",
    "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/KMNIST/",
)
QMNIST_PLACES = (
    "https://raw.githubusercontent.com/facebookresearch/qmnist/main/",
    "https://raw.githubusercontent.com/facebookresearch/qmnist/master/",
)

# An IDX file is a header of 4 bytes + 4 a dimension, then the values; so the decoded sizes are known.
TRAIN_IMAGES, TRAIN_LABELS = 16 + 60_000 * 784, 8 + 60_000
TEST_IMAGES, TEST_LABELS = 16 + 10_000 * 784, 8 + 10_000
QMNIST_LABELS = 12 + 60_000 * 8 * 4


def _gz(
    dataset: str,
    name: str,
    size_bytes: int | None,
    sha256: str | None,
    places: tuple[str, ...],
    decoded: tuple[int, str | None],
    *,
    md5: str | None = None,
) -> DataFile:
    """One gzipped file with one member, called as the file is without its ending."""
    member = Member(name.removesuffix(".gz"), size_bytes=decoded[0], sha256=decoded[1])
    return DataFile(dataset, name, size_bytes, sha256, tuple(p + name for p in places), (member,), md5)


MNIST = (
    _gz(
        "mnist",
        "train-images-idx3-ubyte.gz",
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        MNIST_PLACES,
        (TRAIN_IMAGES, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    ),
    _gz(
        "mnist",
        "train-labels-idx1-ubyte.gz",
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        MNIST_PLACES,
        (TRAIN_LABELS, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    ),
    _gz(
        "mnist",
        "t10k-images-idx3-ubyte.gz",
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        MNIST_PLACES,
        (TEST_IMAGES, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    ),
    _gz(
        "mnist",
        "t10k-labels-idx1-ubyte.gz",
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        MNIST_PLACES,
        (TEST_LABELS, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
    ),
)

FASHION_MNIST = (
    _gz(
        "fashion-mnist",
        "train-images-idx3-ubyte.gz",
        26_421_880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        FASHION_PLACES,
        (TRAIN_IMAGES, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    ),
    _gz(
        "fashion-mnist",
        "train-labels-idx1-ubyte.gz",
        29_515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        FASHION_PLACES,
        (TRAIN_LABELS, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    ),
    _gz(
        "fashion-mnist",
        "t10k-images-idx3-ubyte.gz",
        4_422_102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        FASHION_PLACES,
        (TEST_IMAGES, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    ),
    _gz(
        "fashion-mnist",
        "t10k-labels-idx1-ubyte.gz",
        5_148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        FASHION_PLACES,
        (TEST_LABELS, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
    ),
)

KMNIST = (
    _gz(
        "kmnist",
        "train-images-idx3-ubyte.gz",
        18_165_135,
        "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
        KMNIST_PLACES,
        (TRAIN_IMAGES, None),
    ),
    _gz(
        "kmnist",
        "train-labels-idx1-ubyte.gz",
        29_497,
        "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
        KMNIST_PLACES,
        (TRAIN_LABELS, None),
    ),
    _gz(
        "kmnist",
        "t10k-images-idx3-ubyte.gz",
        3_041_136,
        "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
        KMNIST_PLACES,
        (TEST_IMAGES, None),
    ),
    _gz(
        "kmnist",
        "t10k-labels-idx1-ubyte.gz",
        5_120,
        "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
        KMNIST_PLACES,
        (TEST_LABELS, None),
    ),
)

# The authors of QMNIST give no SHA-256 for the two image files; torchvision's MD5 is all there is.
QMNIST = (
    _gz(
        "qmnist",
        "qmnist-train-images-idx3-ubyte.gz",
        None,
        None,
        QMNIST_PLACES,
        (TRAIN_IMAGES, None),
        md5="ed72d4157d28c017586c42bc6afe6370",
    ),
    _gz(
        "qmnist",
        "qmnist-train-labels-idx2-int.gz",
        463_024,
        "2c05dc77f6b916b38e455e97ab129a42a444f3dbef09b278a366f82904e0dd9f",
        QMNIST_PLACES,
        (QMNIST_LABELS, "bb1b6e1ec7b04fd5696f1ed50b5f58f8ef195118edd5c93c81783df9740b8ac5"),
    ),
    _gz(
        "qmnist",
        "qmnist-test-images-idx3-ubyte.gz",
        None,
        None,
        QMNIST_PLACES,
        (TRAIN_IMAGES, None),
        md5="1394631089c404de565df7b7aeaf9412",
    ),
    _gz(
        "qmnist",
        "qmnist-test-labels-idx2-int.gz",
        526_800,
        "9fbcbe594c3766fdf4f0b15c5165dc0d1e57ac604e01422608bb72c906030d06",
        QMNIST_PLACES,
        (QMNIST_LABELS, "92d0ccb8c25f9c6534270fb4be7e1d24a1c6d315edfc8a638bfbd31c70f362dd"),
    ),
)
