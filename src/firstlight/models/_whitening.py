"""First filters that are computed, not learnt: they make the pixels of a patch uncorrelated."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["Whitening", "whitening_filters"]


class Whitening(nn.Conv2d):
    """A convolution whose frozen filters whiten patches of the image: Page 2019; Jordan 2024, section 3.2.

    The filters are the eigenvectors of the patches' second moments, each divided by the root of its
    eigenvalue, and then the same with a minus sign, so that a nonlinearity loses nothing (arXiv 2404.00498).
    The bias is learnt for the first epochs and then stays: from then on no gradient is needed for anything
    before the first learnt filters, which saves time.

    Until `prepare` sees images, patches pass as they are, with both signs.

    Parameters
    ----------
    channels
        Of the images.
    kernel
        Side of the square patches; 2 * channels * kernel ** 2 channels come out, without padding.
    eps
        Added to each eigenvalue, so that directions in which images hardly differ are not blown up.
    bias_epochs
        Epochs in which the bias is learnt.

    Examples
    --------
    >>> random = torch.Generator().manual_seed(0)
    >>> layer = Whitening(3, kernel=2)
    >>> layer.prepare(torch.randn(10, 3, 32, 32, generator=random))
    >>> layer(torch.zeros(5, 3, 32, 32)).shape
    torch.Size([5, 24, 31, 31])
    """

    def __init__(self, channels: int, *, kernel: int = 2, eps: float = 5e-4, bias_epochs: int = 3) -> None:
        size = channels * kernel**2
        # On the meta device nothing is drawn from torch's global generator.
        super().__init__(channels, 2 * size, kernel, device="meta")
        self.weight = nn.Parameter(_both_signs(torch.eye(size), self.weight.shape), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(2 * size))
        self.eps = eps
        self.bias_epochs = bias_epochs

    @torch.no_grad()
    def prepare(self, images: Float[Tensor, "n c h w"]) -> None:
        """Compute the filters from normalised training images."""
        filters = whitening_filters(images, self.kernel_size[0], eps=self.eps)
        self.weight.copy_(_both_signs(filters, self.weight.shape))

    def epoch_started(self, epoch: int) -> None:
        """Learn the bias in the first epochs only."""
        self.bias.requires_grad_(epoch < self.bias_epochs)  # type: ignore[union-attr]


def whitening_filters(
    images: Float[Tensor, "n c h w"], kernel: int, *, eps: float
) -> Float[Tensor, "filters pixels"]:
    """Return one filter a row, for flat patches: eigenvectors over the roots of their eigenvalues.

    The first belongs to the direction in which patches differ most. Second moments are about zero, not about
    the mean: normalised images have a mean near zero anyway.
    """
    size = images.shape[1] * kernel**2
    moments = images.new_zeros(size, size)
    count = 0
    for part in torch.split(images.float(), 500):  # few at a time: a patch a pixel takes much memory
        patches = nn.functional.unfold(part, kernel).transpose(0, 1).reshape(size, -1)
        moments += patches @ patches.T
        count += patches.shape[1]
    # On the CPU even if the images are not: for a matrix this small a GPU takes longer to get ready.
    values, vectors = torch.linalg.eigh(moments.cpu().double() / count)
    scaled: Tensor = vectors / (values.clamp_min(0) + eps).sqrt()
    return scaled.T.flip(0).to(images)


def _both_signs(filters: Float[Tensor, "filters pixels"], shape: torch.Size) -> Tensor:
    return torch.cat([filters, -filters]).view(shape)
