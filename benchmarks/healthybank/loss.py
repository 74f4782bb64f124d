"""Right losses of public libraries: torch.nn, timm, pytorch_optimizer, optax by wrappers, scikit-learn; and styles."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

__all__ = ["ENTRIES"]


def __getattr__(name):
    """Import a loss of timm when it is asked for: ``timm_LabelSmoothingCrossEntropy``."""
    if not name.startswith("timm_"):
        raise AttributeError(name)
    from benchmarks._torchvision import import_torchvision

    import_torchvision()
    import timm.loss

    return getattr(timm.loss, name.removeprefix("timm_"))


def _optax(name, *, is_mean=True, **options):
    def loss(logits, labels):
        import optax

        losses = getattr(optax.losses, name)(logits, labels, **options)
        return losses.mean() if is_mean else losses

    loss.__name__ = name
    return loss


optax_integer = _optax("softmax_cross_entropy_with_integer_labels")
optax_integer_rows = _optax("softmax_cross_entropy_with_integer_labels", is_mean=False)
optax_one_hot = _optax("softmax_cross_entropy")
optax_sigmoid = _optax("sigmoid_binary_cross_entropy")
optax_squared = _optax("squared_error")
optax_l2 = _optax("l2_loss")
optax_huber = _optax("huber_loss", delta=1.0)
optax_log_cosh = _optax("log_cosh")
optax_focal = _optax("sigmoid_focal_loss", alpha=0.25, gamma=2.0)
optax_hinge = _optax("hinge_loss")
optax_multiclass_hinge = _optax("multiclass_hinge_loss")
optax_kl = _optax("kl_divergence")


def optax_smoothed(logits, labels, smoothing=0.1):
    import optax

    one_hot = np.eye(logits.shape[-1])[labels]
    return optax.softmax_cross_entropy(logits, optax.smooth_labels(one_hot, smoothing)).mean()


def sklearn_log_loss(probs, labels):
    from sklearn.metrics import log_loss

    return log_loss(labels, probs, labels=list(range(probs.shape[1])))


def from_scratch(y_true, y_pred):
    """Keras' order and clipping, in NumPy."""
    y_pred = np.clip(y_pred, 1e-7, 1 - 1e-7)
    return -np.mean(np.sum(y_true * np.log(y_pred), axis=1))


def one_hot_probabilities(probs, onehot):
    return -(onehot * torch.log(probs + 1e-12)).sum(dim=1).mean()


def cs231n(x, y):
    """Softmax loss and its gradient in one function."""
    x = x - np.max(x, axis=1, keepdims=True)
    probs = np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)
    n = x.shape[0]
    loss = -np.sum(np.log(probs[np.arange(n), y] + 1e-12)) / n
    dx = probs.copy()
    dx[np.arange(n), y] -= 1
    return loss, dx / n


class Layered:
    """A loss object with a backward method, as hand-made networks have them."""

    def forward(self, outputs, targets):
        e = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        self.probs = e / e.sum(axis=1, keepdims=True)
        self.targets = targets
        return -np.log(self.probs[np.arange(len(targets)), targets] + 1e-15).mean()

    def backward(self):
        grad = self.probs.copy()
        grad[np.arange(len(self.targets)), self.targets] -= 1
        return grad / len(self.targets)


def log_sum_exp(logits, labels):
    return (torch.logsumexp(logits, 1) - logits[torch.arange(len(labels)), labels]).mean()


def float_only(logits, labels):
    return functional.cross_entropy(logits.float(), labels)


def batch_of_dict(logits, labels):
    return {"loss": functional.cross_entropy(logits, labels)}


def poly_one(logits, labels, epsilon=1.0):
    """Poly-1 loss: of no reference."""
    ce = functional.cross_entropy(logits, labels, reduction="none")
    return (ce + epsilon * (1 - torch.exp(-ce))).mean()


def alpha_by_class(logits, labels, gamma=2.0, alpha=None):
    logp = functional.log_softmax(logits, dim=1)
    logpt = logp.gather(1, labels.view(-1, 1)).view(-1)
    loss = -((1 - logpt.exp()) ** gamma) * logpt
    if alpha is not None:
        loss = alpha[labels] * loss
    return loss.mean()


def multi_task_distance(outputs, labels):
    """Sum over classes, mean over rows, halved, as in textbooks."""
    wanted = functional.one_hot(labels, outputs.shape[1]).to(outputs.dtype)
    return 0.5 * (outputs - wanted).pow(2).sum(1).mean()


def _one(target, like=None, /, declares=None, **args):
    return {"target": target, "like": like, "args": args, "declares": declares or {}}


NN, F = "torch.nn:", "torch.nn.functional:"
WEIGHTS = [1.0, 2.0, 0.5, 1.0, 3.0, 1.0, 0.2, 1.0, 1.0, 4.0]
ENTRIES = (
    _one(NN + "CrossEntropyLoss", "cross-entropy"),
    _one(NN + "CrossEntropyLoss"),
    _one(NN + "CrossEntropyLoss", "cross-entropy", reduction="sum"),
    _one(NN + "CrossEntropyLoss", "cross-entropy", reduction="none"),
    _one(NN + "CrossEntropyLoss", "cross-entropy", weight=WEIGHTS),
    _one(NN + "CrossEntropyLoss", "cross-entropy", weight=WEIGHTS, label_smoothing=0.2),
    _one(NN + "CrossEntropyLoss", "cross-entropy", ignore_index=3),
    _one(NN + "CrossEntropyLoss", "cross-entropy", label_smoothing=0.1),
    _one(NN + "CrossEntropyLoss", "label-smoothing", label_smoothing=0.1),
    _one(NN + "NLLLoss", "nll"),
    _one(NN + "NLLLoss", "nll", reduction="sum"),
    _one(NN + "NLLLoss", "nll", weight=WEIGHTS),
    _one(NN + "NLLLoss"),
    _one(NN + "MSELoss", "mse"),
    _one(NN + "MSELoss", "mse", reduction="sum"),
    _one(NN + "MSELoss", "mse", reduction="none"),
    _one(NN + "MSELoss"),
    _one(NN + "L1Loss", "mae"),
    _one(NN + "L1Loss"),
    _one(NN + "HuberLoss", "huber"),
    _one(NN + "HuberLoss", "huber", delta=0.5),
    _one(NN + "SmoothL1Loss", "smooth-l1"),
    _one(NN + "SmoothL1Loss", "smooth-l1", beta=0.3),
    _one(NN + "BCEWithLogitsLoss", "bce-with-logits"),
    _one(NN + "BCEWithLogitsLoss", "bce-with-logits", pos_weight=[2.0]),
    _one(NN + "BCEWithLogitsLoss"),
    _one(NN + "BCELoss", "bce"),
    _one(NN + "KLDivLoss", "kl"),
    _one(NN + "KLDivLoss", "kl", reduction="batchmean"),
    _one(NN + "KLDivLoss", "kl", reduction="sum"),
    _one(NN + "MultiMarginLoss", "multi-margin"),
    _one(NN + "MultiMarginLoss", "multi-margin", p=2),
    _one(NN + "MultiMarginLoss", "multi-margin", margin=0.5),
    _one(NN + "SoftMarginLoss"),
    _one(NN + "MultiLabelSoftMarginLoss"),
    _one(NN + "PoissonNLLLoss"),
    _one(NN + "HingeEmbeddingLoss"),
    _one(F + "cross_entropy", "cross-entropy"),
    _one(F + "cross_entropy"),
    _one(F + "cross_entropy", "cross-entropy", label_smoothing=0.3),
    _one(F + "cross_entropy", "cross-entropy", reduction="none"),
    _one(F + "nll_loss", "nll"),
    _one(F + "nll_loss"),
    _one(F + "mse_loss", "mse"),
    _one(F + "l1_loss", "mae"),
    _one(F + "huber_loss", "huber"),
    _one(F + "smooth_l1_loss", "smooth-l1"),
    _one(F + "binary_cross_entropy_with_logits", "bce-with-logits"),
    _one(F + "binary_cross_entropy", "bce"),
    _one(F + "kl_div", "kl"),
    _one(F + "multi_margin_loss", "multi-margin"),
    _one(F + "soft_margin_loss"),
    _one("timm_LabelSmoothingCrossEntropy", "label-smoothing"),
    _one("timm_LabelSmoothingCrossEntropy", "label-smoothing", smoothing=0.2),
    _one("timm_LabelSmoothingCrossEntropy"),
    _one("timm_SoftTargetCrossEntropy", "cross-entropy"),
    _one("timm_SoftTargetCrossEntropy"),
    _one("timm_BinaryCrossEntropy", "bce-with-logits", smoothing=0.0),
    _one("timm_BinaryCrossEntropy"),
    _one("timm_AsymmetricLossMultiLabel"),
    _one("timm_AsymmetricLossSingleLabel"),
    _one("pytorch_optimizer:FocalLoss"),
    _one("pytorch_optimizer:BCEFocalLoss"),
    _one("pytorch_optimizer:BCELoss"),
    _one("pytorch_optimizer:BCELoss", "bce", eps=1e-7),
    _one("pytorch_optimizer:FocalCosineLoss"),
    _one("pytorch_optimizer:SoftF1Loss"),
    _one("pytorch_optimizer:DiceLoss", mode="multiclass"),
    _one("pytorch_optimizer:BiTemperedLogisticLoss", t1=0.8, t2=1.2),
    _one("pytorch_optimizer:LDAMLoss", num_class_list=[10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
    _one("optax_integer", "cross-entropy"),
    _one("optax_integer_rows", "cross-entropy"),
    _one("optax_one_hot", "cross-entropy"),
    _one("optax_sigmoid", "bce-with-logits"),
    _one("optax_squared", "mse"),
    _one("optax_l2", "mse"),
    _one("optax_huber", "huber"),
    _one("optax_log_cosh", "log-cosh"),
    _one("optax_focal", "sigmoid-focal"),
    _one("optax_hinge", "hinge"),
    _one("optax_multiclass_hinge", "multi-margin"),
    _one("optax_kl", "kl"),
    _one("optax_smoothed", "label-smoothing"),
    _one("sklearn_log_loss", "cross-entropy", declares={"input": "probabilities"}),
    _one("from_scratch", "cross-entropy"),
    _one("one_hot_probabilities", "cross-entropy"),
    _one("cs231n", "cross-entropy"),
    _one("cs231n"),
    _one("Layered", "cross-entropy"),
    _one("log_sum_exp", "cross-entropy"),
    _one("float_only", "cross-entropy"),
    _one("batch_of_dict", "cross-entropy"),
    _one("poly_one"),
    _one("alpha_by_class", "focal"),
    _one("alpha_by_class", "focal", gamma=1.0, alpha=WEIGHTS),
    _one("multi_task_distance", "mse"),
    _one(F + "cross_entropy", "torch.nn.CrossEntropyLoss"),
    _one("log_sum_exp", "torch.nn.CrossEntropyLoss"),
    _one("timm_SoftTargetCrossEntropy", "torch.nn.CrossEntropyLoss"),
)
