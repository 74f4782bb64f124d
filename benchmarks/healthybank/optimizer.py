"""Optimizers of public libraries, which are right: torch.optim, Optax, pytorch_optimizer, timm."""

from __future__ import annotations

from typing import Any

__all__ = ["ENTRIES"]


def __getattr__(name: str) -> Any:
    """Import an optimizer of timm when it is asked for: ``timm_Lamb``."""
    if not name.startswith("timm_"):
        raise AttributeError(name)
    from benchmarks._torchvision import import_torchvision

    import_torchvision()
    import timm.optim

    return getattr(timm.optim, name.removeprefix("timm_"))


def _entry(target: str, like: str | None = None, **args: Any) -> dict[str, Any]:
    return {"target": target, "like": like, "args": args, "declares": {}}


TORCH = (
    _entry("torch.optim:SGD", "sgd"),
    _entry("torch.optim:SGD", "sgd", lr=0.1, momentum=0.9),
    _entry("torch.optim:SGD", "momentum", momentum=0.9),
    _entry("torch.optim:SGD", "momentum", momentum=0.9, dampening=0.5),
    _entry("torch.optim:SGD", "nesterov", momentum=0.9, nesterov=True),
    _entry("torch.optim:SGD", "sgd", momentum=0.9, weight_decay=5e-4),
    _entry("torch.optim:SGD", "sgd", momentum=0.9, maximize=True),
    _entry("torch.optim:SGD", "sgd", momentum=0.9, foreach=False),
    _entry("torch.optim:SGD", "sgd", momentum=0.9, fused=True),
    _entry("torch.optim:SGD"),
    _entry("torch.optim:Adam", "adam"),
    _entry("torch.optim:Adam", "adam", weight_decay=0.01),
    _entry("torch.optim:Adam", "adam", foreach=False),
    _entry("torch.optim:Adam", "adam", fused=True),
    _entry("torch.optim:Adam", "adam", betas=[0.8, 0.95], eps=1e-4),
    _entry("torch.optim:Adam", "adamw", decoupled_weight_decay=True, weight_decay=0.01),
    _entry("torch.optim:Adam", "amsgrad", amsgrad=True),
    _entry("torch.optim:Adam"),
    _entry("torch.optim:AdamW", "adamw"),
    _entry("torch.optim:AdamW", "adamw", weight_decay=0.3, foreach=False),
    _entry("torch.optim:AdamW", "adamw", amsgrad=True),
    _entry("torch.optim:AdamW", "adamw", fused=True),
    _entry("torch.optim:AdamW", "torch.optim.AdamW"),
    _entry("torch.optim:AdamW"),
    _entry("torch.optim:NAdam", "nadam"),
    _entry("torch.optim:NAdam", "nadam", decoupled_weight_decay=True, weight_decay=0.1),
    _entry("torch.optim:NAdam"),
    _entry("torch.optim:RAdam", "radam"),
    _entry("torch.optim:RAdam", "radam", betas=[0.9, 0.99], weight_decay=0.1),
    _entry("torch.optim:RAdam"),
    _entry("torch.optim:Adamax", "adamax"),
    _entry("torch.optim:Adamax", "adamax", weight_decay=0.1),
    _entry("torch.optim:Adamax"),
    _entry("torch.optim:RMSprop", "rmsprop"),
    _entry("torch.optim:RMSprop", "rmsprop", centered=True, momentum=0.9),
    _entry("torch.optim:RMSprop", "rmsprop", alpha=0.9, weight_decay=0.1),
    _entry("torch.optim:RMSprop"),
    _entry("torch.optim:Adagrad", "adagrad"),
    _entry("torch.optim:Adagrad", "adagrad", lr_decay=0.1, initial_accumulator_value=0.1),
    _entry("torch.optim:Adagrad"),
    _entry("torch.optim:Adadelta", "adadelta"),
    _entry("torch.optim:Adadelta", "adadelta", rho=0.95, lr=0.5),
    _entry("torch.optim:Adadelta"),
    _entry("torch.optim:ASGD", "asgd"),
    _entry("torch.optim:ASGD", "asgd", lambd=0.1),
    _entry("torch.optim:ASGD"),
    _entry("torch.optim:Rprop", "rprop"),
    _entry("torch.optim:Rprop", "rprop", etas=[0.4, 1.5]),
    _entry("torch.optim:Rprop"),
    _entry("torch.optim:Adafactor"),
    _entry("torch.optim:Adafactor", "adafactor"),
    _entry("torch.optim:Muon", "muon"),
    _entry("torch.optim:Muon", "muon", nesterov=False),
)
OPTAX = (
    _entry("optax:sgd", "sgd", learning_rate=0.1),
    _entry("optax:sgd", "momentum", learning_rate=0.1, momentum=0.9),
    _entry("optax:sgd", "nesterov", learning_rate=0.1, momentum=0.9, nesterov=True),
    _entry("optax:sgd", learning_rate=0.1),
    _entry("optax:adam", "adam", learning_rate=0.01),
    _entry("optax:adam", learning_rate=0.01),
    _entry("optax:adamw", "adamw", learning_rate=0.01),
    _entry("optax:adamw", learning_rate=0.01),
    _entry("optax:amsgrad", "amsgrad", learning_rate=0.01),
    _entry("optax:nadam", "nadam", learning_rate=0.01),
    _entry("optax:radam", "radam", learning_rate=0.01),
    _entry("optax:adamax", "adamax", learning_rate=0.01),
    _entry("optax:adamaxw", "adamax", learning_rate=0.01),
    _entry("optax:rmsprop", "rmsprop", learning_rate=0.01),
    _entry("optax:rmsprop", "rmsprop", learning_rate=0.01, centered=True, momentum=0.9),
    _entry("optax:adagrad", "adagrad", learning_rate=0.01),
    _entry("optax:adadelta", "adadelta", learning_rate=1.0),
    _entry("optax:rprop", "rprop", learning_rate=0.01),
    _entry("optax:lion", "lion", learning_rate=0.01),
    _entry("optax:adabelief", "adabelief", learning_rate=0.01),
    _entry("optax:lamb", "lamb", learning_rate=0.01),
    _entry("optax:sign_sgd", "sign-sgd", learning_rate=0.01),
    _entry("optax:adan", learning_rate=0.01),
    _entry("optax:yogi", learning_rate=0.01),
    _entry("optax:yogi", "yogi", learning_rate=0.01),
    _entry("optax:nadamw", "nadamw", learning_rate=0.01),
    _entry("optax:lars", "lars", learning_rate=0.1),
    _entry("optax.contrib:adopt", "adopt", learning_rate=0.01),
    _entry("optax.contrib:schedule_free_sgd", "schedule-free", learning_rate=0.01),
    _entry("optax.contrib:schedule_free_adamw", "schedule-free-adamw", learning_rate=0.01),
    _entry("optax:fromage", learning_rate=0.01),
    _entry("optax:noisy_sgd", learning_rate=0.01),
    _entry("optax:novograd", learning_rate=0.01),
    _entry("optax:sm3", learning_rate=0.1),
    _entry("optax:lars", learning_rate=0.1),
    _entry("optax:adafactor", learning_rate=0.01),
)
NAMED = (
    ("SGDW", "sgd", {"lr": 0.1, "weight_decouple": False}),
    ("RAdam", "radam", {}),
    ("AdaMax", "adamax", {}),
    ("AdaDelta", "adadelta", {"lr": 1.0}),
    ("Lion", "lion", {}),
    ("AdaBelief", "adabelief", {}),
    ("SignSGD", None, {}),
    ("SignSGD", "sign-sgd", {}),
    ("ADOPT", "adopt", {}),
    ("AdaBound", "adabound", {}),
    ("AdaBound", "amsbound", {"ams_bound": True}),
    ("AdamP", "adamp", {}),
    ("SGDP", "sgdp", {"lr": 0.1}),
    ("ScheduleFreeSGD", "schedule-free", {}),
    ("Yogi", "yogi", {}),
    ("Adan", "adan", {}),
    ("Tiger", "tiger", {}),
)
# Pairs of a class and what it needs; no reference, only what holds for all optimizers.
UNNAMED = (
    *"ADOPT AccSGD AdEMAMix AdaBelief AdaBound AdaFactor AdaMod AdaNorm AdaPNM AdaSmooth Adai Adalite".split(),
    *"AdamC AdamG AdamP AdamS Adan AggMo Aida Amos AvaGrad CAME DAdaptAdam DAdaptSGD DAdaptLion".split(),
    *"DiffGrad EXAdam FAdam FTRL Fromage Gravity Grams Kate LaProp Lamb LARS Lion MADGRAD MARS MSVAG".split(),
    *"NovoGrad PAdam PID PNM Prodigy QHAdam QHM RAdam Ranger SGDP SGDW SM3 SRMM SWATS SignSGD SimplifiedAdEMAMix".split(),
    *"StableAdamW TAM Tiger VSGD Yogi ScheduleFreeAdamW ScheduleFreeSGD ScheduleFreeRAdam Ano BCOS DualAdam".split(),
)
PYTORCH_OPTIMIZER = (
    *(_entry(f"pytorch_optimizer:{name}", like, **args) for name, like, args in NAMED),
    *(_entry(f"pytorch_optimizer:{name}") for name in UNNAMED),
)
TIMM = (
    _entry("timm_AdamP"),
    _entry("timm_SGDP", lr=0.1),
    _entry("timm_Lamb"),
    _entry("timm_Lars"),
    _entry("timm_Lion", "lion"),
    _entry("timm_Lion"),
    _entry("timm_AdaBelief", "adabelief", rectify=False),
    _entry("timm_AdaBelief"),
    _entry("timm_Adan", "adan"),
    _entry("timm_Adan"),
    _entry("timm_RMSpropTF", "rmsprop"),
    _entry("timm_RMSpropTF", momentum=0.9),
    _entry("timm_NAdamW", "nadam"),
    _entry("timm_NAdamLegacy", "nadam"),
    _entry("timm_RAdamLegacy", "radam"),
    _entry("timm_AdamWLegacy", "adamw"),
    _entry("timm_NvNovoGrad"),
    _entry("timm_MADGRAD"),
    _entry("timm_SGDW", lr=0.1),
    _entry("timm_Adopt"),
    _entry("timm_LaProp"),
    _entry("timm_Mars"),
)
ENTRIES = (*TORCH, *OPTAX, *PYTORCH_OPTIMIZER, *TIMM)
