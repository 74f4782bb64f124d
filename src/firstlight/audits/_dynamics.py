"""Training dynamics at no cost: by how much a network preferred the given label when it met an image.

After the area under the margin of Pleiss et al. 2020 (arXiv 2001.10528): the logit of the given label minus
the largest other one, as training goes on. Departures: the mean is over the networks of the audit, each of
which meets most images once, instead of over many epochs of one network; and it is taken from the step that
learns from the image, just before it does, so that no further pass is needed.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from jaxtyping import Float32, Int64
from torch import Tensor, nn

from firstlight.loader._order import epoch_order

__all__ = ["SeenMargins", "margins"]

LEARNT_SHARE = 0.3  # of the steps: margins of a network that knows nothing yet say nothing


def margins(logits: Float32[Tensor, "n k"], labels: Int64[Tensor, " n"]) -> Float32[Tensor, " n"]:
    """Return the value of each given label minus the largest other one.

    Examples
    --------
    >>> margins(torch.tensor([[3.0, 1.0], [0.0, 2.0]]), torch.tensor([0, 0])).tolist()
    [2.0, -2.0]
    """
    given = logits.gather(1, labels[:, None])[:, 0]
    others = logits.scatter(1, labels[:, None], -torch.inf).amax(dim=1)
    return given - others


class SeenMargins:
    """Sums of the margins that images had when networks learnt from them.

    Parameters
    ----------
    images
        How many there are.
    """

    def __init__(self, images: int) -> None:
        self._sum, self._count = torch.zeros(images), torch.zeros(images)

    @property
    def mean(self) -> Float32[Tensor, " n"]:
        """Mean margin of each image; NaN where no network met it late enough."""
        return self._sum / torch.where(self._count > 0, self._count, torch.nan)

    @contextlib.contextmanager
    def recording(
        self, model: nn.Module, places: Int64[Tensor, " m"], labels: Int64[Tensor, " m"], *, seed: int
    ) -> Iterator[None]:
        """Note what a model says of each training batch for the time of a ``with`` block.

        Parameters
        ----------
        model
            That is trained by `firstlight.training.fit`.
        places
            Where its training images lie in the pool.
        labels
            Their given labels.
        seed
            Of the training, which decides the order.
        """
        said: list[Float32[Tensor, "b k"]] = []

        def note(module: nn.Module, _: object, output: Tensor) -> None:
            if module.training:
                said.append(output.detach().float().cpu())

        hook = model.register_forward_hook(note)
        try:
            yield
        finally:
            hook.remove()
        if said:
            self._take(torch.cat(said), places, labels, seed)

    def _take(
        self,
        logits: Float32[Tensor, "t k"],
        places: Int64[Tensor, " m"],
        labels: Int64[Tensor, " m"],
        seed: int,
    ) -> None:
        epochs = -(-len(logits) // len(places))
        order = torch.cat(
            [torch.from_numpy(epoch_order(len(places), seed=seed, epoch=epoch)) for epoch in range(epochs)]
        )[: len(logits)]
        late = int(LEARNT_SHARE * len(logits))
        logits, order = logits[late:], order[late:]
        scaled = margins(logits, labels[order]) / logits.std()
        self._sum.index_add_(0, places[order], scaled)
        self._count.index_add_(0, places[order], torch.ones(len(order)))
