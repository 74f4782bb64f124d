"""The order of an epoch, from the seed and the epoch's number alone."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int64

from firstlight._seeds import derived_seed

__all__ = ["epoch_order"]


def epoch_order(count: int, *, seed: int, epoch: int) -> Int64[np.ndarray, " count"]:
    """Return a permutation of ``range(count)`` that depends on nothing but the three arguments.

    It is the same on every machine, device and version of torch and numpy. It is no secret: whoever knows the
    seed knows the order.

    Parameters
    ----------
    count
        How many images there are, at least 0.
    seed
        In [0, 2**63).
    epoch
        At least 0; every epoch has an order of its own.

    Returns
    -------
    numpy.ndarray
        int64, shape (count,).

    Examples
    --------
    >>> sorted(epoch_order(5, seed=0, epoch=0).tolist())
    [0, 1, 2, 3, 4]
    """
    # numpy promises the stream of PCG64 and freezes RandomState's methods; it promises neither of the newer
    # Generator's methods nor does torch promise anything of randperm.
    bits = np.random.PCG64(derived_seed(seed, "order", epoch))
    return np.random.RandomState(bits).permutation(count).astype(np.int64, copy=False)
