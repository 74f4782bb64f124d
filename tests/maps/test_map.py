"""`map`, its file and `place`, by behaviour on real digits; and everything that is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import firstlight as fl
from firstlight._errors import CacheError, DataCorruptError, DataMissingError, UnknownNameError, UsageError
from firstlight.maps import LayoutStep, MapStage

Pair = tuple[fl.ImageDataset, fl.ImageDataset]


@pytest.fixture(scope="module")
def digits() -> Pair:
    train, test = fl.load("mnist")
    return train[:900], test[:200]


@pytest.fixture(scope="module")
def umap(digits: Pair) -> fl.ImageMap:
    return fl.map(digits, method="umap")


def test_a_map_holds_what_it_was_made_from(digits: Pair, umap: fl.ImageMap) -> None:
    assert umap.points.shape == (1100, 2)
    np.testing.assert_array_equal(umap.labels, torch.cat([part.labels for part in digits]))
    assert umap.splits.tolist() == ["train"] * 900 + ["test"] * 200
    assert umap.images is not None
    torch.testing.assert_close(umap.images[900:], digits[1].images)
    assert umap.quality.accuracy is not None
    assert umap.quality.pca.accuracy is not None
    assert umap.quality.accuracy > umap.quality.pca.accuracy + 0.2
    assert umap.settings["initialisation"] == "pca"
    assert umap.graph.k == 15
    assert repr(umap).startswith("ImageMap(mnist: 1,100 images by umap; 10-NN accuracy 0.")


def test_its_making_is_told_in_order(digits: Pair) -> None:
    told: list[Any] = []
    fl.map(digits, method="umap", on_event=told.append)
    assert [event.name for event in told if isinstance(event, MapStage)] == [
        "features",
        "neighbours",
        "layout",
        "quality",
    ]
    assert any(isinstance(event, LayoutStep) for event in told)


def test_a_map_survives_its_file(umap: fl.ImageMap, digits: Pair, tmp_path: Path) -> None:
    loaded = fl.load_map(umap.save(tmp_path / "map.npz"))
    for name in ("points", "labels", "splits", "features"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(umap, name))
    np.testing.assert_array_equal(loaded.graph.indices, umap.graph.indices)
    assert loaded.fields() == umap.fields()
    new = digits[1].images[:5]
    np.testing.assert_allclose(fl.place(loaded, new), fl.place(umap, new), atol=1e-5)
    with pytest.raises(UsageError, match="labels of mnist are not those of the map any more"):
        loaded.images_at_hand()  # these were the first 900 images, not all


def test_new_images_land_among_their_own_kind(umap: fl.ImageMap) -> None:
    new = fl.load("mnist")[1][1000:1200]
    points = fl.place(umap, new.images)
    distances = np.linalg.norm(points[:, None] - umap.points[:900], axis=2)
    votes = umap.labels[:900][np.argsort(distances, axis=1)[:, :10]]
    said = np.array([np.bincount(row).argmax() for row in votes])
    assert (said == new.labels.numpy()).mean() > 0.7


def test_an_image_of_the_map_lands_near_its_own_point(umap: fl.ImageMap, digits: Pair) -> None:
    moved = np.linalg.norm(fl.place(umap, digits[0].images) - umap.points[:900], axis=1)
    assert np.median(moved) < 0.1 * umap.points.std()


def test_learned_features_go_with_the_map(digits: Pair, tmp_path: Path) -> None:
    learned = fl.map(digits, method="pca", features="learned")
    loaded = fl.load_map(learned.save(tmp_path / "map.npz"))
    points = fl.place(loaded, digits[0].images[:20])
    np.testing.assert_allclose(points, learned.points[:20], atol=1e-3)
    assert loaded.settings["recipe"] == "cnn-fast"
    alone = fl.map(digits, split="test", method="pca", features="learned")
    np.testing.assert_allclose(alone.points, learned.points[900:], atol=1e-3)


def test_features_of_your_own(tmp_path: Path, digits: Pair) -> None:
    rows = np.random.default_rng(0).standard_normal((1100, 60)).astype(np.float32)
    np.save(tmp_path / "rows.npy", rows)
    from_file = fl.map(digits, method="pca", features=tmp_path / "rows.npy")
    alone = fl.map(None, method="pca", features=rows, labels=np.arange(1100) % 3)
    np.testing.assert_array_equal(from_file.points, alone.points)
    assert alone.features.shape == (1100, 50)
    assert alone.classes == ("0", "1", "2")
    np.testing.assert_allclose(fl.place(alone, alone.features[:3]), alone.points[:3])
    with pytest.raises(UsageError, match="made of 50 features of your own; got rows of 7"):
        fl.place(alone, np.zeros((2, 7), np.float32))
    with pytest.raises(UsageError, match="made of features of your own, so it has no images"):
        alone.images_at_hand()


def table(**changes: Any) -> dict[str, Any]:
    rows = np.random.default_rng(0).standard_normal((40, 4)).astype(np.float32)
    return {"dataset": None, "method": "pca", "features": rows, **changes}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"method": "tnse"}, UnknownNameError, "no method 'tnse'. Did you mean 'tsne'"),
        ({"dataset": "mnits"}, UnknownNameError, "no data set 'mnits'"),
        ({"dataset": "mnist", "split": "validation"}, UnknownNameError, "no split 'validation'"),
        ({"features": "pixel"}, UnknownNameError, "no kind of features 'pixel'. Did you mean 'pixels'"),
        ({"features": "none.npy"}, UsageError, "There is no file none"),
        ({"features": __file__.replace(".py", ".npy")}, UsageError, "There is no file"),
        ({"features": Path(__file__)}, UsageError, "is no array of numbers"),
        ({"initialisation": "spectral"}, UnknownNameError, "no initialisation 'spectral'"),
        ({"seed": -1}, UsageError, "A seed is an integer"),
        ({"features": "pixels"}, UsageError, "pixels features are made of images"),
        ({"features": np.full((40, 4), np.nan)}, UsageError, "40 of 40 rows hold NaN"),
        ({"features": np.ones((40, 4))}, UsageError, "All 40 rows of features are equal"),
        ({"features": np.eye(2)}, UsageError, "pca needs at least 3 images"),
        ({"features": np.eye(12), "method": "umap"}, UsageError, "umap needs at least 16 images.*got 12"),
        ({"labels": np.zeros(3, int)}, UsageError, "labels must be 40 whole numbers"),
        ({"labels": np.full(40, -1)}, UsageError, "labels must be 40 whole numbers of at least 0"),
        ({"labels": np.full(40, 0.5)}, UsageError, "labels must be 40 whole numbers"),
    ],
)
def test_what_cannot_be_mapped_is_refused(options: dict[str, Any], error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        fl.map(**table(**options))


def test_rows_must_be_as_many_as_images(digits: Pair) -> None:
    with pytest.raises(UsageError, match="40 rows of features for 1,100 images"):
        fl.map(**table(dataset=digits))
    black = tuple(part.replacing(images=torch.zeros_like(part.images)) for part in digits)
    with pytest.raises(UsageError, match="1,100 rows are equal"):
        fl.map(black, method="pca")
    with pytest.raises(UsageError, match="labels are for features without a data set"):
        fl.map(digits, method="pca", labels=np.zeros(1100, np.int64))


def test_files_that_are_no_maps_are_refused(umap: fl.ImageMap, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"saved as \.npz, \.png, \.html; got 'map\.gif'"):
        umap.save(tmp_path / "map.gif")
    with pytest.raises(DataMissingError, match="There is no map at"):
        fl.load_map(tmp_path / "none.npz")
    whole = umap.save(tmp_path / "map.npz").read_bytes()
    for content in (b"", b"no map", whole[:5000], whole[:-100]):
        (tmp_path / "bad.npz").write_bytes(content)
        with pytest.raises(DataCorruptError, match=r"bad\.npz is no map"):
            fl.load_map(tmp_path / "bad.npz")
    np.savez(tmp_path / "other.npz", points=np.zeros(3))
    with pytest.raises(DataCorruptError, match=r"other\.npz is no map"):
        fl.load_map(tmp_path / "other.npz")


def test_a_refusing_disk_leaves_the_old_map(umap: fl.ImageMap, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file where the folder would be")
    with pytest.raises(CacheError, match="Cannot write"):
        umap.save(tmp_path / "file" / "map.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_ctrl_c_leaves_nothing_half_written(
    digits: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRSTLIGHT_HOME", str(tmp_path))

    def interrupt(event: Any) -> None:
        if isinstance(event, LayoutStep) and event.step >= 20:
            raise KeyboardInterrupt

    for method in ("umap", "tsne"):
        with pytest.raises(KeyboardInterrupt):
            fl.map(digits, method=method, on_event=interrupt)
    assert not list(tmp_path.rglob(".part-*"))
    assert len(list((tmp_path / "neighbours").iterdir())) == 1  # the graph is whole, and serves both
