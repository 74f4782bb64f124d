"""Right layers: torch.nn across its options, timm's layers, and right implementations in other styles."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def _entry(
    target: str, like: str | None = None, declares: dict[str, str] | None = None, **args: Any
) -> dict[str, Any]:
    return {"target": target, "like": like, "args": args, "declares": declares or {}}


class FirstOutput(nn.Module):
    """torch's attention with rows first, giving its output alone."""

    def __init__(self, embed_dim: int = 12, num_heads: int = 3, causal: bool = False) -> None:
        super().__init__()
        self.causal = causal
        self.inner = nn.MultiheadAttention(embed_dim, num_heads, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """Attend to all steps, or to earlier ones."""
        steps = x.shape[1]
        mask = torch.triu(torch.ones(steps, steps, dtype=torch.bool), 1) if self.causal else None
        return self.inner(x, x, x, attn_mask=mask, need_weights=False)[0]


class FusedAttention(nn.Module):
    """Self-attention by torch's own fused function."""

    def __init__(self, dim: int = 12, heads: int = 3, causal: bool = True) -> None:
        super().__init__()
        self.heads, self.causal = heads, causal
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        """Attend."""
        n, t, d = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        out = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.proj(out.transpose(1, 2).reshape(n, t, d))


class NumpyLinear:
    """A linear layer on arrays, [in, out], with its gradients."""

    def __init__(self, n_in: int, n_out: int) -> None:
        rng = np.random.default_rng(0)
        self.W = rng.standard_normal((n_in, n_out)) / np.sqrt(n_in)
        self.b = np.zeros(n_out)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return x W + b."""
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Keep the gradients of W and b; return that of x."""
        self.dW = self.x.T @ grad
        self.db = grad.sum(0)
        return grad @ self.W.T


class NumpyColumnLinear:
    """A linear layer whose samples are columns, with a step in backward."""

    def __init__(self, n_in: int, n_out: int) -> None:
        self.weights = np.random.randn(n_out, n_in) * 0.3
        self.bias = np.zeros((n_out, 1))

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return W x + b."""
        self.x = x
        return self.weights @ x + self.bias

    def backward(self, grad: np.ndarray, learning_rate: float) -> np.ndarray:
        """Step, and return the gradient of x."""
        answer = self.weights.T @ grad
        self.weights -= learning_rate * grad @ self.x.T
        self.bias -= learning_rate * grad.sum(1, keepdims=True)
        return answer


class NumpyDropout:
    """Inverted dropout on arrays, told to keep."""

    def __init__(self, keep_prob: float = 0.8) -> None:
        self.keep_prob = keep_prob
        self.training = True
        self.rng = np.random.default_rng(0)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Drop in training."""
        if not self.training:
            return x
        self.mask = (self.rng.random(x.shape) < self.keep_prob) / self.keep_prob
        return x * self.mask

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Return the gradient of x."""
        return grad * self.mask


class PaperDropout(nn.Module):
    """Dropout as the paper has it: evaluation is scaled."""

    def __init__(self, rate: float = 0.3) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Drop in training, scale in evaluation."""
        if self.training:
            return x * (torch.rand_like(x) >= self.rate)
        return x * (1 - self.rate)


class NumpyBatchNorm:
    """Batch normalisation on arrays with Keras' momentum and its gradients."""

    def __init__(self, dim: int, momentum: float = 0.9, eps: float = 1e-5) -> None:
        self.gamma, self.beta = np.ones(dim), np.zeros(dim)
        self.running_mean, self.running_var = np.zeros(dim), np.ones(dim)
        self.momentum, self.eps = momentum, eps

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        """Normalise by the batch in training, by the running statistics otherwise."""
        if training:
            mean, var = x.mean(0), x.var(0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (x - mean) / self.std
        return self.gamma * self.x_hat + self.beta

    def backward(self, grad: np.ndarray) -> np.ndarray:
        """Return the gradient of x."""
        self.dgamma = (grad * self.x_hat).sum(0)
        self.dbeta = grad.sum(0)
        inner = grad * self.gamma
        return (inner - inner.mean(0) - self.x_hat * (inner * self.x_hat).mean(0)) / self.std


class RootOutsideLayerNorm(nn.Module):
    """Layer normalisation with epsilon outside of the root."""

    def __init__(self, features: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.ones(features))
        self.b = nn.Parameter(torch.zeros(features))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the last axis."""
        return (
            self.a * (x - x.mean(-1, keepdim=True)) / (x.std(-1, keepdim=True, unbiased=False) + self.eps)
            + self.b
        )


class GatesApart(nn.Module):
    """An LSTM with a linear layer for each gate over [h, x]."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        both = input_size + hidden_size
        self.forget, self.input = nn.Linear(both, hidden_size), nn.Linear(both, hidden_size)
        self.output, self.cell = nn.Linear(both, hidden_size), nn.Linear(both, hidden_size)

    def forward(self, x: Tensor) -> Tensor:
        """Return the state after each step."""
        h = c = x.new_zeros(x.shape[0], self.hidden_size)
        states = []
        for step in x.unbind(1):
            both = torch.cat([h, step], 1)
            c = self.forget(both).sigmoid() * c + self.input(both).sigmoid() * self.cell(both).tanh()
            h = self.output(both).sigmoid() * c.tanh()
            states.append(h)
        return torch.stack(states, 1)


class Residual(nn.Module):
    """The basic block of a residual network."""

    def __init__(self, channels: int = 4) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Add the branch."""
        out = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        return torch.relu(out + x)


class SinusoidalPositions(nn.Module):
    """Positions as in torch's tutorial, steps first."""

    def __init__(self, d_model: int, dropout: float = 0.1, max_len: int = 50) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        position = torch.arange(max_len).unsqueeze(1)
        rates = torch.exp(torch.arange(0, d_model, 2) * (-np.log(10000.0) / d_model))
        table = torch.zeros(max_len, 1, d_model)
        table[:, 0, 0::2] = torch.sin(position * rates)
        table[:, 0, 1::2] = torch.cos(position * rates)
        self.register_buffer("pe", table)

    def forward(self, x: Tensor) -> Tensor:
        """Add the encoding."""
        return self.dropout(x + self.pe[: x.size(0)])


class SpectralLinear(nn.Module):
    """A linear layer divided by its largest singular value."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.utils.parametrizations.spectral_norm(nn.Linear(6, 4))

    def forward(self, x: Tensor) -> Tensor:
        """Apply it."""
        return self.inner(x)


HERE = "benchmarks/healthybank/layer.py"
NN = "torch.nn"
TIMM = "timm.layers"

ENTRIES: tuple[dict[str, Any], ...] = (
    _entry(f"{NN}:Linear", "linear", in_features=7, out_features=5),
    _entry(f"{NN}:Linear", "linear", in_features=7, out_features=5, bias=False),
    _entry(f"{NN}:Linear", "linear", in_features=6, out_features=6),
    _entry(f"{NN}:Linear", None, in_features=8, out_features=3),
    _entry(f"{NN}:LazyLinear", None, out_features=3),
    _entry(f"{NN}:Conv1d", "conv1d", in_channels=3, out_channels=4, kernel_size=3),
    _entry(
        f"{NN}:Conv1d", "conv1d", in_channels=4, out_channels=6, kernel_size=5, stride=2, padding=2, groups=2
    ),
    _entry(f"{NN}:Conv1d", "conv1d", in_channels=3, out_channels=4, kernel_size=3, padding="same"),
    _entry(f"{NN}:Conv2d", "conv2d", in_channels=3, out_channels=4, kernel_size=3),
    _entry(f"{NN}:Conv2d", "conv2d", in_channels=3, out_channels=4, kernel_size=3, stride=2, padding=1),
    _entry(f"{NN}:Conv2d", "conv2d", in_channels=4, out_channels=6, kernel_size=3, groups=2, bias=False),
    _entry(
        f"{NN}:Conv2d",
        "conv2d",
        in_channels=3,
        out_channels=5,
        kernel_size=(3, 2),
        stride=(2, 1),
        padding=(1, 0),
    ),
    _entry(
        f"{NN}:Conv2d", "conv2d", in_channels=3, out_channels=5, kernel_size=3, dilation=2, padding="same"
    ),
    _entry(f"{NN}:Conv2d", "torch.nn.Conv2d", in_channels=3, out_channels=5, kernel_size=5, padding=2),
    _entry(f"{NN}:Conv2d", "depthwise", in_channels=4, out_channels=4, kernel_size=3, groups=4, padding=1),
    _entry(f"{NN}:Conv2d", None, in_channels=3, out_channels=5, kernel_size=3),
    _entry(f"{NN}:Conv3d", None, in_channels=2, out_channels=3, kernel_size=2),
    _entry(
        f"{NN}:ConvTranspose2d",
        "conv-transpose2d",
        in_channels=3,
        out_channels=4,
        kernel_size=3,
        stride=2,
        padding=1,
        output_padding=1,
    ),
    _entry(
        f"{NN}:ConvTranspose2d", "conv-transpose2d", in_channels=4, out_channels=2, kernel_size=2, stride=2
    ),
    _entry(
        f"{NN}:ConvTranspose2d",
        "conv-transpose2d",
        in_channels=4,
        out_channels=6,
        kernel_size=3,
        groups=2,
        bias=False,
    ),
    _entry(f"{NN}:ConvTranspose1d", None, in_channels=4, out_channels=3, kernel_size=3),
    _entry(f"{NN}:BatchNorm1d", "batchnorm", num_features=6),
    _entry(f"{NN}:BatchNorm2d", "batchnorm", num_features=4),
    _entry(f"{NN}:BatchNorm2d", "batchnorm2d", num_features=4, eps=1e-3, momentum=0.01),
    _entry(f"{NN}:BatchNorm2d", "batchnorm", num_features=4, momentum=0.9),
    _entry(f"{NN}:BatchNorm2d", "batchnorm", num_features=4, affine=False),
    _entry(f"{NN}:BatchNorm2d", "batchnorm", num_features=4, track_running_stats=False),
    _entry(f"{NN}:BatchNorm2d", "torch.nn.BatchNorm2d", num_features=3),
    _entry(f"{NN}:BatchNorm1d", None, num_features=5),
    _entry(f"{NN}:BatchNorm2d", None, num_features=5, track_running_stats=False),
    _entry(f"{NN}:LayerNorm", "layernorm", normalized_shape=7),
    _entry(f"{NN}:LayerNorm", "layernorm", normalized_shape=(3, 5)),
    _entry(f"{NN}:LayerNorm", "layernorm", normalized_shape=7, eps=0.1, bias=False),
    _entry(f"{NN}:LayerNorm", "layernorm", normalized_shape=7, elementwise_affine=False),
    _entry(f"{NN}:LayerNorm", None, normalized_shape=8),
    _entry(f"{NN}:GroupNorm", "groupnorm", num_groups=2, num_channels=6),
    _entry(f"{NN}:GroupNorm", "groupnorm", num_groups=3, num_channels=6, eps=1e-3, affine=False),
    _entry(f"{NN}:GroupNorm", None, num_groups=2, num_channels=4),
    _entry(f"{NN}:InstanceNorm2d", "instancenorm", num_features=5, affine=True),
    _entry(f"{NN}:InstanceNorm2d", "instancenorm", num_features=5),
    _entry(f"{NN}:InstanceNorm1d", None, num_features=5),
    _entry(f"{NN}:RMSNorm", "rmsnorm", normalized_shape=8),
    _entry(f"{NN}:RMSNorm", "rmsnorm", normalized_shape=8, eps=1e-3, elementwise_affine=False),
    _entry(f"{NN}:LocalResponseNorm", None, size=3),
    _entry(f"{NN}:Dropout", "dropout", p=0.5),
    _entry(f"{NN}:Dropout", "dropout", p=0.15, inplace=True),
    _entry(f"{NN}:Dropout2d", "dropout2d", p=0.3),
    _entry(f"{NN}:Dropout2d", "spatial-dropout", p=0.5),
    _entry(f"{NN}:AlphaDropout", None, p=0.3),
    _entry(f"{NN}:Dropout", None, p=0.3),
    _entry(f"{NN}:MaxPool2d", "maxpool", kernel_size=2),
    _entry(f"{NN}:MaxPool2d", "maxpool", kernel_size=3, stride=2, padding=1),
    _entry(f"{NN}:MaxPool2d", "maxpool", kernel_size=3, dilation=2, ceil_mode=True),
    _entry(f"{NN}:MaxPool1d", "maxpool", kernel_size=3, stride=1),
    _entry(f"{NN}:AvgPool2d", "avgpool", kernel_size=2),
    _entry(f"{NN}:AvgPool2d", "avgpool", kernel_size=3, stride=2, padding=1),
    _entry(f"{NN}:AvgPool2d", "avgpool", kernel_size=3, stride=2, padding=1, count_include_pad=False),
    _entry(f"{NN}:AvgPool1d", "avgpool", kernel_size=2),
    _entry(f"{NN}:AdaptiveAvgPool2d", "global-avgpool", output_size=1),
    _entry(f"{NN}:AdaptiveMaxPool2d", None, output_size=3),
    _entry(f"{NN}:LPPool2d", None, norm_type=2, kernel_size=2),
    _entry(f"{NN}:FractionalMaxPool2d", None, kernel_size=2, output_ratio=0.5),
    _entry(f"{NN}:MultiheadAttention", "attention", embed_dim=12, num_heads=3, batch_first=True),
    _entry(f"{NN}:MultiheadAttention", "attention", embed_dim=8, num_heads=2),
    _entry(f"{NN}:MultiheadAttention", "attention", embed_dim=8, num_heads=1, bias=False, batch_first=True),
    _entry(f"{NN}:MultiheadAttention", "attention", embed_dim=8, num_heads=4, dropout=0.2, batch_first=True),
    _entry(f"{NN}:MultiheadAttention", None, embed_dim=8, num_heads=2),
    _entry(f"{NN}:TransformerEncoderLayer", None, d_model=8, nhead=2, dim_feedforward=16),
    _entry(
        f"{NN}:TransformerEncoderLayer",
        None,
        d_model=8,
        nhead=2,
        dim_feedforward=16,
        batch_first=True,
        norm_first=True,
    ),
    _entry(f"{NN}:TransformerDecoderLayer", None, d_model=8, nhead=2, dim_feedforward=16, batch_first=True),
    _entry(f"{NN}:Embedding", "embedding", num_embeddings=11, embedding_dim=5),
    _entry(f"{NN}:Embedding", "embedding", num_embeddings=11, embedding_dim=5, padding_idx=0),
    _entry(f"{NN}:Embedding", None, num_embeddings=7, embedding_dim=4),
    _entry(f"{NN}:EmbeddingBag", None, num_embeddings=7, embedding_dim=4),
    _entry(f"{NN}:LSTM", "lstm", input_size=5, hidden_size=4, batch_first=True),
    _entry(f"{NN}:LSTM", "lstm", input_size=5, hidden_size=4),
    _entry(f"{NN}:LSTM", "lstm", input_size=4, hidden_size=4, bias=False, batch_first=True),
    _entry(
        f"{NN}:LSTM", "lstm", input_size=5, hidden_size=4, num_layers=2, bidirectional=True, batch_first=True
    ),
    _entry(f"{NN}:LSTM", None, input_size=5, hidden_size=4),
    _entry(f"{NN}:GRU", "gru", input_size=5, hidden_size=4, batch_first=True),
    _entry(f"{NN}:GRU", "gru", input_size=3, hidden_size=6),
    _entry(f"{NN}:GRU", None, input_size=5, hidden_size=4, batch_first=True),
    _entry(f"{NN}:RNN", "rnn", input_size=5, hidden_size=4, batch_first=True),
    _entry(f"{NN}:RNN", "rnn", input_size=5, hidden_size=4, nonlinearity="relu"),
    _entry(f"{NN}:LSTMCell", "lstm", input_size=5, hidden_size=4),
    _entry(f"{NN}:GRUCell", "gru", input_size=5, hidden_size=4),
    _entry(f"{NN}:RNNCell", "rnn", input_size=5, hidden_size=4),
    _entry(f"{NN}:Flatten", "flatten"),
    _entry(f"{NN}:Flatten", "flatten", start_dim=2),
    _entry(f"{NN}:Upsample", "upsample", scale_factor=2),
    _entry(f"{NN}:Upsample", "upsample", scale_factor=3, mode="bilinear", align_corners=True),
    _entry(f"{NN}:Upsample", "upsample", scale_factor=2, mode="bilinear"),
    _entry(f"{NN}:PixelShuffle", None, upscale_factor=2),
    _entry(f"{NN}:ZeroPad2d", None, padding=2),
    _entry(f"{NN}:ChannelShuffle", None, groups=2),
    _entry(f"{NN}:Bilinear", None, in1_features=4, in2_features=4, out_features=3),
    _entry(f"{NN}:PReLU", None, num_parameters=4),
    _entry(f"{NN}:ReLU", None, inplace=True),
    _entry(f"{NN}:RReLU", None),
    _entry(f"{NN}:GLU", None),
    _entry(f"{NN}:Softmax", None, dim=1),
    _entry(f"{NN}:Identity", None),
    _entry(f"{NN}:CosineSimilarity", None),
    _entry(f"{HERE}:FirstOutput", "attention", embed_dim=12, num_heads=3),
    _entry(f"{HERE}:FirstOutput", "attention", embed_dim=8, num_heads=2, causal=True),
    _entry(f"{HERE}:FusedAttention", "attention", dim=12, heads=3),
    _entry(f"{HERE}:FusedAttention", None, {"causal": "true"}, dim=12, heads=2),
    _entry(f"{HERE}:NumpyLinear", "linear", n_in=5, n_out=3) | {"kind": "layer"},
    _entry(f"{HERE}:NumpyLinear", None, n_in=5, n_out=3) | {"kind": "layer"},
    _entry(f"{HERE}:NumpyColumnLinear", "linear", n_in=5, n_out=3) | {"kind": "layer"},
    _entry(f"{HERE}:NumpyDropout", "dropout", keep_prob=0.8) | {"kind": "layer"},
    _entry(f"{HERE}:PaperDropout", "dropout", rate=0.3),
    _entry(f"{HERE}:NumpyBatchNorm", "batchnorm", dim=6) | {"kind": "layer"},
    _entry(f"{HERE}:RootOutsideLayerNorm", "layernorm", features=6),
    _entry(f"{HERE}:GatesApart", "lstm", input_size=5, hidden_size=4),
    _entry(f"{HERE}:Residual", "residual", channels=4),
    _entry(f"{HERE}:Residual", None, channels=4),
    _entry(f"{HERE}:SinusoidalPositions", "positional-encoding", d_model=8),
    _entry(f"{HERE}:SpectralLinear", None),
    _entry(f"{TIMM}:LayerNorm2d", "layernorm", num_channels=6),
    _entry(f"{TIMM}:LayerNorm", "layernorm", num_channels=6),
    _entry(f"{TIMM}:RmsNorm", "rmsnorm", channels=6),
    _entry(f"{TIMM}:RmsNorm2d", None, channels=6),
    _entry(f"{TIMM}:GroupNorm1", None, num_channels=6),
    _entry(f"{TIMM}:GroupNorm", "groupnorm", num_channels=6, num_groups=3),
    _entry(f"{TIMM}:BatchNormAct2d", None, num_features=6),
    _entry(f"{TIMM}:FilterResponseNormTlu2d", None, num_features=6),
    _entry(f"{TIMM}:EvoNorm2dS0", None, num_features=8, groups=2),
    _entry(f"{TIMM}:EvoNorm2dB0", None, num_features=6),
    _entry(f"{TIMM}:Mlp", None, in_features=6, hidden_features=8),
    _entry(f"{TIMM}:GluMlp", None, in_features=6, hidden_features=8),
    _entry(f"{TIMM}:SwiGLU", None, in_features=6, hidden_features=8),
    _entry(f"{TIMM}:ConvMlp", None, in_features=6, hidden_features=8),
    _entry(f"{TIMM}:GlobalResponseNormMlp", None, in_features=6, hidden_features=8),
    _entry(f"{TIMM}:SqueezeExcite", None, channels=16),
    _entry(f"{TIMM}:EffectiveSEModule", None, channels=8),
    _entry(f"{TIMM}:EcaModule", None, channels=8),
    _entry(f"{TIMM}:GlobalContext", None, channels=16),
    _entry(f"{TIMM}:BlurPool2d", None, channels=4),
    _entry(f"{TIMM}:DropPath", None, drop_prob=0.3),
    _entry(f"{TIMM}:DropBlock2d", None, drop_prob=0.1, block_size=3),
    _entry(f"{TIMM}:PatchEmbed", None, img_size=28, patch_size=7, in_chans=1, embed_dim=8),
    _entry(f"{TIMM}:StdConv2d", None, in_channel=4, out_channels=6, kernel_size=3),
    _entry(f"{TIMM}:ScaledStdConv2d", None, in_channels=4, out_channels=6, kernel_size=3),
    _entry(f"{TIMM}:Conv2dSame", None, in_channels=4, out_channels=6, kernel_size=3, stride=2),
    _entry(f"{TIMM}:MixedConv2d", None, in_channels=4, out_channels=6, kernel_size=[3, 5]),
    _entry(f"{TIMM}:SeparableConv2d", None, in_channels=4, out_channels=6),
    _entry(f"{TIMM}:ConvNormAct", None, in_channels=4, out_channels=6, kernel_size=3),
    _entry(f"{TIMM}:SelectiveKernel", None, in_channels=32),
    _entry(f"{TIMM}:SplitAttn", None, in_channels=16),
    _entry(f"{TIMM}:Attention", "attention", dim=12, num_heads=3, qkv_bias=True),
    _entry(f"{TIMM}:Attention", "attention", dim=12, num_heads=2),
    _entry(f"{TIMM}:AvgPool2dSame", None, kernel_size=2, stride=2),
    _entry(f"{TIMM}:SelectAdaptivePool2d", "global-avgpool", pool_type="avg"),
    _entry(f"{TIMM}:SelectAdaptivePool2d", "global-avgpool", pool_type="avg", flatten=True),
    _entry(f"{TIMM}:LayerScale", None, dim=6),
    _entry(f"{TIMM}:SpaceToDepth", None, block_size=4),
)
