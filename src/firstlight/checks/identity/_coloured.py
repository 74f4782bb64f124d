"""Coloured pictures, found by value: as they are, inverted, turned, or with channels in another order."""

from __future__ import annotations

from dataclasses import replace

import torch
from jaxtyping import Shaped
from torch import Tensor

from firstlight.checks.identity._atlas import Atlas
from firstlight.checks.identity._marks import marks
from firstlight.checks.identity._reading import codes, step_of
from firstlight.checks.identity._recognised import Recognised, spread, unknown
from firstlight.checks.identity._turns import TURNS

__all__ = ["coloured"]

ALL_TURNS = tuple(range(len(TURNS)))
SAMPLE = 64
ENOUGH = 0.3


def coloured(images: Shaped[Tensor, "n c h w"], atlas: Atlas) -> Recognised:
    """Look pictures up by value. Sees no picture that was moved, cropped or whose contrast was changed."""
    nothing = unknown(len(images))
    if images.shape[1:] != atlas.images.shape[1:] or not len(images):
        return nothing
    steps = [
        step for channel in range(images.shape[1]) if (step := step_of(images[:, [channel]])) is not None
    ]
    if len(steps) < images.shape[1]:
        return nothing
    values = torch.cat([codes(images[:, [channel]], *step) for channel, step in enumerate(steps)], dim=1)
    rows = spread(len(images), SAMPLE)
    straight = tuple(range(images.shape[1]))
    best: tuple[int, bool, tuple[int, ...]] = (0, False, straight)
    for is_inverted in (False, True):
        some = 255 - values[rows] if is_inverted else values[rows]
        for order in (straight, straight[::-1]):
            hits = atlas.pixels.find(marks(some, ALL_TURNS, is_anchored=True, channels=order).numbers)
            best = max(best, (int((hits >= 0).any(1).sum()), is_inverted, order), key=lambda one: one[0])
    count, is_inverted, order = best
    if count < ENOUGH * len(rows):
        return nothing
    values = 255 - values if is_inverted else values
    hits = atlas.pixels.find(marks(values, ALL_TURNS, is_anchored=True, channels=order).numbers)
    turn = (hits >= 0).to(torch.uint8).argmax(1)
    index = hits.gather(1, turn[:, None])[:, 0]
    known = index >= 0
    return replace(
        nothing,
        index=torch.where(known, atlas.first_alike[index.clamp(min=0)], -1),
        turn=torch.where(known, turn, 0),
        likeness=known.float(),
        own_likeness=known.float(),
        margin=known.float(),
        is_exact=known,
        rule="values",
        channels=order,
    )
