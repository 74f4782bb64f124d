"""Augmentations: each check passes for a right one and fails, with the right family, for a wrong one (oracle)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

import firstlight as fl
from firstlight._errors import UnknownNameError, UsageError
from firstlight.checks.augmentations._measured import measured_moves


def turned(images: Tensor, degrees: float = 12.0, fill: float = 0.0, rows: int | None = None) -> Tensor:
    rows = len(images) if rows is None else rows
    angles = (torch.rand(rows) * 2 - 1) * math.radians(degrees)
    return torch.cat([warped(images[:rows], angles, fill), images[rows:]])


def warped(images: Tensor, angles: Tensor, fill: float = 0.0) -> Tensor:
    cos, sin, zero = angles.cos(), angles.sin(), torch.zeros_like(angles)
    theta = torch.stack([cos, -sin, zero, sin, cos, zero], 1).reshape(-1, 2, 3)
    grid = functional.affine_grid(theta, list(images.shape), align_corners=False)
    inside = functional.grid_sample(torch.ones_like(images), grid, align_corners=False)
    return functional.grid_sample(images, grid, align_corners=False) + fill * (1 - inside)


def shifted(images: np.ndarray, rng: Any = np.random) -> np.ndarray:
    draw = rng.integers if hasattr(rng, "integers") else rng.randint
    out = np.zeros_like(images)
    for row, image in enumerate(images):
        y, x = draw(0, 5, 2)
        out[row] = np.pad(image, 2)[y : y + 28, x : x + 28]
    return out


def checked(target: Callable[..., Any], like: str | None = None, **declares: str) -> Any:
    return fl.check(target, kind="augment", like=like, declares=declares, isolated=False)


def status(report: Any, number: str) -> str:
    return next(check.status for check in report.checks if check.id == number)


def blanked(images: np.ndarray) -> np.ndarray:
    images[:, 5:12, 5:12] = 0
    return images


def seeded(images: np.ndarray) -> np.ndarray:
    return shifted(images, np.random.default_rng(0))


def rolled(images: np.ndarray) -> np.ndarray:
    return np.stack([np.roll(image, np.random.randint(-3, 4, 2), (0, 1)) for image in images])


def mirrored(images: Tensor) -> Tensor:
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.5, images.flip(3), images)


def wrapped(images: np.ndarray) -> np.ndarray:
    return (images * np.random.uniform(1, 1.5, (len(images), 1, 1))).astype(np.uint8)


def test_right_ones_pass() -> None:
    assert checked(turned, degrees="12").verdict == "PASS"
    assert checked(shifted, like="crop", shift="2").verdict == "PASS"
    assert checked(mirrored, like="flip").verdict == "PASS"


WRONG: dict[str, tuple[Any, str | None, dict[str, str], str, str]] = {
    "changes its input": (blanked, None, {}, "A2", "aliasing"),
    "the same each time": (seeded, None, {}, "A3", "augmentation"),
    "half of the batch": (lambda x: turned(x, rows=len(x) // 2), None, {}, "A4", "augmentation"),
    "wrapped bytes": (wrapped, None, {}, "A5", "preprocessing"),
    "mirrored": (mirrored, None, {}, "A6", "augmentation"),
    "upside down": (lambda x: torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(2), x), "flip", {}, "A6", "augmentation"),
    "rolled": (rolled, None, {}, "A7", "augmentation"),
    "grey corners": (lambda x: turned(x, fill=0.5), None, {}, "A8", "augmentation"),
    "nothing": (lambda x: x.clone(), None, {}, "A9", "ignored-option"),
    "illegible": (lambda x: x + 25 * torch.randn_like(x), None, {"range": "unit"}, "A10", "augmentation"),
    "too weak": (lambda x: turned(x, 0.2), None, {"degrees": "12"}, "A11", "augmentation"),
    "other noise": (lambda x: x + 0.3 * torch.randn_like(x), None, {"noise": "0.1"}, "A12", "augmentation"),
    "noise not centred": (lambda x: x + 0.2 * torch.rand_like(x), "noise", {}, "A13", "augmentation"),
    "not finite": (lambda x: torch.log(x - torch.rand(len(x), 1, 1, 1)), None, {}, "A1", "numerical-stability"),
    "not random": (lambda x: x * 0.9, None, {"random": "yes"}, "A3", "augmentation"),
    "random after all": (turned, None, {"random": "no"}, "A3", "determinism"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_one_fails(name: str) -> None:
    target, like, declares, number, family = WRONG[name]
    report = checked(target, like, **declares)
    assert status(report, number) == "fail"
    assert report.diagnosis.family == family


def test_one_draw_for_all_rows_is_a_note() -> None:
    def together(images: Tensor) -> Tensor:
        return warped(images, torch.rand(1).expand(len(images)) * 0.3 - 0.15)

    report = checked(together)
    assert report.verdict == "PASS"
    assert status(report, "A3") == "warn"
    assert status(checked(together, per_image="yes"), "A3") == "fail"


def test_a_fixed_preprocessing_is_right() -> None:
    report = checked(lambda images: (images - 0.1307) / 0.3081)
    assert report.verdict == "PASS"
    assert "fixed preprocessing" in report.dialect


def test_one_image_at_a_time() -> None:
    def single(image: np.ndarray) -> np.ndarray:
        height, width = image.shape
        y, x = np.random.randint(0, 5, 2)
        return np.pad(image, 2)[y : y + height, x : x + width]

    report = checked(single)
    assert report.verdict == "PASS"
    assert "one image at a time" in report.dialect


def test_what_takes_no_images_is_inconclusive() -> None:
    def refuses(images: Any) -> Any:
        raise TypeError("give me a dict")

    assert checked(refuses).verdict == "INCONCLUSIVE"


def test_inplace_may_be_declared() -> None:
    assert status(checked(blanked, inplace="yes"), "A2") == "skip"


def test_declarations_are_read() -> None:
    with pytest.raises(UnknownNameError, match="declaration of an augmentation"):
        checked(turned, angle="3")
    with pytest.raises(UsageError, match="range is one of unit, bytes, standard"):
        checked(turned, range="percent")


def test_moves_are_measured() -> None:
    images = fl.load("mnist")[1].images[:60].float() / 255
    angles = torch.linspace(-25, 25, 60)
    moves = measured_moves(images, warped(images, angles.deg2rad()))
    good = moves.rest < 0.15
    assert good.float().mean() > 0.7
    assert (moves.degrees.abs() - angles.abs())[good].abs().median() < 2
    assert float(torch.corrcoef(torch.stack([moves.degrees[good], angles[good]]))[0, 1].abs()) > 0.9
