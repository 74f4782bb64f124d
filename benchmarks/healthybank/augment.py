"""Right augmentations in many styles: none of them may fail."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from torch import nn
from torch.nn import functional

from firstlight.loader import Augment, augment_images

__all__ = ["ENTRIES"]


def __getattr__(name: str):
    """Import a transform of torchvision when it is asked for: ``vision_RandomRotation``."""
    if not name.startswith("vision_"):
        raise AttributeError(name)
    from benchmarks._torchvision import import_torchvision

    import_torchvision()
    from torchvision.transforms import v2

    return getattr(v2, name.removeprefix("vision_"))


# firstlight's own: bytes, and a seed with each call


def own(images, seed=0, **settings):
    """Vary bytes [n, 1, 28, 28] by firstlight's settings."""
    settings = {key: tuple(value) if isinstance(value, list) else value for key, value in settings.items()}
    return augment_images(images, Augment(**settings), seed=seed)


# PyTorch


def random_crop(images):
    """Pad by two and cut each image out at random."""
    padded = functional.pad(images, (2, 2, 2, 2))
    down, across = torch.randint(0, 5, (2, len(images)))
    return torch.stack(
        [one[..., y : y + 28, x : x + 28] for one, y, x in zip(padded, down, across, strict=True)]
    )


def affine(images):
    """Turn, scale and move each image."""
    n = len(images)
    angle = (torch.rand(n) - 0.5) * 0.4
    size = 1 + (torch.rand(n) - 0.5) * 0.2
    move = (torch.rand(n, 2) - 0.5) * 0.2
    cos, sin = size * angle.cos(), size * angle.sin()
    theta = torch.stack([cos, -sin, move[:, 0], sin, cos, move[:, 1]], 1).reshape(n, 2, 3)
    return functional.grid_sample(
        images, functional.affine_grid(theta, list(images.shape), align_corners=False), align_corners=False
    )


def noise(images):
    """Add white noise and cut off."""
    return (images + 0.1 * torch.randn_like(images)).clamp(0, 1)


def dropout_pixels(images):
    """Blank a tenth of the pixels."""
    return functional.dropout(images, 0.1) * 0.9


class Jitter(nn.Module):
    """Brightness and contrast in training mode, nothing otherwise."""

    def __init__(self, strength: float = 0.3) -> None:
        super().__init__()
        self.strength = strength

    def forward(self, images):
        if not self.training:
            return images
        factor = 1 + self.strength * (2 * torch.rand(len(images), 1, 1, 1) - 1)
        return (images * factor).clamp(0, 1)


def one_angle_for_all(images):
    """Turn the whole batch by one angle."""
    angle = (torch.rand(()) - 0.5) * 0.5
    theta = torch.stack([angle.cos(), -angle.sin(), angle * 0, angle.sin(), angle.cos(), angle * 0])
    theta = theta.reshape(1, 2, 3).expand(len(images), 2, 3)
    return functional.grid_sample(
        images, functional.affine_grid(theta, list(images.shape), align_corners=False), align_corners=False
    )


def sometimes_blurred(images):
    """Blur every fourth image."""
    kernel = torch.full((1, 1, 3, 3), 1 / 9)
    blurred = functional.conv2d(images, kernel, padding=1)
    return torch.where(torch.rand(len(images), 1, 1, 1) < 0.25, blurred, images)


def blank_in_place(images):
    """Blank a square of each image, in place on purpose."""
    for image in images:
        top, left = torch.randint(0, 21, (2,)).tolist()
        image[..., top : top + 8, left : left + 8] = 0
    return images


# NumPy and SciPy


def scipy_rotate(image):
    """Turn one image."""
    return ndimage.rotate(image, np.random.uniform(-15, 15), reshape=False, order=1)


def scipy_shift(images):
    """Move each image by parts of a pixel."""
    return np.stack([ndimage.shift(image, np.random.uniform(-2, 2, 2), order=1) for image in images])


def simard(images, alpha=8.0, sigma=3.0):
    """Elastic distortion after Simard 2003."""
    rng = np.random.default_rng()
    answer = np.empty_like(images)
    places = np.mgrid[0:28, 0:28].astype(float)
    for row, image in enumerate(images):
        field = [ndimage.gaussian_filter(rng.uniform(-1, 1, (28, 28)), sigma) * alpha for _ in range(2)]
        answer[row] = ndimage.map_coordinates(image, [places[0] + field[0], places[1] + field[1]], order=1)
    return answer


def cutout(images):
    """Blank a square in each copy."""
    images = np.array(images)
    for image in images:
        top, left = np.random.randint(0, 20, 2)
        image[top : top + 9, left : left + 9] = 0
    return images


def salt_and_pepper(images):
    """Set some pixels to black or white."""
    draws = np.random.rand(*images.shape)
    top = 255 if images.dtype == np.uint8 else 1
    return np.where(draws < 0.02, 0, np.where(draws > 0.98, top, images)).astype(images.dtype)


def bright_bytes(images):
    """Change brightness of bytes with room to do so."""
    wide = images.astype(np.int16) + np.random.randint(-30, 31, (len(images), 1, 1))
    return np.clip(wide, 0, 255).astype(np.uint8)


class OwnGenerator:
    """Shifts from a generator of its own."""

    def __init__(self, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)

    def __call__(self, images):
        return np.stack([ndimage.shift(image, self.rng.integers(-2, 3, 2), order=0) for image in images])


def centred(images):
    """Move the centre of mass to the middle: a fixed rule."""
    moved = []
    for image in images:
        y, x = ndimage.center_of_mass(image)
        moved.append(ndimage.shift(image, (round(13.5 - y), round(13.5 - x)), order=0))
    return np.stack(moved)


def normalised(images):
    """A fixed preprocessing."""
    return (images - 0.1307) / 0.3081


def deskewed(image):
    """Take the slant out of one image, a fixed rule."""
    y, x = np.mgrid[0:28, 0:28]
    total = image.sum() + 1e-9
    cy, cx = (y * image).sum() / total, (x * image).sum() / total
    slant = ((y - cy) * (x - cx) * image).sum() / (((y - cy) ** 2) * image).sum()
    matrix = np.array([[1, 0], [slant, 1]])
    return ndimage.affine_transform(
        image, matrix, offset=np.array([cy, cx]) - matrix @ np.array([cy, cx]), order=1
    )


def _vision(name: str, args: dict, **more) -> dict:
    return {"target": f"vision_{name}", "args": args, "declares": {}, **more}


ENTRIES = (
    *(
        {"target": name, "args": {}, "declares": {}}
        for name in (
            "affine",
            "dropout_pixels",
            "Jitter",
            "one_angle_for_all",
            "sometimes_blurred",
            "scipy_rotate",
            "scipy_shift",
            "simard",
            "salt_and_pepper",
            "bright_bytes",
            "OwnGenerator",
            "centred",
            "deskewed",
            "normalised",
        )
    ),
    {"target": "random_crop", "like": "crop", "args": {}, "declares": {"shift": "2"}},
    {"target": "noise", "like": "noise", "args": {}, "declares": {}},
    {"target": "cutout", "like": "cutout", "args": {}, "declares": {}},
    {"target": "blank_in_place", "args": {}, "declares": {"inplace": "yes"}},
    {"target": "centred", "args": {}, "declares": {"random": "no"}},
    {
        "target": "scipy_rotate",
        "like": "rotate",
        "args": {},
        "declares": {"degrees": "15", "layout": "single"},
    },
    {"target": "own", "args": {"shift": 2}, "declares": {"shift": "2"}, "like": "crop"},
    {"target": "own", "args": {"rotate": 15}, "declares": {"degrees": "15"}, "like": "rotate"},
    {"target": "own", "args": {"scale": [0.85, 1.15]}, "declares": {"scale": "0.15"}},
    {"target": "own", "args": {"elastic": [8.0, 3.0], "shear": 8}, "declares": {}, "like": "elastic"},
    {
        "target": "own",
        "args": {"erase": [0.02, 0.2], "erase_probability": 0.7},
        "declares": {},
        "like": "erase",
    },
    {"target": "own", "args": {"flip": True}, "declares": {"flip": "yes"}, "like": "flip"},
    _vision("RandomRotation", {"degrees": 10}, like="rotate"),
    _vision("RandomRotation", {"degrees": 20}, declares={"layout": "single", "degrees": "20"}),
    _vision("RandomAffine", {"degrees": 10, "translate": [0.1, 0.1], "scale": [0.9, 1.1], "shear": 5}),
    _vision("RandomAffine", {"degrees": 0, "translate": [0.1, 0.1]}, declares={"layout": "single"}),
    _vision("RandomCrop", {"size": 28, "padding": 2}, like="crop"),
    _vision("RandomErasing", {"p": 0.5}, declares={"layout": "single"}),
    _vision("RandomErasing", {"p": 1.0, "value": 0}, like="erase"),
    _vision("RandomHorizontalFlip", {}, like="flip"),
    _vision("RandomHorizontalFlip", {}, declares={"flip": "yes", "layout": "single"}),
    _vision("GaussianBlur", {"kernel_size": 3}),
    _vision("ElasticTransform", {"alpha": 30.0, "sigma": 4.0}),
    _vision("RandomPerspective", {"distortion_scale": 0.3}),
    _vision("ColorJitter", {"brightness": 0.3, "contrast": 0.3}),
    _vision("RandomResizedCrop", {"size": 28, "scale": [0.8, 1.0], "antialias": True}),
    _vision("RandomAdjustSharpness", {"sharpness_factor": 2}),
    _vision("RandomAutocontrast", {}),
    _vision("RandomSolarize", {"threshold": 0.5, "p": 0.2}, declares={"range": "unit"}),
    _vision("RandomPosterize", {"bits": 3}, declares={"range": "bytes"}),
    _vision("GaussianNoise", {"sigma": 0.1}, declares={"noise": "0.1"}),
)
