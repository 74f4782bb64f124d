"""Networks that are right: of timm, of torch.nn, of firstlight, and as people write them."""

from __future__ import annotations

import contextlib
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from firstlight import models as ours

SHAPE = (1, 28, 28)


def timm_model(name: str, **options: Any) -> nn.Module:
    """Return a network of timm for one channel and ten classes."""
    with contextlib.suppress(
        RuntimeError
    ):  # a torchvision of another torch: timm needs none of its operators
        library = torch.library.Library("torchvision", "DEF")
        library.define("nms(Tensor boxes, Tensor scores, float threshold) -> Tensor")
        library.define("qnms(Tensor boxes, Tensor scores, float threshold) -> Tensor")
        LIBRARIES.append(library)
    import timm

    return timm.create_model(name, pretrained=False, in_chans=1, num_classes=10, **options)


LIBRARIES: list[Any] = []


def mlp(hidden: int = 128, depth: int = 2, activation: str = "ReLU", dropout: float = 0.0) -> nn.Module:
    """Fully connected, with any activation of torch.nn."""
    layers: list[nn.Module] = [nn.Flatten()]
    width = 784
    for _ in range(depth):
        layers += [nn.Linear(width, hidden), getattr(nn, activation)(), nn.Dropout(dropout)]
        width = hidden
    return nn.Sequential(*layers, nn.Linear(width, 10))


def normed_mlp(norm: str = "BatchNorm1d") -> nn.Module:
    """Fully connected, normalised."""
    made = {"GroupNorm": lambda: nn.GroupNorm(8, 96)}.get(norm, lambda: getattr(nn, norm)(96))
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 96),
        made(),
        nn.ReLU(),
        nn.Linear(96, 96),
        made(),
        nn.ReLU(),
        nn.Linear(96, 10),
    )


def linear() -> nn.Module:
    """Logistic regression."""
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


def lazy_cnn() -> nn.Module:
    """Layers that find out their sizes."""
    return nn.Sequential(
        nn.LazyConv2d(8, 5, stride=2),
        nn.LazyBatchNorm2d(),
        nn.ReLU(),
        nn.LazyConv2d(16, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.LazyLinear(10),
    )


def sigmoid_lenet() -> nn.Module:
    """LeNet with sigmoids and mean pooling, as in textbooks."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.Sigmoid(),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.Sigmoid(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120),
        nn.Sigmoid(),
        nn.Linear(120, 84),
        nn.Sigmoid(),
        nn.Linear(84, 10),
    )


class ExampleNet(nn.Module):
    """The network of PyTorch's MNIST example, a quarter as wide."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, 1)
        self.conv2 = nn.Conv2d(8, 16, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(2304, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return log-probabilities."""
        x = F.relu(self.conv2(F.relu(self.conv1(x))))
        x = self.dropout1(F.max_pool2d(x, 2)).flatten(1)
        return F.log_softmax(self.fc2(self.dropout2(F.relu(self.fc1(x)))), dim=1)


class RowLSTM(nn.Module):
    """Reads the rows one after the other."""

    def __init__(self, cell: str = "LSTM") -> None:
        super().__init__()
        self.rnn = getattr(nn, cell)(28, 48, batch_first=True)
        self.head = nn.Linear(48, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits of the last row's state."""
        return self.head(self.rnn(x.squeeze(1))[0][:, -1])


class RowTransformer(nn.Module):
    """torch's own encoder layers, which are copies of one."""

    def __init__(self, norm_first: bool = False) -> None:
        super().__init__()
        self.embed = nn.Linear(28, 32)
        layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True, norm_first=norm_first)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.register_buffer("position", torch.linspace(-1, 1, 28)[:, None], persistent=False)
        self.head = nn.Linear(32, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits of the mean token."""
        return self.head(self.encoder(self.embed(x[:, 0]) + self.position).mean(1))


class Recurrent(nn.Module):
    """One block applied several times on purpose."""

    def __init__(self, steps: int = 3) -> None:
        super().__init__()
        self.steps = steps
        self.first, self.block, self.last = nn.Linear(784, 64), nn.Linear(64, 64), nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits."""
        x = torch.tanh(self.first(x.flatten(1)))
        for _ in range(self.steps):
            x = x + torch.tanh(self.block(x))
        return self.last(x)


class ZeroHead(nn.Module):
    """Begins with zero logits and closed residual branches, as in Fixup and ReZero."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(784, 64)
        self.blocks = nn.ModuleList(nn.Linear(64, 64) for _ in range(2))
        self.gates = nn.ParameterList(nn.Parameter(torch.zeros(1)) for _ in range(2))
        self.head = nn.Linear(64, 10)
        nn.init.zeros_(self.head.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits."""
        x = F.relu(self.first(x.flatten(1)))
        for block, gate in zip(self.blocks, self.gates, strict=True):
            x = x + gate * F.relu(block(x))
        return self.head(x)


class Frozen(nn.Module):
    """Random features that are buffers, and a head that learns."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("features", torch.randn(784, 300) / 28)
        self.head = nn.Linear(300, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits."""
        return self.head(torch.cos(x.flatten(1) @ self.features))


class WithAux(nn.Module):
    """Returns a dict, with more than the logits in it."""

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head, self.unused = nn.Linear(784, 64), nn.Linear(64, 10), nn.Linear(64, 3)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Return logits and features."""
        features = F.gelu(self.body(x.flatten(1)))
        return {"features": features, "logits": self.head(features)}


class Parametrised(nn.Module):
    """Spectral and weight normalisation."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.utils.parametrizations.spectral_norm(nn.Linear(784, 64))
        self.two = nn.utils.parametrizations.weight_norm(nn.Linear(64, 10))

    def forward(self, x: Tensor) -> Tensor:
        """Return logits."""
        return self.two(F.leaky_relu(self.one(x.flatten(1))))


class SlowStatistics(nn.Sequential):
    """Batch normalisation with the momentum that Keras has."""

    def __init__(self, momentum: float | None = 0.01) -> None:
        super().__init__(
            nn.Conv2d(1, 8, 3, stride=2),
            nn.BatchNorm2d(8, momentum=momentum),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(8 * 169, 10),
        )


def _ours(name: str) -> Any:
    def made() -> nn.Module:
        return {
            "mlp": lambda: ours.MLP(SHAPE, 10),
            "mlp-norm": lambda: ours.MLP(SHAPE, 10, hidden=(64, 64), norm=True),
            "lenet": lambda: ours.LeNet5(SHAPE, 10),
            "vit": lambda: ours.ViT(SHAPE, 10),
            "linear": lambda: ours.LinearModel(SHAPE, 10),
        }[name]()

    return made


our_mlp, our_norm, our_lenet = _ours("mlp"), _ours("mlp-norm"), _ours("lenet")
instance = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.SiLU(), nn.Linear(32, 10))
TIMM = (
    "test_vit",
    "test_resnet",
    "test_byobnet",
    "test_efficientnet",
    "test_efficientnet_gn",
    "test_mambaout",
    "test_nfnet",
    "mobilenetv3_small_050",
    "lcnet_035",
    "tinynet_e",
)
SMALL = {"test_vit": {"img_size": 28, "patch_size": 7}}
ENTRIES: tuple[dict[str, Any], ...] = (
    {"target": "linear"},
    {"target": "mlp"},
    {"target": "mlp", "like": "mlp"},
    {"target": "our_lenet", "like": "lenet"},
    *(
        {"target": "mlp", "args": {"activation": name}}
        for name in ("Tanh", "GELU", "Sigmoid", "ELU", "Hardswish")
    ),
    {"target": "mlp", "args": {"dropout": 0.5}},
    {"target": "mlp", "args": {"depth": 5, "hidden": 64}},
    *(
        {"target": "normed_mlp", "args": {"norm": name}}
        for name in ("BatchNorm1d", "LayerNorm", "GroupNorm", "RMSNorm")
    ),
    *(
        {"target": name}
        for name in (
            "lazy_cnn",
            "sigmoid_lenet",
            "ExampleNet",
            "RowLSTM",
            "RowTransformer",
            "Recurrent",
            "ZeroHead",
            "Frozen",
            "WithAux",
            "Parametrised",
            "SlowStatistics",
            "our_mlp",
            "our_norm",
            "instance",
        )
    ),
    {"target": "RowLSTM", "args": {"cell": "GRU"}},
    {"target": "RowTransformer", "args": {"norm_first": True}},
    {"target": "SlowStatistics", "args": {"momentum": None}},
    *(
        {
            "target": "timm_model",
            "args": {"name": name, **SMALL.get(name, {})},
        }
        for name in TIMM
    ),
)
ENTRIES = tuple({"kind": "model", **entry} for entry in ENTRIES)
