"""Grey pictures on a background, found by the shape of their content, wherever it lies and however turned."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import torch
from jaxtyping import Bool, Int64, Shaped
from torch import Tensor

from firstlight.checks.identity._atlas import Atlas, Table
from firstlight.checks.identity._marks import corners, marks
from firstlight.checks.identity._reading import READINGS, Rule, content
from firstlight.checks.identity._recognised import Recognised, spread, unknown, unrolled
from firstlight.checks.identity._turns import TURNS

__all__ = ["grey"]

ALL_TURNS = tuple(range(len(TURNS)))
SAMPLE = 256
ENOUGH = 0.3  # share of a sample that has to be found for a way of reading to be taken
PLENTY = 0.8  # share that ends the search for a better one
CHUNK = 8_192
NO_ROLL = (0, 0)


def grey(images: Shaped[Tensor, "n c h w"], atlas: Atlas) -> Recognised:
    """Look pictures up by shape. Sees no picture whose values lie between those of pixels."""
    if not len(images) or images.shape[1] != 1:
        return unknown(len(images))
    rows = spread(len(images), SAMPLE)
    hits, rule, roll = _reading(images, rows, atlas)
    if not hits or hits < ENOUGH * len(rows):
        return unknown(len(images))
    mask = unrolled(content(images[rows], rule, images), roll)
    found = _table(rule, atlas).find(marks(mask, ALL_TURNS).numbers)
    turns = Counter({turn: int((found[:, turn] >= 0).sum()) for turn in ALL_TURNS})
    usual = max(ALL_TURNS, key=lambda turn: (turns[turn], -turn))
    result = _with_usual_offsets(_looked_up(images, rule, roll, usual, atlas), atlas)
    return _rest_by_place(images, result, usual, atlas)


def _reading(
    images: Shaped[Tensor, "n 1 h w"], rows: Int64[Tensor, " k"], atlas: Atlas
) -> tuple[int, Rule, tuple[int, ...]]:
    """Return the rule of reading, and the roll, by which most of a sample is found, and how many that are."""
    best: tuple[int, Rule, tuple[int, ...]] = (0, "commonest", NO_ROLL)
    for rule in READINGS:
        count = _hits(content(images[rows], rule, images), rule, atlas)
        best = (count, rule, NO_ROLL) if count > best[0] else best
        if count >= PLENTY * len(rows):
            return best
    for roll in _rolls_of(images, atlas):
        mask = unrolled(content(images[rows], "commonest", images), roll)
        count = _hits(mask, "commonest", atlas)
        best = (count, "commonest", roll) if count > best[0] else best
    return best


def _table(rule: Rule, atlas: Atlas) -> Table:
    return atlas.halves if rule.startswith("half") else atlas.shapes


def _hits(mask: Bool[Tensor, "k 1 h w"], rule: Rule, atlas: Atlas) -> int:
    """Count the pictures of a sample that are found with any turn."""
    found = _table(rule, atlas).find(marks(mask, ALL_TURNS).numbers)
    return int(((found >= 0).any(1) & mask.any(3).any(2).any(1)).sum())


def _looked_up(
    images: Shaped[Tensor, "n 1 h w"], rule: Rule, roll: tuple[int, ...], usual: int, atlas: Atlas
) -> Recognised:
    """Look all pictures up, with the usual turn first; the place of their content comes with it."""
    table = _table(rule, atlas)
    order = (usual, *(turn for turn in ALL_TURNS if turn != usual))
    result = unknown(len(images))
    for start in range(0, len(images), CHUNK):
        part = images[start : start + CHUNK]
        mask = unrolled(content(part, rule, images), roll)
        is_ink = mask.any(3).any(2).any(1)
        first = marks(mask, (usual,))
        index, turn, corner = (
            table.find(first.numbers[:, 0]),
            torch.full((len(part),), usual),
            first.corner[:, 0],
        )
        rest = ((index < 0) & is_ink).nonzero()[:, 0]
        if len(rest):
            others = marks(mask[rest], order)
            hits = table.find(others.numbers)
            chosen = (hits >= 0).to(torch.uint8).argmax(1)
            index[rest] = hits.gather(1, chosen[:, None])[:, 0]
            turn[rest] = torch.tensor(order)[chosen]
            corner[rest] = others.corner[torch.arange(len(rest)), chosen]
        known = is_ink & (index >= 0)
        if rule.startswith("half"):  # pictures of two values may be those of several images: say none
            known &= ~atlas.is_shared_half[index.clamp(min=0)]
        rows = slice(start, start + len(part))
        result.offset[rows][known] = corner[known] - _home_corners(index[known], rule, atlas)
        result.index[rows] = torch.where(known, atlas.first_alike[index.clamp(min=0)], -1)
        result.turn[rows] = torch.where(known, turn, 0)
    return _exactly(result, rule, roll)


def _with_usual_offsets(result: Recognised, atlas: Atlas) -> Recognised:
    """Give images that look like others the commonest offset: against whose place to hold it is open."""
    is_lone = atlas.is_lone[result.index.clamp(min=0)]
    open_ones = (result.index >= 0) & ~is_lone
    lone = (result.index >= 0) & is_lone
    if open_ones.any() and lone.any():
        offsets, counts = torch.unique(result.offset[lone], dim=0, return_counts=True)
        result.offset[open_ones] = offsets[counts.argmax()]
    return result


def _exactly(result: Recognised, rule: str, roll: tuple[int, ...]) -> Recognised:
    known = result.index >= 0
    return replace(
        result,
        likeness=known.float(),
        own_likeness=known.float(),
        margin=known.float(),
        is_exact=known,
        rule=rule,
        roll=roll,
        channels=(0,),
    )


def _rest_by_place(
    images: Shaped[Tensor, "n 1 h w"], result: Recognised, usual: int, atlas: Atlas
) -> Recognised:
    """Find pictures that lost something at the edge, where all lie in the same place: cut all images so."""
    rest = (result.index < 0).nonzero()[:, 0]
    known = result.index >= 0
    if not len(rest) or result.roll != NO_ROLL or result.rule.startswith("half"):
        return result
    offsets, counts = torch.unique(result.offset[known], dim=0, return_counts=True)
    if int(counts.max()) < 0.95 * int(known.sum()) or (result.turn[known] != usual).float().mean() > 0.02:
        return result
    down, across = (int(number) for number in offsets[counts.argmax()])
    canvas = TURNS[usual].undo(images[:1]).shape[2:]
    for is_rolled in (False, True):
        mine = content(images[rest], _as_rule(result.rule), images)
        mine = TURNS[usual].undo(mine)
        table = Table.of(_placed_numbers(atlas, down, across, (int(canvas[0]), int(canvas[1])), is_rolled))
        index = table.find(marks(mine, is_anchored=True).numbers[:, 0])
        index[~mine.any(3).any(2).any(1)] = -1
        found = index >= 0
        if found.any():
            places = rest[found]
            result.index[places] = atlas.first_alike[index[found]]
            result.turn[places] = usual
            result.offset[places] = torch.tensor([down, across])
            rest = (result.index < 0).nonzero()[:, 0]
        if not len(rest):
            break
    return _exactly(result, result.rule, result.roll)


def _as_rule(name: str) -> Rule:
    return next(rule for rule in READINGS if rule == name)


def _placed_numbers(
    atlas: Atlas, down: int, across: int, canvas: tuple[int, int], is_rolled: bool
) -> Int64[Tensor, " n"]:
    """Return the numbers of all images with their content moved on a canvas, and cut or rolled there."""
    height, width = atlas.images.shape[2:]
    numbers = []
    for part in torch.split(atlas.images, CHUNK):
        mask = part > 0
        if is_rolled and canvas == (height, width):
            placed = mask.roll((down, across), (2, 3))
        else:
            placed = torch.zeros(len(part), 1, *canvas, dtype=torch.bool)
            top, left = max(0, down), max(0, across)
            bottom, right = min(canvas[0], height + down), min(canvas[1], width + across)
            placed[:, :, top:bottom, left:right] = mask[
                :, :, top - down : bottom - down, left - across : right - across
            ]
        numbers.append(marks(placed, is_anchored=True).numbers[:, 0])
    return torch.cat(numbers)


def _home_corners(index: Int64[Tensor, " k"], rule: Rule, atlas: Atlas) -> Int64[Tensor, "k 2"]:
    """Return where the content of images begins."""
    level = 127 if rule.startswith("half") else 0
    parts = [corners(atlas.images[some] > level, (0,))[:, 0] for some in torch.split(index, CHUNK)]
    return torch.cat(parts) if parts else torch.zeros(0, 2, dtype=torch.int64)


def _rolls_of(images: Shaped[Tensor, "n 1 h w"], atlas: Atlas) -> tuple[tuple[int, ...], ...]:
    """Return by how much all pictures may be rolled, if they are upright: where the mean image fits best.

    Rows and columns; or pixels, where pictures are rolled as lines of pixels.
    """
    height, width = atlas.images.shape[2:]
    if images.shape[2:] != (height, width):
        return ()
    mask = content(images[spread(len(images), 4_096)], "commonest", images)
    seen, wanted = mask.float().mean(0)[0], (atlas.images[: atlas.train_count : 15] > 0).float().mean(0)[0]
    square = torch.fft.ifft2(torch.fft.fft2(seen) * torch.fft.fft2(wanted).conj()).real
    line = torch.fft.ifft(torch.fft.fft(seen.reshape(-1)) * torch.fft.fft(wanted.reshape(-1)).conj()).real
    place = int(square.argmax())
    return tuple(roll for roll in ((place // width, place % width), (int(line.argmax()),)) if any(roll))
