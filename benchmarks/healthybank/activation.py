"""Right activations of public libraries: torch, timm, and jax and optax by small wrappers."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

__all__ = ["ENTRIES"]


def __getattr__(name):
    """Import an activation of timm when it is asked for: ``timm_GELU``, ``timm_me_SwishMe``."""
    if not name.startswith("timm_"):
        raise AttributeError(name)
    from benchmarks._torchvision import import_torchvision

    import_torchvision()
    from timm.layers import activations, activations_me

    inner = name.removeprefix("timm_")
    return getattr(activations_me, inner[3:]) if inner.startswith("me_") else getattr(activations, inner)


def _jax(name, **options):
    def activation(x):
        import jax

        return getattr(jax.nn, name)(x, **options)

    activation.__name__ = name
    return activation


jax_relu = _jax("relu")
jax_relu6 = _jax("relu6")
jax_leaky_relu = _jax("leaky_relu", negative_slope=0.01)
jax_elu = _jax("elu")
jax_selu = _jax("selu")
jax_celu = _jax("celu")
jax_gelu = _jax("gelu", approximate=False)
jax_gelu_tanh = _jax("gelu", approximate=True)
jax_silu = _jax("silu")
jax_mish = _jax("mish")
jax_softplus = _jax("softplus")
jax_soft_sign = _jax("soft_sign")
jax_sigmoid = _jax("sigmoid")
jax_log_sigmoid = _jax("log_sigmoid")
jax_hard_tanh = _jax("hard_tanh")
jax_hard_sigmoid = _jax("hard_sigmoid")
jax_hard_swish = _jax("hard_swish")
jax_softmax = _jax("softmax")
jax_log_softmax = _jax("log_softmax")
jax_squareplus = _jax("squareplus")
jax_sparse_plus = _jax("sparse_plus")


def prelu(x, weight=0.25):
    return functional.prelu(x, torch.full((1,), float(weight), dtype=x.dtype))


class Snake(nn.Module):
    """x + sin(a x)^2 / a: an activation of which there is no reference."""

    def __init__(self, a: float = 1.0) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.tensor(a))

    def forward(self, x):
        return x + torch.sin(self.a * x) ** 2 / self.a


def _entry(target, like=None, args=None, declares=None):
    return {"target": target, "like": like, "args": args or {}, "declares": declares or {}}


MODULES = (
    ("ReLU", "relu", {}),
    ("ReLU", "relu", {"inplace": True}),
    ("LeakyReLU", "leaky-relu", {}),
    ("LeakyReLU", "leaky-relu", {"negative_slope": 0.2}),
    ("PReLU", "prelu", {}),
    ("PReLU", "prelu", {"init": 0.1}),
    ("PReLU", "prelu", {"num_parameters": 4}),
    ("ELU", "elu", {}),
    ("ELU", "elu", {"alpha": 0.5}),
    ("ELU", "elu", {"inplace": True}),
    ("SELU", "selu", {}),
    ("CELU", "celu", {}),
    ("CELU", "celu", {"alpha": 2.0}),
    ("GELU", "gelu", {}),
    ("GELU", "gelu-tanh", {"approximate": "tanh"}),
    ("GELU", "gelu", {"approximate": "tanh"}),
    ("SiLU", "swish", {}),
    ("SiLU", "silu", {"inplace": True}),
    ("Mish", "mish", {}),
    ("Softplus", "softplus", {}),
    ("Softplus", "softplus", {"beta": 2.0}),
    ("Softsign", "softsign", {}),
    ("Tanh", "tanh", {}),
    ("Sigmoid", "sigmoid", {}),
    ("Hardswish", "hardswish", {}),
    ("Hardsigmoid", "hardsigmoid", {}),
    ("ReLU6", "relu6", {}),
    ("LogSigmoid", "log-sigmoid", {}),
    ("Hardtanh", "hardtanh", {}),
    ("Hardtanh", "hardtanh", {"min_val": -2.0, "max_val": 0.5}),
    ("Softshrink", "softshrink", {}),
    ("Hardshrink", "hardshrink", {}),
    ("Tanhshrink", "tanhshrink", {}),
    ("Softmax", "softmax", {"dim": -1}),
    ("Softmax", "softmax", {"dim": 0}),
    ("LogSoftmax", "log-softmax", {"dim": 1}),
)
UNNAMED = ("ReLU", "GELU", "ELU", "Mish", "RReLU", "Tanhshrink", "Softmin", "Hardswish", "SiLU", "Identity")
FUNCTIONS = (
    ("torch:relu", "relu"),
    ("torch:sigmoid", "sigmoid"),
    ("torch:tanh", "tanh"),
    ("torch.nn.functional:relu6", "relu6"),
    ("torch.nn.functional:leaky_relu", "leaky-relu"),
    ("torch.nn.functional:elu", "elu"),
    ("torch.nn.functional:gelu", "gelu"),
    ("torch.nn.functional:silu", "swish"),
    ("torch.nn.functional:mish", "mish"),
    ("torch.nn.functional:softplus", "softplus"),
    ("torch.nn.functional:softsign", "softsign"),
    ("torch.nn.functional:logsigmoid", "log-sigmoid"),
    ("torch.nn.functional:hardswish", "hardswish"),
    ("torch.nn.functional:selu", None),
    ("torch.nn.functional:rrelu", None),
    ("torch.special:expit", "sigmoid"),
    ("scipy.special:expit", "sigmoid"),
    ("scipy.special:softmax", None),
    ("numpy:tanh", "tanh"),
)
TIMM = (
    ("GELU", "gelu"),
    ("GELUTanh", "gelu-tanh"),
    ("QuickGELU", "quick-gelu"),
    ("HardSigmoid", "hardsigmoid"),
    ("HardSwish", "hardswish"),
    ("HardMish", None),
    ("Mish", "mish"),
    ("PReLU", "prelu"),
    ("Sigmoid", "sigmoid"),
    ("Swish", "swish"),
    ("Tanh", "tanh"),
    ("gelu", "gelu"),
    ("hard_mish", None),
    ("hard_sigmoid", "hardsigmoid"),
    ("hard_swish", "hardswish"),
    ("mish", "mish"),
    ("quick_gelu", "quick-gelu"),
    ("swish", "swish"),
)
TIMM_ME = ("SwishMe", "MishMe", "HardSigmoidMe", "HardSwishMe", "HardMishMe")
ENTRIES = (
    *(_entry(f"torch.nn:{name}", like, args) for name, like, args in MODULES),
    *(_entry(f"torch.nn:{name}") for name in UNNAMED),
    *(_entry(target, like) for target, like in FUNCTIONS),
    _entry("torch.nn.functional:leaky_relu", "leaky-relu", {"negative_slope": 0.3}),
    _entry("torch.nn.functional:gelu", "gelu-tanh", {"approximate": "tanh"}),
    _entry("torch:softmax", "softmax", {"dim": 1}),
    _entry("torch:log_softmax", "log-softmax", {"dim": -1}),
    _entry("prelu", "prelu"),
    _entry("prelu", "prelu", {"weight": 0.1}),
    _entry("Snake"),
    *(_entry(f"timm_{name}", like) for name, like in TIMM),
    *(_entry(f"timm_me_{name}") for name in TIMM_ME),
    *(
        _entry(name, like)
        for name, like in (
            ("jax_relu", "relu"),
            ("jax_relu6", "relu6"),
            ("jax_leaky_relu", "leaky-relu"),
            ("jax_elu", "elu"),
            ("jax_selu", "selu"),
            ("jax_celu", "celu"),
            ("jax_gelu", "gelu"),
            ("jax_gelu_tanh", "gelu-tanh"),
            ("jax_silu", "silu"),
            ("jax_mish", "mish"),
            ("jax_softplus", "softplus"),
            ("jax_soft_sign", "softsign"),
            ("jax_sigmoid", "sigmoid"),
            ("jax_log_sigmoid", "log-sigmoid"),
            ("jax_hard_tanh", "hardtanh"),
            ("jax_hard_sigmoid", "hardsigmoid"),
            ("jax_hard_swish", "hardswish"),
            ("jax_softmax", "softmax"),
            ("jax_log_softmax", "log-softmax"),
            ("jax_squareplus", None),
            ("jax_sparse_plus", None),
        )
    ),
)
