"""Settings of the optimisers that recipes choose from. Pure settings: `training` holds the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from firstlight._errors import UsageError
from firstlight.recipes._numbers import check_count, check_number

__all__ = ["AdamWSettings", "MuonSettings", "OptimizerSettings", "SGDSettings"]


@dataclass(frozen=True)
class AdamWSettings:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2).

    Attributes
    ----------
    learning_rate
        The highest rate of the schedule.
    betas
        Decay of the running mean of the gradient and of its square, each in [0, 1).
    eps
        Added to the root of the second moment.
    weight_decay
        Each step shrinks the weights by the rate times this.
    """

    learning_rate: float
    betas: tuple[float, float] = (0.9, 0.99)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        check_number("learning_rate", self.learning_rate, above=0.0)
        check_number("weight_decay", self.weight_decay, at_least=0.0)
        check_number("eps", self.eps, above=0.0)
        for beta in self.betas:
            check_number("each of betas", beta, at_least=0.0, below=1.0)


@dataclass(frozen=True)
class SGDSettings:
    """Stochastic gradient descent with momentum, plain or Nesterov's (Sutskever et al. 2013, section 2).

    Attributes
    ----------
    learning_rate
        The highest rate of the schedule.
    momentum
        Share of the last move that is kept, in [0, 1).
    nesterov
        Look ahead along the move before the gradient counts; torch's form of it.
    weight_decay
        Added to the gradient, times the weights, as in torch (so it is coupled to the rate).
    norm_bias_rate
        The biases of normalisation layers learn this many times faster (the airbench recipes use 64).
    """

    learning_rate: float
    momentum: float = 0.9
    nesterov: bool = True
    weight_decay: float = 0.0
    norm_bias_rate: float = 1.0

    def __post_init__(self) -> None:
        check_number("learning_rate", self.learning_rate, above=0.0)
        check_number("momentum", self.momentum, at_least=0.0, below=1.0)
        check_number("weight_decay", self.weight_decay, at_least=0.0)
        check_number("norm_bias_rate", self.norm_bias_rate, above=0.0)
        if self.nesterov and not self.momentum:
            raise UsageError("Nesterov's step needs a momentum above 0; got momentum=0 with nesterov=True.")


@dataclass(frozen=True)
class MuonSettings:
    """Momentum whose step is made orthogonal (Jordan et al. 2024), for hidden matrices and filters.

    Attributes
    ----------
    learning_rate
        The highest rate of the schedule, for those.
    momentum, nesterov
        As in `SGDSettings`.
    newton_schulz_steps
        Rounds of the iteration that makes the step orthogonal, at least 1.
    weight_decay
        Each step shrinks the orthogonalised weights by the rate times this.
    unit_filters
        Before each step bring the orthogonalised weights to a fixed norm, as airbench94_muon does; for
        networks that normalise after every hidden layer.
    others
        How everything else is trained: biases, normalisation, the first filters and the last layer. The
        schedule scales its rate alike.
    """

    learning_rate: float
    others: SGDSettings | AdamWSettings
    momentum: float = 0.95
    nesterov: bool = True
    newton_schulz_steps: int = 5
    weight_decay: float = 0.0
    unit_filters: bool = False

    def __post_init__(self) -> None:
        check_number("learning_rate", self.learning_rate, above=0.0)
        check_number("momentum", self.momentum, at_least=0.0, below=1.0)
        check_number("weight_decay", self.weight_decay, at_least=0.0)
        check_count("newton_schulz_steps", self.newton_schulz_steps)
        if self.unit_filters and self.weight_decay:
            raise UsageError("Weights of a fixed norm cannot shrink; use unit_filters or weight_decay.")


OptimizerSettings = AdamWSettings | SGDSettings | MuonSettings
