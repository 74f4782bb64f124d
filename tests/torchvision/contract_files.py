"""Where files lie, what is refused, and what `download` does."""

from __future__ import annotations

import re
import shutil

from contract_setting import Setting, fails, point


@point
def not_there(s: Setting) -> None:
    empty = s.scratch / "empty"
    text = "Dataset not found. You can use download=True to download it"
    for make in (
        lambda: s.ours.MNIST(empty),
        lambda: s.ours.FashionMNIST(empty, train=False),
        lambda: s.ours.KMNIST(empty),
        lambda: s.ours.EMNIST(empty, "letters"),
        lambda: s.ours.QMNIST(empty),
    ):
        fails(make, RuntimeError, f"^{re.escape(text)}$")
    text = "Dataset not found or corrupted. You can use download=True to download it"
    for make in (lambda: s.ours.CIFAR10(empty), lambda: s.ours.CIFAR100(empty)):
        fails(make, RuntimeError, f"^{re.escape(text)}$")
    assert not empty.exists()


@point
def one_file_missing_is_not_there(s: Setting) -> None:
    root = s.scratch / "three"
    shutil.copytree(s.root, root)
    (root / "MNIST/raw/train-labels-idx1-ubyte").unlink()
    fails(lambda: s.ours.MNIST(root, train=False), RuntimeError, "^Dataset not found")


@point
def downloading(s: Setting) -> None:
    root = s.scratch / "new"
    data = s.ours.MNIST(root, train=False, download=True)
    files = sorted(path.name for path in (root / "MNIST/raw").iterdir())
    assert files == [
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
    ]
    for name in files:
        assert (root / "MNIST/raw" / name).read_bytes() == (s.root / "MNIST/raw" / name).read_bytes()
    assert data[0][1] == 7
    changed = {path: path.stat().st_mtime_ns for path in (root / "MNIST/raw").iterdir()}
    s.ours.MNIST(root, download=True)
    assert changed == {path: path.stat().st_mtime_ns for path in (root / "MNIST/raw").iterdir()}
    if s.torchvision:
        assert len(s.real.MNIST(root)) == 60000, "torchvision takes over our folder"


@point
def wrong_files_are_refused_and_replaced(s: Setting) -> None:
    root = s.scratch / "wrong"
    shutil.copytree(s.root, root)
    path = root / "MNIST/raw/t10k-images-idx3-ubyte"
    right = path.read_bytes()
    for wrong, message in (
        (right[:5000], r"t10k-images-idx3-ubyte has 5,000 bytes where 7,840,016 are right"),
        (right[:-1] + b"\x01", "t10k-images-idx3-ubyte has SHA-256 .* is right"),
    ):
        path.write_bytes(wrong)
        fails(
            lambda: s.ours.MNIST(root, train=False),
            RuntimeError,
            rf"^Dataset not found.*download=True.*{message}",
        )
        assert path.read_bytes() == wrong, "nothing is changed without download=True"
        assert s.ours.MNIST(root, train=False, download=True)[0][1] == 7
        assert path.read_bytes() == right


@point
def mnists_files_are_not_fashion(s: Setting) -> None:
    root = s.scratch / "mixed"
    shutil.copytree(s.root / "MNIST", root / "FashionMNIST")
    fails(lambda: s.ours.FashionMNIST(root), RuntimeError, "^Dataset not found.*SHA-256")
