"""Pictures found by likeness: first how they were brought to their size, then which image each is."""

from __future__ import annotations

from dataclasses import replace

import torch
from jaxtyping import Float, Int64, Shaped
from torch import Tensor

from firstlight.checks.identity._atlas import Atlas
from firstlight.checks.identity._nearest import best_of, nearest
from firstlight.checks.identity._prepared import Preparation, likened, plan_of, preparations, prepared
from firstlight.checks.identity._recognised import Recognised, spread, unknown
from firstlight.checks.identity._turns import TURNS

__all__ = ["by_likeness"]

SAMPLE = 64
LEAST_LIKENESS = 0.7
CLEARLY_MORE = 0.03  # by which a turn has to fit better than upright


def by_likeness(
    images: Shaped[Tensor, "n c h w"], labels: Int64[Tensor, " n"], atlas: Atlas
) -> Recognised | None:
    """Return the most similar image of each picture; ``None`` where they are like none."""
    some = images[spread(len(images), SAMPLE)]
    votes, nearest_ones, preparation = _votes(some, atlas)
    middle = votes.median(0).values
    turn = int(middle.argmax())
    turn = turn if float(middle[turn] - middle[0]) > CLEARLY_MORE else 0
    if float(middle[turn]) < LEAST_LIKENESS:
        return None
    preparation = _best_preparation(TURNS[turn].undo(some), nearest_ones[:, turn], atlas, preparation)
    plan = plan_of(atlas, preparation)
    seen = torch.cat(
        [prepared(TURNS[turn].undo(part), atlas, preparation) for part in torch.split(images, 4_096)]
    )
    found = nearest(seen, labels, atlas, plan)
    is_known = (found.index >= 0) & (found.likeness >= LEAST_LIKENESS)
    return replace(
        unknown(len(images)),
        index=torch.where(is_known, atlas.first_alike[found.index.clamp(min=0)], -1),
        turn=torch.full_like(found.index, turn),
        likeness=found.likeness,
        own_likeness=found.own_likeness,
        margin=found.margin,
        is_doubtful=found.is_doubtful,
        is_wide=found.is_wide,
        votes=votes,
        rule="likeness",
        sizing=preparation.sizing,
    )


def _votes(
    some: Shaped[Tensor, "k c h w"], atlas: Atlas
) -> tuple[Float[Tensor, "k turns"], Int64[Tensor, "k turns"], Preparation]:
    """Return likeness to the most similar image and which one it is, with each turn undone."""
    canvas = (int(some.shape[2]), int(some.shape[3]))
    candidates = preparations(atlas, canvas)
    first = [
        one
        for one in candidates
        if one.sizing in ("none", "bilinear", "cut") and one.is_centred == atlas.is_grey
    ]
    best: tuple[float, Float[Tensor, "k turns"], Int64[Tensor, "k turns"], Preparation] | None = None
    everything = torch.arange(len(atlas.images))
    for preparation in first:
        plan = plan_of(atlas, preparation)
        like, which = [], []
        for turn in TURNS:
            seen = prepared(turn.undo(some), atlas, preparation)
            index, likeness, _ = best_of(seen, seen @ plan.directions, everything, plan)
            like.append(likeness)
            which.append(index)
        votes = torch.stack(like, dim=1)
        score = float(votes.median(0).values.max())
        if best is None or score > best[0]:
            best = (score, votes, torch.stack(which, dim=1), preparation)
    assert best is not None, "there is always a preparation to begin with"
    return best[1:]


def _best_preparation(
    some: Shaped[Tensor, "k c h w"], index: Int64[Tensor, " k"], atlas: Atlas, begun: Preparation
) -> Preparation:
    """Return the preparation under which pictures are most like the images that they seem to be."""
    images = atlas.images[index]
    scores = {}
    for preparation in preparations(atlas, begun.canvas):
        both = prepared(some, atlas, preparation) * likened(images, atlas, preparation)
        scores[preparation] = float(both.sum(1).quantile(0.75))
    best = max(scores, key=lambda one: scores[one])
    return best if scores[best] > scores[begun] + 1e-3 else begun
