"""Which of a network's parameters are of which kind, for optimisers that treat kinds differently."""

from __future__ import annotations

from torch import nn

__all__ = ["hidden_weights", "norm_biases"]

_NORMS = (nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm)
_MATRICES = (nn.Linear, nn.modules.conv._ConvNd)


def norm_biases(model: nn.Module) -> list[nn.Parameter]:
    """Return the biases of normalisation layers: batch, instance, group and layer normalisation.

    Examples
    --------
    >>> len(norm_biases(nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.GroupNorm(2, 4))))
    2
    """
    layers = (layer for layer in model.modules() if isinstance(layer, _NORMS))
    return [layer.bias for layer in layers if isinstance(layer.bias, nn.Parameter)]


def hidden_weights(model: nn.Module) -> list[nn.Parameter]:
    """Return the trainable weights that lead from hidden units to hidden units.

    Of the linear and convolutional layers, in the order in which the model holds them, these are the weights
    of all but the first, which reads pixels, and the last, which writes classes. A frozen layer is a layer
    too: behind frozen first filters, the first trained ones are hidden. Does not look at how a model
    computes: one that holds its layers in another order needs a rule of its own.

    Examples
    --------
    >>> mlp = nn.Sequential(nn.Linear(784, 256), nn.Linear(256, 128), nn.Linear(128, 10))
    >>> [tuple(weight.shape) for weight in hidden_weights(mlp)]
    [(128, 256)]
    """
    weights = [layer.weight for layer in model.modules() if isinstance(layer, _MATRICES)]
    hidden = weights[1:-1]
    return [weight for weight in hidden if isinstance(weight, nn.Parameter) and weight.requires_grad]
