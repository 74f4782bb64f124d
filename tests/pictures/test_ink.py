"""Background, polarity and threshold. Oracle: the ink that was drawn; invariance under light and polarity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from firstlight.pictures._background import find_background, noise_deviation
from firstlight.pictures._ink import find_ink

Array = np.ndarray[Any, Any]


def strokes() -> Array:
    """Where ink is: a ring, a bar and a hook."""
    y, x = np.mgrid[:200, :260]
    ring = np.abs(np.hypot(y - 90, x - 70) - 36) < 5
    bar = (np.abs(x - 140) < 5) & (np.abs(y - 100) < 50)
    hook = ((np.abs(y - 60) < 5) & (np.abs(x - 200) < 25)) | ((np.abs(x - 222) < 5) & (np.abs(y - 95) < 40))
    drawn: Array = ring | bar | hook
    return drawn


def lit(kind: str) -> Array:
    y, x = np.mgrid[-1:1:200j, -1:1:260j]
    lights = {
        "even": 0.9 + 0 * x,
        "slope": 0.7 + 0.25 * x + 0.05 * y,
        "vignette": 0.95 - 0.3 * (x * x + y * y),
        "shadow": np.where(x + 0.5 * y > 0.1, 0.5, 0.9),
        "soft shadow": ndimage.gaussian_filter(np.where(x - y > 0.2, 0.45, 0.9), 15),
    }
    light: Array = lights[kind].astype(np.float32)
    return light


LIGHTS = ("even", "slope", "vignette", "shadow", "soft shadow")


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_ink_is_found_in_any_light(light: str, noise: float) -> None:
    drawn = strokes()
    random = np.random.default_rng(1)
    page = lit(light) * np.where(drawn, 0.35, 1) + noise * random.standard_normal(drawn.shape)
    ink = find_ink(page.astype(np.float32))
    assert ink.is_dark
    assert _missed(ink.mask, drawn) < 0.02
    assert _false_pieces(ink.mask, drawn) == 0


@pytest.mark.parametrize("light", LIGHTS)
def test_chalk_is_as_good_as_a_pen(light: str) -> None:
    drawn = strokes()
    ink = find_ink((0.8 * np.maximum(0.3 * lit(light), drawn)).astype(np.float32))
    assert not ink.is_dark
    assert _missed(ink.mask, drawn) < 0.02
    assert _false_pieces(ink.mask, drawn) == 0


def _missed(mask: Array, drawn: Array) -> float:
    return float(1 - mask[drawn].mean())


def _false_pieces(mask: Array, drawn: Array) -> int:
    """Pieces of ink that touch nothing that was drawn, nor the border, where pieces are left out anyway."""
    labels, count = ndimage.label(mask)
    border = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return len(set(range(1, count + 1)) - set(labels[drawn]) - set(border))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.1])
def test_a_blank_page_has_no_ink(noise: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    page = (0.6 + noise * random.standard_normal((150, 150))).clip(0, 1).astype(np.float32)
    ink = find_ink(page)
    assert not ink.mask.any()
    assert np.isinf(ink.threshold)


def test_the_threshold_is_half_way_however_little_ink_there_is() -> None:
    page = np.full((200, 200), 0.8, dtype=np.float32)
    page[100:103, 100:103] = 0.2
    ink = find_ink(page)
    assert ink.contrast == pytest.approx(0.75, abs=0.01)  # a share of the light
    assert ink.threshold == pytest.approx(0.375, abs=0.01)
    assert ink.mask.sum() == 9


def test_faint_lines_do_not_become_ink_nor_keep_ink_from_being_found() -> None:
    drawn = strokes()
    page = lit("slope") * np.where(drawn, 0.3, 1)
    page[15::25] *= 0.85
    ink = find_ink(page.astype(np.float32))
    assert ink.mask[drawn].mean() > 0.98
    assert ink.mask[~drawn].mean() < 0.01


def test_background_follows_the_edge_of_a_shadow() -> None:
    light = lit("shadow")
    page = light * np.where(strokes(), 0.3, 1)
    found = find_background(page.astype(np.float32))
    assert not found.is_even
    assert found.is_light
    assert (np.abs(found.brightness - light) > 0.02).mean() < 0.01


def test_noise_is_measured_beside_edges() -> None:
    random = np.random.default_rng(0)
    page = lit("shadow") * np.where(strokes(), 0.3, 1) + 0.03 * random.standard_normal((200, 260))
    assert noise_deviation(page.astype(np.float32)) == pytest.approx(0.03, rel=0.15)
    assert noise_deviation(lit("even")) == 0
    assert noise_deviation(np.zeros((5, 1), dtype=np.float32)) == 0
