"""Under which names implementations take the options of a layer, and what is known of their values."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from firstlight.checks.references.layers import LayerReference

__all__ = ["Known", "find_options", "their_name"]

NAMES: dict[str, tuple[str, ...]] = {
    "in_features": (
        "in_features", "n_in", "in_dim", "input_dim", "input_size", "nin", "fan_in", "d_in", "in_size",
        "n_inputs", "num_inputs", "dim_in", "din", "in_feats", "num_in", "inputs", "size_in", "n_input",
        "input_features",
    ),
    "out_features": (
        "out_features", "n_out", "out_dim", "output_dim", "output_size", "nout", "fan_out", "d_out",
        "out_size", "n_outputs", "num_outputs", "dim_out", "dout", "out_feats", "num_out", "outputs",
        "size_out", "units", "n_output", "output_features",
    ),
    "in_channels": (
        "in_channels", "in_ch", "cin", "c_in", "in_c", "in_planes", "channels_in", "input_channels",
        "in_chans", "inplanes", "n_in", "channels", "num_channels", "in_channel", "in_dim", "dim",
        "in_features",
    ),
    "out_channels": (
        "out_channels", "out_ch", "cout", "c_out", "out_c", "out_planes", "channels_out",
        "output_channels", "out_chans", "planes", "n_out", "n_filters", "num_filters", "filters",
        "out_channel", "out_dim", "out_features",
    ),
    "kernel_size": (
        "kernel_size", "kernel", "k", "ksize", "filter_size", "window", "pool_size", "window_size",
        "kernel_width", "size", "f", "kernel_len", "pool",
    ),
    "stride": ("stride", "strides", "s", "step"),
    "padding": ("padding", "pad", "p", "pads"),
    "output_padding": ("output_padding", "out_padding"),
    "dilation": ("dilation", "dilation_rate", "dilations", "d", "rate"),
    "groups": ("groups", "n_groups", "num_groups"),
    "bias": ("bias", "use_bias", "has_bias", "with_bias"),
    "num_features": (
        "num_features", "features", "n_features", "dim", "channels", "num_channels", "n_channels", "d",
        "size", "c", "n_out", "width", "hidden_size", "in_features", "n_feats", "in_channels",
        "input_dim", "num_feats", "n_units", "d_model",
    ),
    "normalized_shape": (
        "normalized_shape", "dim", "features", "d_model", "num_features", "hidden_size", "size", "d",
        "n_features", "shape", "channels", "num_channels", "n_embd", "embed_dim", "width", "ndim",
        "hidden_dim", "emb_dim", "n_units",
    ),
    "num_channels": (
        "num_channels", "channels", "num_features", "n_channels", "dim", "c", "features", "in_channels",
        "n_features",
    ),
    "num_groups": ("num_groups", "groups", "n_groups", "g", "group"),
    "eps": ("eps", "epsilon", "variance_epsilon", "norm_eps"),
    "momentum": ("momentum", "decay", "rho", "alpha", "m", "avg_momentum"),
    "affine": ("affine", "elementwise_affine", "learnable", "scale_and_shift"),
    "elementwise_affine": ("elementwise_affine", "affine", "learnable"),
    "track_running_stats": ("track_running_stats",),
    "p": (
        "p", "rate", "drop_prob", "dropout", "prob", "dropout_rate", "p_drop", "drop_rate", "drop_p",
        "drop", "dropout_p", "dropout_prob", "probability",
    ),
    "ceil_mode": ("ceil_mode",),
    "count_include_pad": ("count_include_pad",),
    "embed_dim": (
        "embed_dim", "d_model", "dim", "emb_dim", "embedding_dim", "hidden_dim", "n_embd", "d", "emb",
        "model_dim", "features", "embed_size", "hidden_size", "d_emb", "n_embed", "width",
        "num_hiddens",
    ),
    "num_heads": ("num_heads", "heads", "n_heads", "nhead", "h", "n_head", "head_count"),
    "causal": ("causal", "is_causal", "masked", "autoregressive", "use_causal_mask"),
    "max_len": (
        "max_len", "seq_len", "block_size", "context_length", "max_length", "max_seq_len", "ctx_len",
        "t_max", "max_position", "maxlen", "context_size", "sequence_length", "n_ctx",
        "max_sequence_length", "max_seq_length",
    ),
    "input_dim": ("input_dim", "in_dim", "d_in", "in_features", "dim_in", "input_size"),
    "is_batch_first": ("batch_first",),
    "num_embeddings": (
        "num_embeddings", "vocab_size", "vocab", "n_tokens", "num_tokens", "n_vocab", "n_words",
        "input_dim", "num_words", "size", "n_embeddings",
    ),
    "embedding_dim": (
        "embedding_dim", "d_model", "dim", "emb_dim", "embed_dim", "d", "n_embd", "hidden_size",
        "embed_size", "output_dim", "emb_size",
    ),
    "padding_idx": ("padding_idx", "pad_idx", "pad_token_id"),
    "d_model": (
        "d_model", "dim", "embed_dim", "emb_dim", "d", "hidden_dim", "n_embd", "model_dim",
        "embedding_dim", "hidden_size", "features", "num_hiddens", "emb_size", "embed_size",
    ),
    "input_size": (
        "input_size", "input_dim", "n_in", "in_dim", "in_features", "d_in", "n_inputs", "num_inputs",
        "input_features", "nin", "d",
    ),
    "hidden_size": (
        "hidden_size", "hidden_dim", "n_hidden", "hidden", "units", "num_hiddens", "hid_dim",
        "d_hidden", "n_h", "hidden_features", "out_features", "h", "num_hidden", "output_size",
    ),
    "nonlinearity": ("nonlinearity", "activation"),
    "start_dim": ("start_dim", "start_axis"),
    "end_dim": ("end_dim", "end_axis"),
    "scale_factor": ("scale_factor", "scale", "factor"),
    "padding_mode": ("padding_mode",),
    "mode": ("mode", "interpolation"),
    "align_corners": ("align_corners",),
    "features": (
        "features", "channels", "dim", "in_channels", "num_features", "planes", "d_model", "width",
        "inplanes",
    ),
}  # fmt: skip
KEEPING = ("keep_prob", "p_keep", "keep", "keep_p", "keep_probability", "keep_rate", "retain_prob", "retain")
# Read from an instance's attributes too, where no argument says them.
ATTRIBUTES = {
    "eps", "momentum", "padding_mode", "p", "stride", "padding", "dilation", "groups", "num_groups",
    "num_heads", "causal", "is_batch_first", "kernel_size", "in_features", "out_features", "in_channels",
    "out_channels", "num_features", "num_channels", "embed_dim", "num_embeddings", "embedding_dim",
    "d_model", "input_size", "hidden_size", "normalized_shape", "output_padding", "affine",
    "track_running_stats", "elementwise_affine", "nonlinearity", "ceil_mode", "count_include_pad",
    "start_dim", "end_dim", "scale_factor", "mode", "align_corners", "max_len",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What is known of a layer's options, by the reference's names.

    Attributes
    ----------
    values
        Declared values alone; what is missing is free.
    names
        Under which name the constructor takes an option.
    is_keeping
        Whether the dropout's number is the share that is kept.
    given
        The options that the caller chose, by ``args`` or ``declares``; others are the implementation's own.
    """

    values: Mapping[str, Any]
    names: Mapping[str, str]
    is_keeping: bool = False
    given: frozenset[str] = field(default_factory=frozenset)

    def __contains__(self, name: str) -> bool:
        return name in self.values


def find_options(
    reference: LayerReference,
    target: Any,
    instance: Any,
    args: Mapping[str, Any],
    declares: Mapping[str, Any],
) -> Known:
    """Collect options from what was declared, given, defaulted and kept as attributes, in this order."""
    signature = dict(_signature(target)) if inspect.isclass(target) or inspect.isfunction(target) else {}
    attributes = {
        name: value
        for name, value in getattr(instance, "__dict__", {}).items()
        if isinstance(value, int | float | bool | str | tuple)
    }
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    given: set[str] = set()
    taken: set[tuple[str, str]] = set()
    is_keeping = False
    for option in sorted(reference.options, key=lambda name: len(NAMES.get(name, ()))):
        every = NAMES.get(option, (option,))
        places = (
            ("declared", declares),
            ("given", args),
            ("default", signature),
            ("attribute", attributes if option in ATTRIBUTES else {}),
        )
        for place, found in places:
            name = next((one for one in every if one in found and (place, one) not in taken), None)
            if name is None:
                continue
            if name not in names.values() and option not in names and (name in signature or name in args):
                names[option] = name
            value = found[name]
            if value is inspect.Parameter.empty or (place == "default" and value is None):
                continue
            if option not in values:
                taken.add((place, name))
                values[option] = _plain(value)
                if place in ("declared", "given"):
                    given.add(option)
    if "p" in reference.options:
        keep = next((name for name in KEEPING if name in {**signature, **attributes, **args}), None)
        if keep is not None:
            kept = args.get(keep, signature.get(keep, attributes.get(keep)))
            if isinstance(kept, int | float):
                values["p"], names["p"], is_keeping = 1.0 - float(kept), keep, True
                given |= {"p"} if keep in args else set()
    return Known(values, names, is_keeping, frozenset(given))


def their_name(option: str, target: Any, args: Mapping[str, Any]) -> str | None:
    """Return under which name a constructor takes an option; ``None`` where it does not."""
    names = {**dict(_signature(target)), **args}
    return next((name for name in NAMES.get(option, (option,)) if name in names), None)


def _signature(target: Any) -> Iterator[tuple[str, Any]]:
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return
    for one in parameters:
        if one.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            yield one.name, one.default


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        for word, meaning in (("true", True), ("false", False), ("none", None)):
            if value.lower() == word:
                return meaning
        for number in (int, float):
            try:
                return number(value)
            except ValueError:
                continue
        return value.lower()
    return tuple(value) if isinstance(value, list) else value
