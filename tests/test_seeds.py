"""Invariance: a stream depends on its seed and purpose, and on nothing else."""

from __future__ import annotations

import pytest
import torch

from firstlight._errors import UsageError
from firstlight._seeds import check_seed, derived_seed, generator


def test_derived_seeds_are_fixed_forever() -> None:
    assert derived_seed(0, "order", 0) == 3955691223199900983
    assert derived_seed(7) == 4359823973405836615


def test_seed_and_purpose_do_not_add_up() -> None:
    grid = {derived_seed(seed, "order", epoch) for seed in range(50) for epoch in range(50)}
    assert len(grid) == 2500


def test_generator_leaves_torchs_global_state_alone() -> None:
    before = torch.random.get_rng_state()
    first, again = (torch.rand(3, generator=generator(1, "x")) for _ in range(2))
    assert torch.equal(first, again)
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, "3", True, None])
def test_a_bad_seed_is_refused(seed: object) -> None:
    with pytest.raises(UsageError, match=r"A seed is an integer from 0 to 2\*\*63 - 1; got"):
        check_seed(seed)  # type: ignore[arg-type]
